import { CoreApp, DataFrame, DataQueryResponse, DataSourceInstanceSettings, FieldType } from '@grafana/data';
import { config, DataSourceWithBackend, setTemplateSrv, TemplateSrv } from '@grafana/runtime';
import { lastValueFrom, of } from 'rxjs';

import { ForewarnDataSource } from './datasource';
import { promql, sql } from './interpolate';
import { ForewarnOptions, ForewarnQuery, Threshold } from './types';

const settings = {
  id: 1,
  uid: 'fw',
  type: 'forewarn-earlywarning-datasource',
  name: 'Forewarn',
  jsonData: { defaults: { horizon: '48h' } },
};
const ds = new ForewarnDataSource(settings as unknown as DataSourceInstanceSettings<ForewarnOptions>);

const HOSTS = { value: ['a.b', 'c'], variable: { multi: true } };

/** Replaces $hosts, and $__interval when it is told its value, as Grafana's service does. */
const replace = jest.fn((text = '', vars = {}, format?: unknown) =>
  text
    .replace(
      '$hosts',
      typeof format === 'function' ? format(HOSTS.value, HOSTS.variable) : `{${HOSTS.value.join(',')}}`
    )
    .replace('$__interval', vars.__interval?.value ?? '$__interval')
    .replace('$win', '7d')
);

beforeAll(() => setTemplateSrv({ replace } as unknown as TemplateSrv));

describe('default query', () => {
  it('is an empty forecast in panels', () => {
    expect(ds.getDefaultQuery(CoreApp.PanelEditor)).toEqual({
      queryType: 'forecast',
      source: { kind: 'prometheus', expr: '' },
    });
  });
  it('has exactly one output in rules', () =>
    expect(ds.getDefaultQuery(CoreApp.UnifiedAlerting)).toMatchObject({ queryType: 'anomaly', output: 'score' }));
  it('is not sent', () => expect(ds.filterQuery({ refId: 'A', ...ds.getDefaultQuery(CoreApp.Explore) })).toBe(false));
});

describe('an answer', () => {
  const time = { name: 'time', type: FieldType.time, config: {}, values: [1] };
  const answered = async (...data: Array<Partial<DataFrame> | { datapoints: number[][] }>) => {
    const asked = jest
      .spyOn(DataSourceWithBackend.prototype, 'query')
      .mockReturnValue(of({ data } as DataQueryResponse));
    const { data: shown } = await lastValueFrom(ds.query({ targets: [] } as never));
    asked.mockRestore();
    return shown;
  };

  it('is handed on', async () => {
    const frame = { length: 1, fields: [time] };
    expect(await answered(frame)).toEqual([frame]);
    const old = { target: 'up', datapoints: [[1, 2]] };
    expect(await answered(old)).toEqual([old]);
  });

  it('of nothing is no frame at all, for which panels have a text of their own', async () =>
    expect(await answered({ length: 0, fields: [] })).toEqual([]));

  it('of nothing but notices keeps those', async () => {
    const frame = { length: 0, fields: [], meta: { notices: [{ severity: 'warning' as const, text: 'no series' }] } };
    expect(await answered(frame)).toEqual([frame]);
  });
});

describe('variables', () => {
  const query: ForewarnQuery = {
    refId: 'A',
    trainingWindow: '$win',
    interval: '5m',
    threshold: { value: 1, direction: 'above' },
    source: { kind: 'prometheus', expr: 'rate(x{host=~"$hosts"}[$__interval])', legendFormat: '{{host}}' },
  };

  it('are filled in as each language quotes them', () => {
    expect(ds.applyTemplateVariables(query, {}).source?.expr).toBe(
      `rate(x{host=~"${promql(HOSTS.value, HOSTS.variable)}"}[$__interval])`
    );
    const mysql = ds.applyTemplateVariables(
      { refId: 'A', source: { kind: 'mysql', rawSql: 'SELECT 1 WHERE h IN ($hosts)' } },
      {}
    );
    expect(mysql.source?.rawSql).toBe(`SELECT 1 WHERE h IN (${sql(HOSTS.value, HOSTS.variable)})`);
  });

  it('leave the step to Forewarn, whatever the panel’s is', () => {
    const filled = ds.applyTemplateVariables(query, { __interval: { value: '15s', text: '15s' } });
    expect(filled.source?.expr).toContain('[$__interval]');
  });

  it('are filled in windows, in every signal, and nowhere else', () => {
    expect(ds.applyTemplateVariables(query, {})).toMatchObject({
      trainingWindow: '7d',
      interval: '5m',
      threshold: query.threshold,
    });
    const composite: ForewarnQuery = {
      refId: 'A',
      queryType: 'composite',
      join: ['host'],
      sources: [
        { name: 'cpu', kind: 'prometheus', expr: 'cpu{h=~"$hosts"}' },
        { name: 'errors', kind: 'logs', table: 't', time: 'ts', message: 'm', keywords: ['$win'] },
      ],
    };
    const filled = ds.applyTemplateVariables(composite, {});
    expect(filled.sources?.map((s) => s.name)).toEqual(['cpu', 'errors']);
    expect(filled.sources?.[0].expr).not.toContain('$hosts');
    expect(filled.sources?.[1].keywords).toEqual(['7d']);
    expect(composite.sources?.[0].expr).toContain('$hosts');
  });

  it('go along when queries leave the dashboard', () => {
    const [left] = ds.interpolateVariablesInQueries([query], {});
    expect(left.datasource).toEqual({ type: 'forewarn-earlywarning-datasource', uid: 'fw' });
    expect(left.trainingWindow).toBe('7d');
  });
});

/** A query with something in every field that people write text into. */
const FULL: ForewarnQuery = {
  refId: 'A',
  queryType: 'composite',
  source: {
    kind: 'logs',
    expr: 'up{h=~"$hosts"}',
    rawSql: 'SELECT $hosts',
    legendFormat: '$win',
    interval: '$win',
    table: 't_$win',
    time: 'ts_$win',
    message: 'm_$win',
    level: 'l_$win',
    entity: 'e_$win',
    keywords: ['$win', 'k'],
    levels: ['$win'],
  },
  sources: [{ name: 'cpu', kind: 'prometheus', expr: 'cpu{h=~"$hosts"}' }],
  volume: { kind: 'mysql', rawSql: 'SELECT $hosts' },
  join: ['$win', 'instance'],
  signal: '$win',
  model: { name: 'm-$win', options: { window: '$win', cycles: 2, damped: true } },
  trainingWindow: '$win',
  interval: '$win',
  horizon: '$win',
  lead: '$win',
  threshold: {
    value: 9,
    direction: 'above',
    query: { kind: 'prometheus', expr: '$hosts' },
    capacity: { kind: 'prometheus', expr: '$hosts' },
  },
  guards: { for: '$win', cooldown: '$win', floor: 3 },
};

/** The places of all texts below an object that still hold a variable. */
const unfilled = (v: unknown, at = ''): string[] =>
  typeof v === 'string'
    ? /\$(hosts|win)/.test(v)
      ? [at]
      : []
    : v && typeof v === 'object'
      ? Object.entries(v).flatMap(([name, one]) => unfilled(one, `${at}.${name}`))
      : [];

describe('a variable', () => {
  it('is filled in wherever text can be written, in a copy', () => {
    expect(unfilled(FULL).length).toBeGreaterThan(20);
    const before = JSON.stringify(FULL);
    const filled = ds.applyTemplateVariables(FULL, {});
    expect(unfilled(filled)).toEqual([]);
    expect(JSON.stringify(FULL)).toBe(before);
    expect(filled).toMatchObject({
      guards: { for: '7d', cooldown: '7d', floor: 3 },
      model: { name: 'm-7d', options: { window: '7d', cycles: 2, damped: true } },
      join: ['7d', 'instance'],
      signal: '7d',
      lead: '7d',
    });
  });

  it('never adds a field', () => {
    const names = (v: unknown): unknown =>
      v && typeof v === 'object'
        ? Object.entries(v)
            .map(([name, one]) => [name, names(one)])
            .sort()
        : 0;
    expect(names(ds.applyTemplateVariables(FULL, {}))).toEqual(names(FULL));
  });

  it.each([
    ['__interval', '15s'],
    ['__interval_ms', '15000'],
    ['__rate_interval', '1m'],
    ['__rate_interval_ms', '60000'],
    ['__range', '1h'],
    ['__range_s', '3600'],
    ['__range_ms', '3600000'],
  ])('of the panel’s step or range is left to the back end: %s', (name, value) => {
    replace.mockClear();
    ds.applyTemplateVariables(FULL, { [name]: { value, text: value }, own: { value: 1, text: '1' } });
    expect(replace).toHaveBeenCalled();
    for (const [, vars] of replace.mock.calls) {
      expect(vars).toEqual({ own: { value: 1, text: '1' } });
    }
  });
});

describe('the line of a folded row', () => {
  const source = { kind: 'prometheus' as const, expr: 'up' };
  const sources = [
    { name: 'a', ...source },
    { name: 'b', kind: 'logs' as const, table: 'app_logs', keywords: ['timeout'] },
  ];
  const warn = (threshold: Threshold) => ({ queryType: 'warning' as const, source, threshold });
  it.each<[Partial<ForewarnQuery>, string]>([
    [{ source }, 'Forecast: up'],
    [{ queryType: 'series', source: { kind: 'mysql', rawSql: 'SELECT\n  1\nFROM t ' } }, 'As it is: SELECT 1 FROM t'],
    [{ queryType: 'composite', sources }, 'Several signals: up + app_logs timeout'],
    [{ queryType: 'anomaly', source, threshold: { value: 9, direction: 'above' } }, 'Anomaly: up'],
    [warn({ value: 90, direction: 'above' }), 'Early warning: up > 90'],
    [warn({ direction: 'below', query: { kind: 'prometheus', expr: 'least' } }), 'Early warning: up < least'],
    [
      warn({ value: 90, direction: 'above', capacity: { kind: 'prometheus', expr: 'size' } }),
      'Early warning: up > 90 % × size',
    ],
    [{ queryType: 'warning', model: { name: 'disk', version: 3 } }, 'Early warning: disk v3'],
    [{ queryType: 'anomaly', model: { name: 'cpu' } }, 'Anomaly: cpu'],
    [{}, 'Forecast: '],
  ])('%j is %s', (query, line) => expect(ds.getQueryDisplayText({ refId: 'A', ...query })).toBe(line));
});

describe('variables of what stands beside the series', () => {
  const limit = { kind: 'prometheus' as const, expr: 'size{host=~"$hosts"}[$__interval]' };
  const filled = 'size{host=~"(a\\\\.b|c)"}[$__interval]';

  it.each<[string, Partial<ForewarnQuery>, (q: ForewarnQuery) => unknown, unknown]>([
    ['a limit', { threshold: { direction: 'above', query: limit } }, (q) => q.threshold?.query?.expr, filled],
    [
      'a capacity',
      { threshold: { value: 90, direction: 'above', capacity: limit } },
      (q) => q.threshold?.capacity?.expr,
      filled,
    ],
    ['a volume', { volume: limit }, (q) => q.volume?.expr, filled],
    ['another signal', { agreement: limit }, (q) => q.agreement?.expr, filled],
    [
      'deployments',
      { deployments: { ...limit, quiet: '$win' } },
      (q) => q.deployments,
      { ...limit, expr: filled, quiet: '7d' },
    ],
    ['how long ago', { guards: { agreement: '$win' } }, (q) => q.guards, { agreement: '7d' }],
    ['a trained model', { model: { name: 'disk-$win' } }, (q) => q.model, { name: 'disk-7d' }],
    ['an algorithm, which has none', { model: { algorithm: 'ets' } }, (q) => q.model, { algorithm: 'ets' }],
  ])('are filled in of %s', (_, query, part, want) =>
    expect(part(ds.applyTemplateVariables({ refId: 'A', ...query }, {}))).toEqual(want)
  );

  it('leave what the query does not have away', () =>
    expect(ds.applyTemplateVariables({ refId: 'A' }, {})).toEqual({ refId: 'A' }));
});

describe('the language of sentences', () => {
  const language = (user: string | undefined, query: object) => {
    config.bootData = { ...config.bootData, user: { language: user } } as never;
    return ds.applyTemplateVariables({ refId: 'A', ...query } as ForewarnQuery, {}).language;
  };
  afterAll(() => {
    config.bootData = undefined as never;
  });

  it.each([
    ['the reader’s', 'zh-Hans', {}, 'zh-Hans'],
    ['what the back end takes anyway', 'en-US', {}, undefined],
    ['what the query says', 'zh-Hans', { language: 'en-US' }, 'en-US'],
    ['the reader’s for the trail, too', 'zh-Hans', { queryType: 'trail', report: 'rules' }, 'zh-Hans'],
    ['English where nobody is known', undefined, {}, undefined],
  ])('is %s', (_, user, query, want) => expect(language(user, query)).toBe(want));
});

it('reads the trained models from its back end', async () => {
  const models = [{ definition: { name: 'disk', query: {} }, live: 1 }];
  const get = jest.spyOn(ds, 'getResource').mockResolvedValue({ models });
  await expect(ds.trained()).resolves.toBe(models);
  expect(get).toHaveBeenCalledWith('models');
});

it('knows its own defaults, and reads the algorithms from its back end', async () => {
  expect(ds.defaults.horizon).toBe('48h');
  const answer = { forecast: [], anomaly: [], outlier: [] };
  const get = jest.spyOn(ds, 'getResource').mockResolvedValue(answer);
  await expect(ds.algorithms()).resolves.toBe(answer);
  expect(get).toHaveBeenCalledWith('algorithms');
});
