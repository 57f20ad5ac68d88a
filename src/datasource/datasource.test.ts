import { CoreApp, DataSourceInstanceSettings } from '@grafana/data';
import { setTemplateSrv, TemplateSrv } from '@grafana/runtime';

import { ForewarnDataSource } from './datasource';
import { promql, sql } from './interpolate';
import { ForewarnOptions, ForewarnQuery } from './types';

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

it('names a query by what it asks and reads', () => {
  expect(ds.getQueryDisplayText({ refId: 'A', source: { kind: 'prometheus', expr: 'up' } })).toBe('forecast: up');
  const sources = [
    { name: 'a', kind: 'prometheus' as const, expr: 'up' },
    { name: 'b', kind: 'logs' as const, table: 'app_logs' },
  ];
  expect(ds.getQueryDisplayText({ refId: 'A', queryType: 'composite', sources })).toBe('composite: up + app_logs');
});

it('knows its own defaults, and reads the algorithms from its back end', async () => {
  expect(ds.defaults.horizon).toBe('48h');
  const answer = { forecast: [], anomaly: [], outlier: [] };
  const get = jest.spyOn(ds, 'getResource').mockResolvedValue(answer);
  await expect(ds.algorithms()).resolves.toBe(answer);
  expect(get).toHaveBeenCalledWith('algorithms');
});
