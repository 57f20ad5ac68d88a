import { screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';

describe('the guards', () => {
  it('of the guards ask for k of n and for quiet afterwards', async () => {
    const { query, user } = editQuery({ source: up, queryType: 'anomaly' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.type(screen.getByLabelText('At least'), '3');
    expect(screen.getByRole('alert')).toHaveTextContent('No more than the points looked at');
    await user.type(screen.getByLabelText('of the newest'), '5');
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('Quiet afterwards'), '2h');
    expect(query().guards).toEqual({ k: 3, n: 5, cooldown: '2h' });
  });
});

describe('the guard of a volume', () => {
  it('asks for what the values rest on, and takes it away with the guard', async () => {
    const { query, user } = editQuery({ source: up, queryType: 'anomaly' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.queryByText('Volume from')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('Least volume'), '9');
    expect(query()).toMatchObject({ guards: { minVolume: 9 }, volume: { kind: 'prometheus' } });
    await user.click(screen.getByRole('button', { name: 'Requests per second' }));
    expect(query().volume?.expr).toContain('http_requests_total');
    await user.clear(screen.getByLabelText('Least volume'));
    expect(query().volume).toBeUndefined();
    expect(screen.queryByText('Volume from')).not.toBeInTheDocument();
  });
});
