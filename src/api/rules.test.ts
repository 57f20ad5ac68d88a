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

  it('are given with the paused ones where they are asked for, and say that they are', async () => {
    grafana([rawRule(), rawRule({ uid: 'asleep', isPaused: true })]);
    expect((await fetchRules({ paused: true })).map((r) => [r.uid, r.paused])).toEqual([
      ['disk', undefined],
      ['asleep', true],
    ]);
  });

  it.each([
    ['file', true],
    ['api', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('made by %p cannot be stopped here: %p', async (provenance, provisioned) => {
    grafana([rawRule({ provenance })]);
    expect((await fetchRules())[0].provisioned).toBe(provisioned);
  });

  it('of several folders and groups are in one list, in their order', async () => {
    const groups = [
      { file: 'Disks', rules: [rawRule({ uid: '1' }), rawRule({ uid: '2' })] },
      { file: 'Empty', rules: [] },
      { file: 'Disks', rules: [rawRule({ uid: '3' })] },
      { file: 'Hosts', rules: [rawRule({ uid: '4' })] },
    ];
    fakeGrafana({ [RULES]: { data: { groups } } });
    expect((await fetchRules()).map((r) => `${r.uid} ${r.folder}`)).toEqual([
      '1 Disks',
      '2 Disks',
      '3 Disks',
      '4 Hosts',
    ]);
  });

  it('of every Forewarn data source are there, each with its own', async () => {
    const of = (uid: string) => ({
      uid,
      query: JSON.stringify([{ datasourceUid: uid, model: anomaly }]),
      queriedDatasourceUIDs: [uid],
    });
    const answer = { data: { groups: [{ file: 'F', rules: ['fw', 'b', 'gone'].map((uid) => rawRule(of(uid))) }] } };
    fakeGrafana({ [RULES]: answer }, undefined, [
      { uid: 'fw', name: 'Forewarn' },
      { uid: 'b', name: 'Second' },
    ]);
    expect((await fetchRules()).map((r) => r.datasourceUid)).toEqual(['fw', 'b']);
  });

  it.each([
    ['no text at all', undefined],
    ['an empty text', ''],
    ['half of it', '[{"refId":'],
    ['null', 'null'],
    ['a number', '7'],
    ['other queries only', JSON.stringify([threshold])],
  ])('whose queries are %s are none, without asking further where Grafana names no sources', async (_, query) => {
    const { requests } = grafana([rawRule({ query, queriedDatasourceUIDs: undefined })]);
    expect(await fetchRules()).toEqual([]);
    expect(requests).toEqual([RULES]);
  });

  it('of other sources are not asked for one by one', async () => {
    const { requests } = grafana(
      [1, 2, 3].map((n) => rawRule({ uid: `p${n}`, query: 'up', queriedDatasourceUIDs: ['prom'] }))
    );
    expect(await fetchRules()).toEqual([]);
    expect(requests).toEqual([RULES]);
  });

  it.each([
    ['nothing', {}],
    ['no query', { grafana_alert: {} }],
    ['another source’s query', { grafana_alert: { data: [{ datasourceUid: 'prom', model: anomaly }] } }],
    ['a refusal', new Error('no right')],
  ])('are none where the ruler gives %s of them', async (_, answer) => {
    const mixed = rawRule({ query: 'up | vector(1)', queriedDatasourceUIDs: ['prom', 'fw'] });
    grafana([mixed, rawRule({ uid: 'plain' })], { '/api/ruler/grafana/api/v1/rule/disk': answer });
    expect((await fetchRules()).map((r) => r.uid)).toEqual(['plain']);
  });

  it.each([
    ['why', { lastError: 'source timed out: mysql at db:3306: EOF' }, 'MySQL at db:3306 gave no answer in time'],
    ['its name where nobody says why', { lastError: '' }, 'Disk'],
    ['its name where there is no word at all', {}, 'Disk'],
  ])('that cannot be evaluated say %s', async (_, change, error) => {
    grafana([rawRule({ health: 'error', ...change })]);
    expect((await fetchRules())[0].error).toBe(error);
  });

  it.each([
    [{ Error: 'bad' }, 'last', 'bad'],
    [{}, 'last', 'last'],
    [undefined, undefined, 'Disk'],
  ])('that keep their state over an error say why: %j, %p', async (annotations, lastError, error) => {
    const alerts = [
      { state: 'Normal', activeAt: null, labels: {} },
      { state: 'Alerting (Error, KeepLast)', activeAt: null, labels: {}, annotations },
    ];
    grafana([rawRule({ alerts, lastError })]);
    expect((await fetchRules())[0].error).toBe(error);
  });

  it('are not broken by a label that has the word in it', async () => {
    grafana([rawRule({ alerts: [{ state: 'Normal (NoData)', activeAt: null, labels: { error: '(error' } }] })]);
    expect((await fetchRules())[0].error).toBeUndefined();
  });

  it.each([
    ['0', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['', undefined],
    [undefined, undefined],
    ['12', { dashboardUid: 'd', id: 12 }],
  ])('lead to no panel of the number %p', async (__panelId__, panel) => {
    grafana([rawRule({ annotations: { __dashboardUid__: 'd', __panelId__ } })]);
    expect((await fetchRules())[0].panel).toEqual(panel);
  });

  it('lead to the panel that their first instance names where they name none', async () => {
    const annotations = { __dashboardUid__: 'd', __panelId__: '3' };
    grafana([
      rawRule({ annotations: undefined, alerts: [{ state: 'Normal', activeAt: null, labels: {}, annotations }] }),
    ]);
    expect((await fetchRules())[0].panel).toEqual({ dashboardUid: 'd', id: 3 });
  });

  it('have instances with the rule’s name where no text is there yet, and with no time where none is known', async () => {
    const bare = { state: 'Alerting', activeAt: null, labels: { host: 'a' } };
    const template = { ...bare, annotations: { summary: '{{ $labels.host }} is full', description: 'soon' } };
    config.bootData = { user: {} } as unknown as typeof config.bootData;
    grafana([rawRule({ alerts: [bare, template] })]);
    expect((await fetchRules())[0].instances).toEqual([
      { labels: { host: 'a' }, summary: 'Disk', description: undefined, state: 'firing', since: '' },
      { labels: { host: 'a' }, summary: 'Disk', description: 'soon', state: 'firing', since: '' },
    ]);
  });

  it.each([
    ['firing', 'firing'],
    ['ALERTING', 'firing'],
    ['recovering', 'firing'],
    ['Pending (NoData)', 'pending'],
    ['inactive', undefined],
    ['Error', undefined],
    ['NoData', undefined],
  ])('have an instance that is %p as %p', async (state, is) => {
    grafana([rawRule({ alerts: [{ state, activeAt: null, labels: {} }] })]);
    expect((await fetchRules())[0].instances.map((i) => i.state)).toEqual(is ? [is] : []);
  });
});
