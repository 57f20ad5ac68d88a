import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { SeriesResult } from '../api/contract';
import { Results } from './Results';

const result = (change: Partial<SeriesResult>): SeriesResult => ({
  name: 'db-1',
  labels: { instance: 'db-1' },
  algorithm: 'auto',
  reason: 'The query asks for this detector.',
  mase: null,
  twinMase: null,
  skill: 0.25,
  coverage: 0.95,
  seasons: [],
  points: 4032,
  gaps: 0,
  notices: [],
  ...change,
});

describe('what training found for a series', () => {
  it('comes with why, and with what the detector says of it, a line each and as readers are told', async () => {
    const notices = [
      'only 2 days of history are known: the band is wider than it will be, and one point alone has to lie further out',
      'a new one',
    ];
    render(<Results results={[result({ notices })]} />);
    await userEvent.hover(screen.getByText('Auto'));
    const tooltip = await screen.findByRole('tooltip');
    expect(tooltip).toHaveTextContent('The query asks for this detector.');
    expect(tooltip).toHaveTextContent('Days of history known: 2. The band is wider than it will be');
    expect(screen.getByText('a new one')).toBeInTheDocument();
  });

  it('says that there was too little of it', async () => {
    const reason = 'too few points: the series has 2 known values, a forecast needs at least 3';
    render(<Results results={[result({ algorithm: '', reason })]} />);
    await userEvent.hover(screen.getByText('too short'));
    expect(await screen.findByRole('tooltip')).toHaveTextContent(
      'Too few points: 2 known values, a forecast needs at least 3'
    );
  });
});

it('is put in order by how much closer each is, the worse below the better and the unknown below all', async () => {
  const user = userEvent.setup();
  const skills = { good: 0.3, bad: -0.8, worse: -3, unknown: null };
  render(
    <Results
      results={Object.entries(skills).map(([name, skill]) => result({ name, labels: { instance: name }, skill }))}
    />
  );
  await user.click(within(screen.getByRole('columnheader', { name: 'Closer than last week' })).getByRole('button'));
  const names = screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('cell')[0].textContent);
  expect(names).toEqual(['unknown', 'worse', 'bad', 'good']);
});

it('calls algorithms by their names, and one it does not know by its own', () => {
  render(
    <Results results={[result({ algorithm: 'seasonal-residual' }), result({ name: 'b', algorithm: 'own-one' })]} />
  );
  expect(screen.getByText('Seasonal residual')).toBeInTheDocument();
  expect(screen.getByText('own-one')).toBeInTheDocument();
});
