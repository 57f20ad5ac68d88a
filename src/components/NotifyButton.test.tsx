import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Silence } from '../rules/silences';
import { signInChinese } from '../testing/chinese';
import { rule } from '../testing/data';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { NotifyButton } from './NotifyButton';

const SILENCES = '/api/alertmanager/grafana/api/v2/silences';
const LABELS = { alertname: 'Disk', grafana_folder: 'F', __private__: 'x', instance: 'db-2' };
const silence = (change: Partial<Silence> = {}): Silence => ({
  id: 's 1',
  matchers: [{ name: '__alert_rule_uid__', value: 'disk', isEqual: true, isRegex: false }],
  startsAt: '2026-11-20T08:00:00Z',
  endsAt: '2026-11-20T18:30:00Z',
  createdBy: 'ben',
  comment: 'works on the racks',
  status: { state: 'active' },
  ...change,
});

function setup(silences: Silence[] = [], labels?: Record<string, string>, answers: Answers = {}) {
  const grafana = fakeGrafana({ [`POST ${SILENCES}`]: { silenceID: 'n' }, ...answers });
  const onChange = jest.fn();
  render(<NotifyButton rule={rule()} silences={silences} labels={labels} withName onChange={onChange} />);
  return { ...grafana, onChange, user: userEvent.setup() };
}
const button = (name: string) => screen.queryByRole('button', { name });

beforeEach(() => signIn('Editor'));

describe('an Editor', () => {
  it.each([
    ['for an hour', 1],
    ['for four hours', 4],
    ['for a day', 24],
    ['for a week', 168],
  ])('turns notifications off %s, never for good', async (name, hours) => {
    const { user, sent, onChange } = setup();
    await user.click(button('Notify off')!);
    await user.click(await screen.findByRole('menuitem', { name }));
    await waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    const { startsAt, endsAt, ...rest } = sent[0].data as Silence;
    expect(Date.parse(endsAt) - Date.parse(startsAt)).toBe(hours * 3_600_000);
    expect(rest).toEqual({
      matchers: [{ name: '__alert_rule_uid__', value: 'disk', isEqual: true, isRegex: false }],
      createdBy: 'anna',
      comment: 'Turned off in Forewarn: Disk filling up',
    });
  });

  it('turns off one instance alone, by the labels that are its own', async () => {
    const { user, sent } = setup([], LABELS);
    await user.click(button('Notify off')!);
    await user.click(await screen.findByRole('menuitem', { name: 'for an hour' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    expect((sent[0].data as Silence).matchers.map((m) => [m.name, m.value])).toEqual([
      ['__alert_rule_uid__', 'disk'],
      ['instance', 'db-2'],
    ]);
  });

  it('sees until when they are off, and turns them on again', async () => {
    const address = '/api/alertmanager/grafana/api/v2/silence/s%201';
    const { user, sent, onChange } = setup([silence()], undefined, { [`DELETE ${address}`]: '' });
    expect(screen.getByText('off until 2026-11-20 18:30')).toBeInTheDocument();
    expect(button('Notify off')).not.toBeInTheDocument();
    await user.click(button('Notify again')!);
    await waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    expect(sent.map((s) => [s.method, s.url])).toEqual([['DELETE', address]]);
  });

  it('is told why it could not be done, and can try again', async () => {
    const { user } = setup([], undefined, { [`POST ${SILENCES}`]: refusal(403, 'no right to silence') });
    await user.click(button('Notify off')!);
    await user.click(await screen.findByRole('menuitem', { name: 'for a day' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('no right to silence');
    expect(button('Notify off')).toBeEnabled();
  });

  it('opens the choice with the keyboard', async () => {
    const { user } = setup();
    button('Notify off')!.focus();
    await user.keyboard('{Enter}');
    expect(await screen.findAllByRole('menuitem')).toHaveLength(4);
  });
});

describe('what is held', () => {
  it.each<[string, Silence[], Record<string, string> | undefined, boolean]>([
    ['by a silence of the whole rule', [silence()], LABELS, true],
    ['not by one that is over', [silence({ status: { state: 'expired' } })], undefined, false],
    ['not by one that is yet to begin', [silence({ status: { state: 'pending' } })], undefined, false],
    [
      'not by one of another rule',
      [silence({ matchers: [{ name: '__alert_rule_uid__', value: 'cpu', isRegex: false }] })],
      undefined,
      false,
    ],
    [
      'by one of its labels, which may be a pattern',
      [silence({ matchers: [{ name: 'instance', value: 'db-.*', isRegex: true }] })],
      LABELS,
      true,
    ],
    [
      'not as a whole by one of an instance',
      [silence({ matchers: [{ name: 'instance', value: 'db-2', isRegex: false }] })],
      undefined,
      false,
    ],
  ])('is so %s', (_, silences, labels, held) => {
    setup(silences, labels);
    expect(screen.queryAllByText(/^off until/)).toHaveLength(held ? 1 : 0);
  });

  it('is off until the last of several ends', () => {
    setup([silence(), silence({ id: 'b', endsAt: '2026-11-22T06:00:00Z' })]);
    expect(screen.getByText('off until 2026-11-22 06:00')).toBeInTheDocument();
  });
});

describe('a Viewer', () => {
  it('reads whether it notifies, and changes nothing', () => {
    signIn('Viewer');
    setup();
    expect(screen.getByText('notifies')).toBeInTheDocument();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('reads until when it is off', () => {
    signIn('Viewer');
    setup([silence()]);
    expect(screen.getByText('off until 2026-11-20 18:30')).toBeInTheDocument();
    expect(button('Notify again')).not.toBeInTheDocument();
  });
});

it('speaks Chinese', async () => {
  await signInChinese('Editor');
  const { user } = setup();
  await user.click(button('关闭通知')!);
  expect((await screen.findAllByRole('menuitem')).map((item) => item.textContent)).toEqual([
    '一小时',
    '四小时',
    '一天',
    '一周',
  ]);
});
