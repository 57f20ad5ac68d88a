import { CoreApp, dateTime, PanelData, TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { ForewarnDataSource } from '../datasource';
import { Algorithms, CalendarDays, ForewarnQuery, TrainedModel } from '../types';
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
  algorithms: () => Promise<Algorithms> = async () => ALGORITHMS,
  given: { trained?: TrainedModel[]; error?: string; range?: TimeRange } = {}
) {
  const run = jest.fn();
  let current: ForewarnQuery = {
    refId: 'A',
    queryType: 'forecast',
    source: { kind: 'prometheus', expr: '' },
    ...query,
  };
  const trained = given.trained ? async () => given.trained : () => Promise.reject(new Error('no right'));
  const datasource = { algorithms, trained, defaults: {}, uid: 'fw' } as unknown as ForewarnDataSource;
  const data = given.error && ({ errors: [{ refId: 'A', message: given.error }] } as PanelData);
  function Host() {
    const [q, setQ] = useState(current);
    const change = (next: ForewarnQuery) => {
      current = next;
      setQ(next);
    };
    return (
      <QueryEditor
        query={q}
        onChange={change}
        onRunQuery={run}
        datasource={datasource}
        app={app}
        data={data || undefined}
        range={given.range}
      />
    );
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

  it('of the calendar run at once and leave its lists alone', async () => {
    const days: CalendarDays[] = [{ date: '2026-12-24', kind: 'holiday' }];
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

  it('of the calendar’s lists are unfolded, and run when they can be used', async () => {
    const { query, run, user } = setup({ source: up });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.click(screen.getByRole('button', { name: 'Own days, maintenance and events (0)' }));
    await user.click(screen.getByRole('button', { name: 'Each week' }));
    expect(query().calendar).toEqual({ maintenance: [{ days: ['sun'], start: '02:00', duration: '2h' }] });
    expect(run).toHaveBeenCalledTimes(1);
    await user.clear(screen.getByLabelText('Start'));
    expect(screen.getByRole('alert')).toHaveTextContent('Start: “” is no time of day such as 02:30');
    expect(run).toHaveBeenCalledTimes(1);
    await user.type(screen.getByLabelText('Start'), '23:30');
    expect(run).toHaveBeenCalledTimes(2);
    await user.click(screen.getByRole('button', { name: 'Remove Sun 23:30' }));
    expect(query().calendar).toBeUndefined();
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
    await user.type(await screen.findByLabelText('Newest cycles'), '9');
    expect(screen.getByRole('alert')).toHaveTextContent('At most 5');
    expect(run).not.toHaveBeenCalled();
    await user.clear(screen.getByLabelText('Newest cycles'));
    expect(query().model).toEqual({ algorithm: 'ets', options: {} });
    await user.type(screen.getByLabelText('Window'), '6h');
    await user.click(screen.getByLabelText('damped'));
    expect(query().model).toEqual({ algorithm: 'ets', options: { window: '6h', damped: true } });
    expect(run).toHaveBeenCalled();
    expect(screen.getByLabelText('Trend')).toHaveValue('auto');
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

describe('the limit of a warning', () => {
  const warn = { source: up, queryType: 'warning' as const, threshold: { value: 80, direction: 'below' as const } };

  it('is a number, another query, or a share of a capacity', async () => {
    const { query, user, run } = setup(warn);
    expect(screen.getByLabelText('a number')).toBeChecked();
    expect(screen.queryAllByLabelText('PromQL expression')).toHaveLength(1);

    await user.click(screen.getByLabelText('another query'));
    expect(query().threshold).toEqual({ direction: 'below', query: { kind: 'prometheus' } });
    expect(screen.queryByLabelText('Limit')).not.toBeInTheDocument();
    await user.type(screen.getAllByLabelText('PromQL expression')[1], 'max_size');
    expect(query().threshold).toEqual({ direction: 'below', query: { kind: 'prometheus', expr: 'max_size' } });

    await user.click(screen.getByLabelText('a share of a capacity'));
    expect(query().threshold).toEqual({
      value: 90,
      direction: 'below',
      capacity: { kind: 'prometheus', expr: 'max_size' },
    });
    await user.clear(screen.getByLabelText('Share'));
    expect(screen.getByRole('alert')).toHaveTextContent('A number is needed');
    fireEvent.change(screen.getByLabelText('Share'), { target: { value: '0' } });
    expect(screen.getByRole('alert')).toHaveTextContent('A share above 0 %');
    fireEvent.change(screen.getByLabelText('Share'), { target: { value: '85' } });
    expect(query().threshold).toEqual({
      value: 85,
      direction: 'below',
      capacity: { kind: 'prometheus', expr: 'max_size' },
    });

    run.mockClear();
    await user.click(screen.getByLabelText('a number'));
    expect(query().threshold).toEqual({ value: 85, direction: 'below' });
    expect(run).toHaveBeenCalled();
  });

  it('comes from the same side as the series, which can be changed', async () => {
    const { query, user } = setup({ ...warn, source: { kind: 'mysql', rawSql: 'SELECT 1' } });
    await user.click(screen.getByLabelText('a share of a capacity'));
    expect(query().threshold?.capacity).toEqual({ kind: 'mysql' });
    const from = screen.getByRole('radiogroup', { name: 'Capacity from' });
    expect(within(from).queryByLabelText('Log table')).not.toBeInTheDocument();
    await user.click(within(from).getByLabelText('Prometheus'));
    await user.click(screen.getByRole('button', { name: 'Size of each disk' }));
    expect(query().threshold?.capacity?.expr).toContain('node_filesystem_size_bytes');
  });

  it('of an anomaly is a number alone', async () => {
    setup({ source: up, queryType: 'anomaly', model: { algorithm: 'threshold' } });
    await loaded();
    expect(screen.queryByLabelText('another query')).not.toBeInTheDocument();
  });

  it('can be asked for as if it were another', async () => {
    const { query, user } = setup({ ...warn, threshold: { value: 90, direction: 'above', capacity: up } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.type(screen.getByLabelText('If the capacity were'), '2000');
    expect(query().whatIf).toEqual({ capacity: 2000 });
    expect(screen.queryByText('from')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('If it grew faster by'), '20');
    expect(query().whatIf).toEqual({ capacity: 2000, growth: 20 });
    expect(screen.getByText('from')).toBeInTheDocument();
    await user.clear(screen.getByLabelText('If the capacity were'));
    await user.clear(screen.getByLabelText('If it grew faster by'));
    expect(query().whatIf).toBeUndefined();
  });

  it('grows faster only with the model that can tell', async () => {
    const { user } = setup({ ...warn, model: { algorithm: 'ets' }, whatIf: { growth: 10 } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Only the model Auto can tell');
  });
});

describe('the guard of a volume', () => {
  it('asks for what the values rest on, and takes it away with the guard', async () => {
    const { query, user } = setup({ source: up, queryType: 'anomaly' });
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

describe('what the back end refuses', () => {
  it.each([
    ['horizon', {}, 'Horizon'],
    ['trainingWindow', {}, 'Training window'],
    ['source.expr', {}, 'PromQL expression'],
    ['threshold.value', { queryType: 'warning', threshold: { value: 1, direction: 'above' } }, 'Limit'],
    ['threshold', { queryType: 'warning', threshold: { value: 1, direction: 'above' } }, 'Limit'],
    ['interval', {}, 'Interval'],
    ['guards.k', { queryType: 'anomaly' }, 'At least'],
    ['bounds', {}, 'Metric’s minimum'],
    ['whatIf.capacity', { queryType: 'warning', threshold: { value: 1, direction: 'above' } }, 'If the limit were'],
    ['volume.expr', { queryType: 'anomaly', guards: { minVolume: 2 }, volume: up }, 'PromQL expression'],
  ] as Array<[string, Partial<ForewarnQuery>, string]>)(
    'of the field %s is said there',
    async (field, query, label) => {
      const said = 'is 1m, needed is at least one interval of 5m';
      setup({ source: up, ...query }, CoreApp.Explore, undefined, { error: `invalid query: field "${field}" ${said}` });
      await loaded();
      const inputs = screen.getAllByLabelText(label);
      const input = inputs[field.startsWith('volume') ? 1 : 0];
      expect(screen.getAllByRole('alert')[0]).toHaveTextContent(said);
      expect(input).toBeVisible();
    }
  );

  it('of a field that is folded away unfolds it', async () => {
    setup({ source: up }, CoreApp.Explore, undefined, {
      error: 'invalid query: field "confidence" is 2, needed is less',
    });
    await loaded();
    expect(screen.getByRole('button', { name: 'Advanced' })).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByRole('alert')).toHaveTextContent('is 2, needed is less');
  });

  it.each([
    ['', {}, 'source rejected the query: parse error', 0],
    [
      'of a limit',
      { queryType: 'warning', threshold: { direction: 'above', query: up } },
      'threshold.query: source rejected the query: parse error',
      1,
    ],
    [
      'of a volume',
      { queryType: 'anomaly', guards: { minVolume: 2 }, volume: up },
      'volume: source rejected the query: parse error',
      1,
    ],
    [
      'of a signal',
      {
        source: undefined,
        queryType: 'composite',
        join: ['i'],
        sources: [
          { ...up, name: 'a' },
          { ...up, name: 'b' },
        ],
      },
      'source b: source rejected the query: parse error',
      1,
    ],
  ] as Array<[string, Partial<ForewarnQuery>, string, number]>)(
    'by the source %s is said at its text',
    async (_, query, error, at) => {
      setup({ source: up, ...query }, CoreApp.Explore, undefined, { error });
      const texts = await screen.findAllByLabelText('PromQL expression');
      expect(texts.map((x) => x.getAttribute('aria-invalid'))).toEqual(texts.map((_t, i) => String(i === at)));
      expect(screen.getByRole('alert')).toHaveTextContent('parse error');
    }
  );

  it('without naming a field is left to Grafana', async () => {
    setup({ source: up }, CoreApp.Explore, undefined, { error: 'connection refused' });
    await loaded();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});

describe('a trained model', () => {
  const disk: TrainedModel = {
    definition: {
      name: 'disk',
      query: {
        queryType: 'warning',
        source: { kind: 'prometheus', expr: 'used' },
        threshold: { value: 90, direction: 'above' },
      },
    },
    live: 3,
  };
  const draft: TrainedModel = { definition: { name: 'draft', query: { queryType: 'warning' } }, live: 0 };
  const trained = [disk, draft];
  const choose = async (user: ReturnType<typeof userEvent.setup>, name: string) => {
    await user.click(screen.getByLabelText('Model'));
    await user.keyboard(`${name}{ArrowDown}{Enter}{Escape}`);
  };

  it('can answer in place of an algorithm, and knows source, limit and window itself', async () => {
    const { query, user, run } = setup(
      { source: up, queryType: 'warning', threshold: { value: 1, direction: 'above' }, trainingWindow: '7d' },
      CoreApp.PanelEditor,
      undefined,
      { trained }
    );
    await loaded();
    await choose(user, 'disk');
    expect(query()).toEqual({ refId: 'A', queryType: 'warning', model: { name: 'disk' } });
    expect(run).toHaveBeenCalled();
    for (const gone of ['PromQL expression', 'Limit', 'Training window', 'Interval']) {
      expect(screen.queryByLabelText(gone)).not.toBeInTheDocument();
    }
    expect(screen.getByText('It reads Early warning: used > 90')).toBeInTheDocument();
    await user.type(screen.getByLabelText('Version'), '2');
    expect(query().model).toEqual({ name: 'disk', version: 2 });
    await user.clear(screen.getByLabelText('Version'));
    expect(query().model).toEqual({ name: 'disk' });
  });

  it('gives its source and limit to an algorithm that is chosen instead', async () => {
    const { query, user } = setup(
      { source: undefined, queryType: 'warning', model: { name: 'disk' } },
      CoreApp.Explore,
      undefined,
      {
        trained,
      }
    );
    await loaded();
    await choose(user, 'Auto');
    expect(query()).toEqual({ refId: 'A', ...disk.definition.query, model: { algorithm: 'auto' } });
    expect(screen.getByLabelText('PromQL expression')).toHaveValue('used');
  });

  it('that cannot be looked up is named all the same', async () => {
    setup({ source: undefined, queryType: 'anomaly', model: { name: 'gone' } });
    await loaded();
    expect(screen.getByLabelText('Model')).toHaveValue('gone');
    expect(screen.queryByText(/^It reads/)).not.toBeInTheDocument();
  });
});

describe('a range that ends now', () => {
  const range = (to: string) =>
    ({
      from: dateTime(),
      to: to === 'now' ? dateTime() : dateTime().add(1, 'day'),
      raw: { from: 'now-1d', to },
    }) as TimeRange;
  const partial = jest.spyOn(locationService, 'partial').mockImplementation(() => undefined);

  it.each([
    ['24h', {}],
    ['72h', { queryType: 'warning' as const, threshold: { value: 1, direction: 'above' as const } }],
    ['6h', { horizon: '6h' }],
  ])('can be led %s ahead', async (horizon, query) => {
    const { user } = setup({ source: up, ...query }, CoreApp.PanelEditor, undefined, { range: range('now') });
    await user.click(screen.getByRole('button', { name: `Show the next ${horizon}` }));
    expect(partial).toHaveBeenLastCalledWith({ to: `now+${horizon}` });
  });

  it.each([
    ['shows the future already', { source: up }, range('now+24h')],
    ['is of a query without a future', { source: up, queryType: 'anomaly' as const }, range('now')],
    ['is of a query that is not finished', {}, range('now')],
  ])('is left alone where it %s', async (_, query, given) => {
    setup(query, CoreApp.PanelEditor, undefined, { range: given });
    await loaded();
    expect(screen.queryByRole('button', { name: /^Show the next/ })).not.toBeInTheDocument();
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
    const { user } = setup({ source: up, queryType, output, threshold: { value: 1, direction: 'above' } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.queryAllByLabelText('Colours and dashes')).toHaveLength(there ? 1 : 0);
  });
});

describe('an output that needs to know more', () => {
  it('asks which signal a part is of', async () => {
    const { query, user } = setup({
      source: undefined,
      queryType: 'composite',
      join: ['i'],
      sources: [
        { ...up, name: 'cpu' },
        { ...up, name: 'logs' },
      ],
      output: 'share',
      signal: 'cpu',
    });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.click(screen.getByLabelText('Part of'));
    await user.keyboard('logs{ArrowDown}{Enter}');
    expect(query()).toMatchObject({ output: 'share', signal: 'logs' });
  });

  it('asks how long before something was said', async () => {
    const { query, user } = setup({ source: up, output: 'hindcast', horizon: '12h' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByLabelText('Said before')).toHaveAttribute('placeholder', '12h');
    await user.type(screen.getByLabelText('Said before'), '6h');
    expect(query().lead).toBe('6h');
  });
});
