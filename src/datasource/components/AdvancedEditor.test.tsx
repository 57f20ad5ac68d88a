import { fireEvent, screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';

describe('what is seldom touched', () => {
  it('that are seldom touched are folded away', async () => {
    const { query, user } = editQuery({ source: up, queryType: 'anomaly' });
    expect(screen.queryByLabelText('Interval')).not.toBeInTheDocument();
    const fold = screen.getByRole('button', { name: 'Advanced' });
    expect(fold).toHaveAttribute('aria-expanded', 'false');
    await user.click(fold);
    expect(fold).toHaveAttribute('aria-expanded', 'true');
    await user.type(screen.getByLabelText('Interval'), '10m');
    await user.type(screen.getByLabelText('Confidence'), '2');
    expect(screen.getByRole('alert')).toHaveTextContent('At most 0.99');
    await user.type(screen.getByLabelText('Least deviation'), '5');
    await user.type(screen.getByLabelText('Only from'), '10');
    await user.type(screen.getByLabelText('Lasting'), '15m');
    expect(query()).toMatchObject({
      interval: '10m',
      confidence: 2,
      guards: { minDeviation: 5, floor: 10, for: '15m' },
    });
  });

  it('of the metric’s limits have to be in order', async () => {
    const { user } = editQuery({ source: up, bounds: { min: 100, max: 0 } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Has to be above the minimum');
    fireEvent.change(screen.getByLabelText('Metric’s maximum'), { target: { value: '200' } });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});

describe('the switch for colours', () => {
  it.each([
    ['forecast', 'all', true],
    ['outlier', undefined, true],
    ['forecast', 'expected', false],
    ['warning', 'table', false],
    ['composite', undefined, false],
    ['series', undefined, true],
  ] as const)('is there only where there is something to colour: %s, %s', async (queryType, output, there) => {
    const { user } = editQuery({ source: up, queryType, output, threshold: { value: 1, direction: 'above' } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.queryAllByLabelText('Colours and dashes')).toHaveLength(there ? 1 : 0);
  });
});
