import { render, screen } from '@testing-library/react';
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
    await userEvent.hover(screen.getByText('auto'));
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
