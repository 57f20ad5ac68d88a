import { config } from '@grafana/runtime';

import { fakeGrafana } from '../testing/grafana';
import { fetchRules, forewarnNode } from './rules';

const RULES = '/api/prometheus/grafana/api/v1/rules';
const warning = { queryType: 'warning', source: { kind: 'prometheus', expr: 'disk' } };
const anomaly = { queryType: 'anomaly', source: { kind: 'prometheus', expr: 'cpu' } };
const threshold = { refId: 'C', datasourceUid: '__expr__', model: { type: 'threshold' } };

const rawRule = (change: object = {}) => ({
  uid: 'disk',
  name: 'Disk',
  health: 'ok',
  query: JSON.stringify([{ refId: 'A', datasourceUid: 'fw', model: warning }, threshold]),
  queriedDatasourceUIDs: ['fw'],
  alerts: [],
  ...change,
});

const grafana = (rules: object[], more: Record<string, unknown> = {}) =>
  fakeGrafana({ [RULES]: { data: { groups: [{ file: 'Folder', rules }] } }, ...more });

describe('the Forewarn node of a rule', () => {
  const uids = new Set(['fw']);
  it('is found by its data source', () => {
    expect(forewarnNode([threshold, { datasourceUid: 'fw', model: anomaly }], uids)).toEqual({
      query: anomaly,
      uid: 'fw',
    });
    expect(forewarnNode([{ model: { ...anomaly, datasource: { uid: 'fw' } } }], uids)?.uid).toBe('fw');
  });
  it('is the early warning where there are several', () => {
    const nodes = [anomaly, warning].map((model) => ({ datasourceUid: 'fw', model }));
    expect(forewarnNode(nodes, uids)?.query).toEqual(warning);
  });
  it.each([undefined, null, {}, 'text', [], [threshold], [null], [{ datasourceUid: 'other', model: anomaly }]])(
    'is not in %p',
    (nodes) => expect(forewarnNode(nodes, uids)).toBeUndefined()
  );
});

describe('rules', () => {
  it('are those that ask a Forewarn data source', async () => {
    grafana([
      rawRule(),
      rawRule({ uid: 'x', queriedDatasourceUIDs: ['other'], query: 'up > 1' }),
      rawRule({ uid: 'old', queriedDatasourceUIDs: undefined, query: 'up' }),
    ]);
    const rules = await fetchRules();
    expect(rules).toHaveLength(1);
    expect(rules[0]).toMatchObject({
      uid: 'disk',
      name: 'Disk',
      folder: 'Folder',
      datasourceUid: 'fw',
      query: warning,
      instances: [],
    });
  });

  it('are left out while paused', async () => {
    grafana([rawRule({ isPaused: true })]);
    expect(await fetchRules()).toEqual([]);
  });

  it('that mix in a Prometheus query are read from the ruler, if that is allowed', async () => {
    const mixed = rawRule({ query: 'up | vector(1)', queriedDatasourceUIDs: ['prom', 'fw'] });
    const ruler = {
      '/api/ruler/grafana/api/v1/rule/disk': { grafana_alert: { data: [{ datasourceUid: 'fw', model: warning }] } },
    };
    const { requests } = grafana([mixed], ruler);
    expect((await fetchRules())[0].query).toEqual(warning);
    expect(requests).toContain('/api/ruler/grafana/api/v1/rule/disk');
    grafana([mixed]);
    expect(await fetchRules()).toEqual([]);
  });

  it('keep firing and pending instances, and no others', async () => {
    const alert = (state: string) => ({
      state,
      activeAt: '2026-03-01T11:00:00Z',
      labels: { instance: state },
      annotations: { summary: `is ${state}` },
    });
    grafana([
      rawRule({
        alerts: ['Alerting', 'Pending', 'Normal', 'Recovering', 'Normal (NoData)', 'Alerting (Error)'].map(alert),
      }),
    ]);
    const [{ instances }] = await fetchRules();
    expect(instances.map((i) => [i.labels.instance, i.state])).toEqual([
      ['Alerting', 'firing'],
      ['Pending', 'pending'],
      ['Recovering', 'firing'],
      ['Alerting (Error)', 'firing'],
    ]);
    expect(instances[0].summary).toBe('is Alerting');
  });

  it('are broken when they cannot be evaluated, also where the last state is kept', async () => {
    const kept = {
      state: 'Normal (Error, KeepLast)',
      activeAt: null,
      labels: {},
      annotations: { Error: 'mysql is down' },
    };
    grafana([
      rawRule(),
      rawRule({ health: 'error', lastError: 'bad query' }),
      rawRule({ alerts: [kept] }),
      rawRule({ health: 'nodata' }),
    ]);
    expect((await fetchRules()).map((r) => r.error)).toEqual([undefined, 'bad query', 'mysql is down', undefined]);
  });

  it('name the panel of their annotations', async () => {
    grafana([
      rawRule({ annotations: { __dashboardUid__: 'd', __panelId__: '4' } }),
      rawRule({ annotations: { __dashboardUid__: 'd', __panelId__: 'x' } }),
      rawRule(),
    ]);
    expect((await fetchRules()).map((r) => r.panel)).toEqual([{ dashboardUid: 'd', id: 4 }, undefined, undefined]);
  });

  it('speak the reader’s language where they can, and never in templates', async () => {
    const texts = { summary: 'full in 6 h', summary_zh: '6 小时后写满', description: 'for {{ $labels.host }}' };
    grafana([rawRule({ alerts: [{ state: 'Alerting', activeAt: null, labels: {}, annotations: texts }] })]);
    const summary = async () => (await fetchRules())[0].instances[0];
    expect(await summary()).toMatchObject({ summary: 'full in 6 h', description: undefined });
    config.bootData = { user: { language: 'zh-Hans' } } as unknown as typeof config.bootData;
    expect((await summary()).summary).toBe('6 小时后写满');
    config.bootData = { user: { language: 'fr-FR' } } as unknown as typeof config.bootData;
    expect((await summary()).summary).toBe('full in 6 h');
  });

  it('that cannot be read at all are an error, not an empty list', async () => {
    fakeGrafana({ [RULES]: new Error('alerting is off') });
    await expect(fetchRules()).rejects.toMatchObject({ data: { message: 'alerting is off' } });
  });
});
