import { renderHook, waitFor } from '@testing-library/react';

import { fakeGrafana } from '../testing/grafana';
import { RANGE, warningTable, wide } from '../testing/data';
import { resource, sample } from '../testing/samples';
import { load, Overview, useOverview } from './useOverview';

const RULES = '/api/prometheus/grafana/api/v1/rules';
const alert = {
  state: 'Alerting',
  activeAt: '2026-03-01T11:00:00Z',
  labels: { instance: 'db-2' },
  annotations: { summary: 'full in 6 h' },
};
const raw = (uid: string, queryType: string, alerts: object[] = []) => ({
  uid,
  name: uid,
  health: 'ok',
  queriedDatasourceUIDs: ['fw'],
  query: JSON.stringify([
    { datasourceUid: 'fw', model: { refId: 'A', queryType, source: { kind: 'prometheus', expr: uid } } },
  ]),
  alerts,
});
const rules = {
  data: {
    groups: [{ file: 'F', rules: [raw('disk', 'warning', [alert]), raw('cpu', 'anomaly'), raw('memory', 'forecast')] }],
  },
};
const history = {
  schema: { fields: [{ name: 'prev' }, { name: 'next' }] },
  data: { values: [['Normal'], ['Alerting']] },
};

async function everything(...args: Parameters<typeof fakeGrafana>) {
  const seen = fakeGrafana(...args);
  const parts: Array<Partial<Overview>> = [];
  await load(RANGE, (part) => parts.push(part));
  return { ...seen, parts, whole: Object.assign({}, ...parts) as Overview };
}

describe('loading', () => {
  it('asks nothing where there is no data source', async () => {
    const { requests, queries, whole } = await everything({}, () => [], []);
    expect(whole.hasDataSource).toBe(false);
    expect([requests, queries]).toEqual([[], []]);
  });

  it('tells the rules before it asks their queries, and each answer as it comes', async () => {
    const { parts, whole, queries } = await everything({ [RULES]: rules, '/api/v1/rules/history': history }, (q) =>
      q.output === 'table'
        ? [warningTable([{ series: 'db-2', eta: 9, eta_early: 6 }])]
        : [wide({ 'db-2': [3] }, q.output)]
    );
    const first = parts.find((p) => 'rules' in p);
    expect(first?.rules).toHaveLength(3);
    expect(first).not.toHaveProperty('warnings');
    expect(whole.warnings?.map((w) => w.series)).toEqual(['db-2']);
    expect(whole.fired).toBe(3);
    expect(Object.keys(whole.charts)).toEqual(['disk']);
    expect(whole.strip?.series).toHaveLength(1);
    expect(whole.failures).toEqual([]);
    // the table of the warning, the chart of what fires, the scores of the anomaly; nothing for the quiet forecast
    expect(queries.map((q) => [q.source?.expr, q.output]).sort()).toEqual([
      ['cpu', 'score'],
      ['disk', 'all'],
      ['disk', 'table'],
    ]);
  });

  it('stops at the rules when they cannot be read', async () => {
    const { whole, queries } = await everything({ [RULES]: new Error('alerting is off') });
    expect(whole.rulesError).toBe('alerting is off');
    expect(whole.rules).toBeUndefined();
    expect(queries).toEqual([]);
  });

  it('asks each data source once for models, warnings and store, and for models only where a rule names one', async () => {
    const named = raw('named', 'warning');
    named.query = JSON.stringify([
      { datasourceUid: 'second', model: { refId: 'A', queryType: 'warning', model: { name: 'disk-root' } } },
    ]);
    named.queriedDatasourceUIDs = ['second'];
    const second = (path: string) => `/api/datasources/uid/second/resources/${path}`;
    const { requests, whole } = await everything(
      {
        [RULES]: { data: { groups: [{ file: 'F', rules: [raw('cpu', 'anomaly'), named] }] } },
        '/api/v1/rules/history': history,
        [resource('overview')]: sample.overview(),
        [second('overview')]: new Error('bad gateway'),
        [second('models')]: sample.models(),
      },
      () => [wide({ a: [0] })],
      [
        { uid: 'fw', name: 'Forewarn' },
        { uid: 'second', name: 'Second' },
      ]
    );
    expect(requests.filter((url) => url.includes('/resources/')).sort()).toEqual([
      resource('overview'),
      second('models'),
      second('overview'),
    ]);
    expect(whole.sources).toEqual([
      { uid: 'fw', name: 'Forewarn', overview: sample.overview() },
      { uid: 'second', name: 'Second', error: 'bad gateway' },
    ]);
    expect(whole.rules?.find((r) => r.uid === 'named')?.trained).toEqual(sample.model().definition.query);
  });

  it('tells of models and open warnings also where the rules cannot be read', async () => {
    const { whole } = await everything({
      [RULES]: new Error('alerting is off'),
      [resource('overview')]: sample.overview(),
    });
    expect(whole.rulesError).toBe('alerting is off');
    expect(whole.sources?.[0].overview?.open).toBe(1);
  });

  it('names a failing rule once, and goes on with the rest', async () => {
    const { whole } = await everything({ [RULES]: rules, '/api/v1/rules/history': history }, (q) =>
      q.source?.expr === 'disk' ? new Error('prometheus is down') : [wide({ a: [0] })]
    );
    expect(whole.failures).toEqual([{ rule: expect.objectContaining({ uid: 'disk' }), message: 'prometheus is down' }]);
    expect(whole.warnings).toEqual([]);
    expect(whole.fired).toBe(3);
  });

  it('says that the history is unknown, not that nothing happened', async () => {
    const { whole } = await everything({ [RULES]: rules }, () => [wide({ a: [0] })]);
    expect(whole.fired).toBeNull();
    expect(whole.historyError).toContain('/api/v1/rules/history');
  });
});

describe('the hook', () => {
  it('keeps the old answer until the new one is there', async () => {
    fakeGrafana({ [RULES]: rules, '/api/v1/rules/history': history }, () => [wide({ a: [0] })]);
    const { result, rerender } = renderHook(({ range }) => useOverview(range), { initialProps: { range: RANGE } });
    expect(result.current.overview).toBeUndefined();
    await waitFor(() => expect(result.current.overview?.fired).toBe(3));
    fakeGrafana({ [RULES]: new Error('down for a moment') });
    rerender({ range: { ...RANGE } });
    expect(result.current.overview?.fired).toBe(3);
    await waitFor(() => expect(result.current.overview?.rulesError).toBe('down for a moment'));
    expect(result.current.overview?.rules).toHaveLength(3);
    fakeGrafana({ [RULES]: rules, '/api/v1/rules/history': history }, () => [wide({ a: [0] })]);
    rerender({ range: { ...RANGE } });
    await waitFor(() => expect(result.current.overview?.rulesError).toBeUndefined());
  });
});
