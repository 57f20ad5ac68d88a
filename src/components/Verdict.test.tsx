import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Client } from '../api/client';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { Verdict } from './Verdict';

const ABOUT = { model: 'cpu', series: { instance: 'db-2' }, from: '2026-11-20T09:00:00Z', to: '2026-11-20T10:00:00Z' };
const REMOVE = `DELETE ${resource(`labels/${sample.label().id}`)}`;

const setup = (answers: Answers = {}, label?: ReturnType<typeof sample.label>) => {
  const { sent } = fakeGrafana({ [`POST ${resource('labels')}`]: sample.label(), ...answers });
  const onChange = jest.fn();
  render(<Verdict client={new Client('fw')} about={ABOUT} label={label} onChange={onChange} />);
  return { sent, onChange, user: userEvent.setup() };
};
const buttons = () => screen.queryAllByRole('button').map((b) => b.textContent);

beforeEach(() => signIn('Editor'));

it.each([
  ['Incident', 'incident'],
  ['Not an anomaly', 'not-an-anomaly'],
])('“%s” sends what is judged, with the keyboard alone', async (name, kind) => {
  const { sent, onChange, user } = setup();
  screen.getByRole('button', { name }).focus();
  await user.keyboard('{Enter}');
  expect(sent.map((s) => [s.method, s.data])).toEqual([['POST', { ...ABOUT, kind, note: '' }]]);
  expect(onChange).toHaveBeenCalledWith(sample.label());
  expect(buttons()).toEqual(['Undo']);
});

it('takes a verdict back, and asks again', async () => {
  const { sent, onChange, user } = setup({ [REMOVE]: '' }, sample.label());
  await user.click(screen.getByRole('button', { name: 'Undo' }));
  expect(sent.map((s) => s.method)).toEqual(['DELETE']);
  expect(onChange).toHaveBeenCalledWith(undefined);
  expect(buttons()).toEqual(['Incident', 'Not an anomaly']);
});

it.each([
  ['given', undefined, `POST ${resource('labels')}`, 'Incident'],
  ['taken back', sample.label(), REMOVE, 'Undo'],
])('says why a verdict could not be %s, and leaves it as it was', async (_, label, address, name) => {
  const { onChange, user } = setup({ [address]: refusal(503, 'the store does not answer') }, label);
  const before = buttons();
  await user.click(screen.getByRole('button', { name }));
  expect(await screen.findByRole('alert')).toHaveTextContent('the store does not answer');
  expect(onChange).not.toHaveBeenCalled();
  expect(buttons()).toEqual(before);
});

it('shows a Viewer what was said, and offers nothing', () => {
  signIn('Viewer');
  setup({}, { ...sample.label(), kind: 'not-an-anomaly' });
  expect(screen.getByText('not an anomaly')).toBeInTheDocument();
  expect(buttons()).toEqual([]);
});

it('asks a Viewer for no verdict', () => {
  signIn('Viewer');
  setup();
  expect(buttons()).toEqual([]);
});
