import { CoreApp } from '@grafana/data';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { ForewarnDataSource } from '../datasource';
import { Algorithms, ForewarnQuery } from '../types';
import { QueryEditor } from './QueryEditor';

const ALGORITHMS: Algorithms = {
  forecast: [
    {
      id: 'ets',
      title: 'Exponential smoothing',
      summary: 'Level, trend and season.',
      reference: 'Hyndman 2008',
      minPoints: 10,
      params: [
        { name: 'cycles', kind: 'integer', default: 2, min: 0, max: 5, help: 'How many.' },
        { name: 'window', kind: 'duration', default: '1d', help: 'How long.' },
        { name: 'trend', kind: 'choice', default: 'auto', choices: ['auto', 'none'], help: 'Which.' },
        { name: 'damped', kind: 'boolean', default: false, help: 'Whether.' },
      ],
    },
  ],
  anomaly: [
    { id: 'threshold', title: 'Fixed threshold', summary: 'A limit.', reference: '', minPoints: 1, params: null },
  ],
  outlier: [{ id: 'kmeans', title: 'K-means', summary: 'Groups.', reference: '', minPoints: 1, params: [] }],
};

const up = { kind: 'prometheus' as const, expr: 'up' };

/** Renders the editor as Grafana does: what it writes comes back as its next query. */
function setup(
  query: Partial<ForewarnQuery> = {},
  app = CoreApp.Explore,
  algorithms: () => Promise<Algorithms> = async () => ALGORITHMS
) {
  const run = jest.fn();
  let current: ForewarnQuery = {
    refId: 'A',
    queryType: 'forecast',
    source: { kind: 'prometheus', expr: '' },
    ...query,
  };
  const datasource = { algorithms, defaults: {} } as unknown as ForewarnDataSource;
  function Host() {
    const [q, setQ] = useState(current);
    const change = (next: ForewarnQuery) => {
      current = next;
      setQ(next);
    };
    return <QueryEditor query={q} onChange={change} onRunQuery={run} datasource={datasource} app={app} />;
  }
  render(<Host />);
  return { run, query: () => current, user: userEvent.setup() };
}

const loaded = () => waitFor(() => expect(screen.getByLabelText('Model')).toBeInTheDocument());

describe('a first query', () => {
  it('needs the expression alone, and runs when the field is left', async () => {
    const { run, query, user } = setup();
    await user.type(screen.getByLabelText('PromQL expression'), 'up');
    expect(run).not.toHaveBeenCalled();
    await user.tab();
    expect(run).toHaveBeenCalledTimes(1);
    expect(query()).toEqual({ refId: 'A', queryType: 'forecast', source: up });
  });

  it('runs on Shift+Enter without a new line', async () => {
    const { run, query, user } = setup({ source: up });
    await user.type(screen.getByLabelText('PromQL expression'), '{Shift>}{Enter}{/Shift}');
    expect(run).toHaveBeenCalled();
    expect(query().source?.expr).toBe('up');
  });

  it.each([
    ['Prometheus', 'CPU of each host', 'expr'],
    ['MySQL', 'Orders by region', 'rawSql'],
    ['Log table', 'Error lines of each container', 'table'],
  ] as const)('can start from an example of %s, which runs at once', async (kind, title, field) => {
    const { run, query, user } = setup();
    await user.click(screen.getByLabelText(kind));
    run.mockClear();
    await user.click(screen.getByRole('button', { name: title }));
    expect(query().source?.[field]).toBeTruthy();
    expect(run).toHaveBeenCalledTimes(1);
    expect(screen.queryByText('Start from an example:')).not.toBeInTheDocument();
  });
});

describe('what for', () => {
  it('shows the limit for early warnings, and says when it is missing', async () => {
    const { query, user } = setup({ source: up });
    await user.click(screen.getByLabelText('Early warning'));
    expect(query().threshold).toEqual({ value: 90, direction: 'above' });
    await user.clear(screen.getByLabelText('Limit'));
    expect(query().threshold).toBeUndefined();
    expect(screen.getByRole('alert')).toHaveTextContent('A number is needed');
    await user.type(screen.getByLabelText('Limit'), '75');
    expect(query().threshold).toEqual({ value: 75, direction: 'above' });
  });

  it('asks for a horizon only where there is a future', async () => {
    const { user } = setup({ source: up });
    expect(screen.getByLabelText('Horizon')).toHaveAttribute('placeholder', '24h');
    await user.click(screen.getByLabelText('Early warning'));
    expect(screen.getByLabelText('Horizon')).toHaveAttribute('placeholder', '72h');
    await user.click(screen.getByLabelText('Anomaly'));
    expect(screen.queryByLabelText('Horizon')).not.toBeInTheDocument();
    await user.click(screen.getByLabelText('As it is'));
    expect(screen.queryByLabelText('Training window')).not.toBeInTheDocument();
    expect(screen.queryByLabelText('Model')).not.toBeInTheDocument();
  });

  it('joins several signals, adds, names and removes them', async () => {
    const { query, user } = setup({ source: up });
    await user.click(screen.getByLabelText('Several signals'));
    expect(query().sources?.map((s) => s.name)).toEqual(['signal1', 'signal2']);
    await user.click(screen.getByRole('button', { name: 'Add a signal' }));
    expect(query().sources?.map((s) => s.name)).toEqual(['signal1', 'signal2', 'signal3']);
    await user.clear(screen.getAllByLabelText('Signal')[0]);
    await user.type(screen.getAllByLabelText('Signal')[0], 'cpu');
    expect(query().sources?.[0]).toEqual({ ...up, name: 'cpu' });
    await user.click(screen.getAllByRole('button', { name: 'Remove this signal' })[1]);
    expect(query().sources?.map((s) => s.name)).toEqual(['cpu', 'signal3']);
    await user.clear(screen.getByLabelText('Join on labels'));
    await user.type(screen.getByLabelText('Join on labels'), 'host, container');
    expect(query().join).toEqual(['host', 'container']);
  });
});

describe('fields', () => {
  it('say beside themselves what is wrong', async () => {
    const { query, user } = setup({ source: up });
    await user.type(screen.getByLabelText('Training window'), '2 weeks');
    expect(screen.getByRole('alert')).toHaveTextContent('Write a duration such as 5m, 24h or 14d');
    await user.clear(screen.getByLabelText('Training window'));
    expect(query()).toEqual({ refId: 'A', queryType: 'forecast', source: up, trainingWindow: undefined });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('keep the comma while a list is typed', async () => {
    const { query, user } = setup({ source: { kind: 'logs', table: 't', time: 'ts' } });
    await user.type(screen.getByLabelText('Keywords'), 'OutOfMemory, connection refused,');
    expect(screen.getByLabelText('Keywords')).toHaveValue('OutOfMemory, connection refused,');
    expect(query().source?.keywords).toEqual(['OutOfMemory', 'connection refused']);
  });

  it('that are seldom touched are folded away', async () => {
    const { query, user } = setup({ source: up, queryType: 'anomaly' });
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

  it('of a log table take keywords or patterns, not both', async () => {
    const { query, user } = setup({
      source: { kind: 'logs', table: 't', time: 'ts', message: 'm', keywords: ['timeout'] },
    });
    await user.type(screen.getByLabelText('Or patterns'), '8');
    expect(screen.getByRole('alert')).toHaveTextContent('Keywords or patterns, not both');
    await user.clear(screen.getByLabelText('Keywords'));
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(query().source).toMatchObject({ patterns: 8, keywords: [] });
    await user.type(screen.getByLabelText('Or patterns'), '8');
    expect(screen.getByRole('alert')).toHaveTextContent('At most 50');
  });

  it('of the guards ask for k of n and for quiet afterwards', async () => {
    const { query, user } = setup({ source: up, queryType: 'anomaly' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.type(screen.getByLabelText('At least'), '3');
    expect(screen.getByRole('alert')).toHaveTextContent('No more than the points looked at');
    await user.type(screen.getByLabelText('of the newest'), '5');
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('Quiet afterwards'), '2h');
    expect(query().guards).toEqual({ k: 3, n: 5, cooldown: '2h' });
  });

  it('of the calendar run at once and leave alone what has no form', async () => {
    const days = [{ date: '2026-12-24', kind: 'holiday' }];
    const { query, run, user } = setup({ source: up, calendar: { timezone: 'Asia/Shanghai', days } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.click(screen.getByLabelText('Holidays'));
    await user.keyboard('{ArrowDown}{Enter}');
    expect(run).toHaveBeenCalledTimes(1);
    expect(query().calendar).toEqual({ timezone: 'Asia/Shanghai', holidays: 'CN', days });
    await user.click(screen.getByLabelText('Holidays'));
    await user.keyboard('{ArrowUp}{Enter}');
    expect(query().calendar).toEqual({ timezone: 'Asia/Shanghai', days });
  });

  it('of the calendar are there only where days are learnt', async () => {
    const { user } = setup({ source: up, queryType: 'outlier' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.queryByLabelText('Holidays')).not.toBeInTheDocument();
  });

  it('of the metric’s limits have to be in order', async () => {
    const { user } = setup({ source: up, bounds: { min: 100, max: 0 } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Has to be above the minimum');
    fireEvent.change(screen.getByLabelText('Metric’s maximum'), { target: { value: '200' } });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});

describe('the model', () => {
  it('has the options that its algorithm declares, checked against it', async () => {
    const { query, user, run } = setup({ source: up, model: { algorithm: 'ets' } });
    await user.type(await screen.findByLabelText('cycles'), '9');
    expect(screen.getByRole('alert')).toHaveTextContent('At most 5');
    expect(run).not.toHaveBeenCalled();
    await user.clear(screen.getByLabelText('cycles'));
    expect(query().model).toEqual({ algorithm: 'ets', options: {} });
    await user.type(screen.getByLabelText('window'), '6h');
    await user.click(screen.getByLabelText('damped'));
    expect(query().model).toEqual({ algorithm: 'ets', options: { window: '6h', damped: true } });
    expect(run).toHaveBeenCalled();
    expect(screen.getByLabelText('trend')).toHaveValue('auto');
  });

  it('that no algorithm has is said so', async () => {
    setup({ source: up, model: { algorithm: 'crystal-ball' } });
    expect(await screen.findByRole('alert')).toHaveTextContent('No algorithm of this name');
    expect(screen.getByLabelText('Model')).toHaveValue('crystal-ball');
  });

  it('is still auto when the list cannot be read', async () => {
    setup({ source: up }, CoreApp.Explore, () => Promise.reject(new Error('down')));
    expect(await screen.findByRole('alert')).toHaveTextContent('auto still works');
    expect(screen.getByLabelText('Model')).toHaveValue('Auto');
  });

  it('with a fixed threshold asks for the limit', async () => {
    setup({ source: up, queryType: 'anomaly', model: { algorithm: 'threshold' } });
    await loaded();
    expect(screen.getByLabelText('Limit')).toBeInTheDocument();
  });
});

describe('in an alert rule', () => {
  it('has exactly one output, in sight', async () => {
    const { query } = setup(
      { source: up, queryType: 'warning', threshold: { value: 90, direction: 'above' } },
      CoreApp.UnifiedAlerting
    );
    await waitFor(() => expect(query().output).toBe('eta_early'));
    expect(screen.getByLabelText(/^Output/)).toHaveValue('eta_early');
  });

  it('follows what the query is for', async () => {
    const { query, user } = setup({ source: up, queryType: 'anomaly', output: 'score' }, CoreApp.UnifiedAlerting);
    await user.click(screen.getByLabelText('Outlier in a group'));
    expect(query().output).toBe('score');
    await user.click(screen.getByLabelText('Forecast'));
    expect(query().output).toBe('forecast');
  });

  it('is folded away elsewhere', async () => {
    const { query, user } = setup({ source: up });
    expect(screen.queryByLabelText('Output')).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByLabelText('Output')).toHaveValue('all');
    expect(query().output).toBeUndefined();
  });
});
