import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Client } from '../api/client';
import { Version } from '../api/contract';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { Versions } from './Versions';

const PATH = resource('models/disk-root/versions');
const version = (number: number, change: Partial<Version> = {}): Version => ({
  ...sample.versions().versions[0],
  number,
  changes: [],
  live: false,
  ...change,
});
const error = (skill: number | null) => ({ mase: 1, twinMase: 1, skill });

const setup = (versions: Version[], answers: Answers = {}) => {
  const onPromote = jest.fn();
  const grafana = fakeGrafana({ [PATH]: { versions }, ...answers });
  render(<Versions client={new Client('fw')} model={sample.model()} busy={false} onPromote={onPromote} />);
  return { ...grafana, onPromote, user: userEvent.setup() };
};
const items = () => screen.findAllByRole('listitem');

beforeEach(() => signIn('Editor'));

it('tell what each did to the figures against the one before', async () => {
  setup([
    version(3, { error: error(0.3), coverage: 0.95, live: true }),
    version(2, { error: error(0.25), coverage: 0.951 }),
    version(1, { error: error(0.25), coverage: null }),
  ]);
  const [third, second, first] = await items();
  expect(third).toHaveTextContent('30 % closer than “same as last week” (+5)');
  expect(third).toHaveTextContent('held 95 % of the time (-0.1)');
  expect(second).toHaveTextContent(/25 % closer than “same as last week” · the 95 % band held 95.1 % of the time/);
  expect(first).toHaveTextContent('the band was not measured');
});

it('tell what changed in the definition, whatever it was', async () => {
  setup([
    version(2, {
      changes: [
        { field: 'query.trainingWindow', before: '7d', after: '14d' },
        { field: 'holidays', before: null, after: 'CN' },
        { field: 'query.calendar', before: undefined, after: { events: [] } },
      ],
    }),
  ]);
  const changes = await screen.findByRole('list', { name: 'Changes' });
  expect(
    within(changes)
      .getAllByRole('listitem')
      .map((i) => i.textContent)
  ).toEqual(['query.trainingWindow: 7d → 14d', 'holidays: – → CN', 'query.calendar: – → {"events":[]}']);
});

it('can be made live where they are not', async () => {
  const { onPromote, user } = setup([version(2, { live: true }), version(1)]);
  const [second, first] = await items();
  expect(within(second).queryByRole('button')).not.toBeInTheDocument();
  await user.click(within(first).getByRole('button', { name: 'Make it live' }));
  expect(onPromote).toHaveBeenCalledWith(1);
});

it('are only read by a Viewer', async () => {
  signIn('Viewer');
  setup([version(2, { live: true }), version(1)]);
  expect(await items()).toHaveLength(2);
  expect(screen.queryByRole('button')).not.toBeInTheDocument();
});

it('are not there before the first training', async () => {
  setup([]);
  expect(await screen.findByText('Not trained yet.')).toBeInTheDocument();
});

it('that cannot be read are asked for again', async () => {
  let down = true;
  const { user } = setup([], {
    [PATH]: () => (down ? refusal(503, 'the store does not answer') : { versions: [version(1)] }),
  });
  expect(await screen.findByRole('alert')).toHaveTextContent('the store does not answer');
  down = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  expect(await screen.findByText('Version 1')).toBeInTheDocument();
});
