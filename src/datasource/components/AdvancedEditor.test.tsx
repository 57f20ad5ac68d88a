import { fireEvent, render, screen } from '@testing-library/react';
import React from 'react';

import { editQuery, up } from '../../testing/queryEditor';
import { ForewarnQuery } from '../types';
import { AdvancedEditor } from './AdvancedEditor';

describe('what is seldom touched', () => {
  it('that are seldom touched are folded away', async () => {
    const { query, user } = await editQuery({ source: up, queryType: 'anomaly' });
    expect(screen.queryByLabelText('Interval')).not.toBeInTheDocument();
    const fold = screen.getByRole('button', { name: 'Advanced' });
    expect(fold).toHaveAttribute('aria-expanded', 'false');
    await user.click(fold);
    expect(fold).toHaveAttribute('aria-expanded', 'true');
    await user.type(screen.getByLabelText('Interval'), '10m');
    await user.type(screen.getByLabelText('Least deviation'), '5');
    await user.type(screen.getByLabelText('Only from'), '10');
    await user.type(screen.getByLabelText('Lasting'), '15m');
    expect(query()).toMatchObject({
      interval: '10m',
      guards: { minDeviation: 5, floor: 10, for: '15m' },
    });
  });

  it('of the band is checked', async () => {
    const { query, user } = await editQuery({ source: up });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.type(screen.getByLabelText('Confidence'), '2');
    expect(screen.getByRole('alert')).toHaveTextContent('At most 0.99');
    expect(query()).toMatchObject({ confidence: 2 });
  });

  it('of the metric’s limits have to be in order', async () => {
    const { user } = await editQuery({ source: up, bounds: { min: 100, max: 0 } });
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
    const { user } = await editQuery({ source: up, queryType, output, threshold: { value: 1, direction: 'above' } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.queryAllByLabelText('Colours and dashes')).toHaveLength(there ? 1 : 0);
  });
});

describe('the folded fields', () => {
  const unfold = async (query: Partial<ForewarnQuery>, given = {}) => {
    const { user } = await editQuery({ source: up, ...query }, given);
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
  };

  it('show what the data source takes where the query says nothing', async () => {
    await unfold({}, { defaults: { interval: '1m', confidence: 0.8, trainingWindow: '28d', horizon: '12h' } });
    expect(screen.getByLabelText('Interval')).toHaveAttribute('placeholder', '1m');
    expect(screen.getByLabelText('Confidence')).toHaveAttribute('placeholder', '0.8');
    expect(screen.getByLabelText('Training window')).toHaveAttribute('placeholder', '28d');
    expect(screen.getByLabelText('Horizon')).toHaveAttribute('placeholder', '12h');
  });

  it.each([
    ['forecast', '5m'],
    ['warning', '10m'],
  ] as const)('show what the back end takes where the data source says nothing either: %s', async (queryType, step) => {
    await unfold({ queryType, threshold: { value: 1, direction: 'above' } });
    expect(screen.getByLabelText('Interval')).toHaveAttribute('placeholder', step);
  });

  const FIELDS = [
    'Interval',
    'Confidence',
    'Metric’s minimum',
    'Direction',
    'Lasting',
    'If the limit were',
    'Holidays',
    'Quiet after deployments',
  ];
  it.each([
    ['forecast', [1, 1, 1, 0, 0, 0, 1, 0]],
    ['anomaly', [1, 0, 1, 1, 1, 0, 1, 1]],
    ['warning', [1, 0, 1, 0, 0, 1, 1, 0]],
    ['outlier', [1, 0, 0, 0, 0, 0, 1, 0]],
    ['composite', [1, 0, 0, 0, 0, 0, 1, 1]],
    ['series', [1, 0, 0, 0, 0, 0, 0, 0]],
  ] as const)('are those that a query of its kind has: %s', async (queryType, there) => {
    await unfold({ queryType, threshold: { value: 1, direction: 'above' } });
    expect(FIELDS.map((name) => screen.queryAllByLabelText(name).length)).toEqual(there);
  });

  it('of a model have no panel to style, nothing to suppose, and a calendar of their own', () => {
    const props = { query: { refId: 'A', source: up }, forModel: true, onChange: jest.fn(), onRun: jest.fn() };
    const { rerender } = render(<AdvancedEditor {...props} type="warning" />);
    for (const gone of ['Colours and dashes', 'If the limit were', 'Holidays']) {
      expect(screen.queryByLabelText(gone)).not.toBeInTheDocument();
    }
    rerender(<AdvancedEditor {...props} type="anomaly" />);
    expect(screen.getByLabelText('Least deviation')).toBeInTheDocument();
  });
});
