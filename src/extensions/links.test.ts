import { PluginExtensionPanelContext, PluginExtensionPoints } from '@grafana/data';
import { locationService } from '@grafana/runtime';

import { ForewarnDataSource } from '../datasource/datasource';
import { unpacked } from '../datasource/prefill';
import { ForewarnQuery } from '../datasource/types';
import { isRunnable } from '../datasource/validate';
import pluginJson from '../plugin.json';
import { fakeGrafana, signIn } from '../testing/grafana';
import { readHandOver } from '../train/handOver';
import { alertUrl, convertTarget, convertTargets, dataSources, exploreUrl, filledIn } from './convert';
import { exploreLink, panelLink } from './links';

/** Queries of panels and of Explore as Grafana's own data sources write them, and what Forewarn is to read. */
const PROMETHEUS = {
  refId: 'B',
  datasource: { type: 'prometheus', uid: 'p' },
  expr: 'sum by (job) (rate(http_requests_total{code=~"5..", path!="/a&b"}[$__rate_interval]))',
  legendFormat: '{{job}} %',
  editorMode: 'code',
  range: true,
  instant: false,
};
const MYSQL = {
  refId: 'C',
  datasource: { type: 'mysql', uid: 'm' },
  rawSql: "SELECT $__timeGroup(ts, '5m') AS time, region AS metric, SUM(orders)\nFROM t WHERE note LIKE '100 %' + '#'",
  format: 'time_series',
  rawQuery: true,
};
const OWN = {
  refId: 'D',
  datasource: { type: 'forewarn-earlywarning-datasource', uid: 'fw' },
  queryType: 'anomaly',
  source: { kind: 'logs' as const, table: 'app_logs', time: 'ts', message: 'message', keywords: ['超时', 'a,b'] },
};
const READ = [
  ['Prometheus', PROMETHEUS, { kind: 'prometheus', expr: PROMETHEUS.expr, legendFormat: '{{job}} %' }],
  ['MySQL', MYSQL, { kind: 'mysql', rawSql: MYSQL.rawSql, format: 'time_series' }],
  ['Forewarn itself', OWN, OWN.source],
] as const;

const context = (...targets: object[]) =>
  ({ title: 'Requests', targets, scopedVars: {} }) as unknown as PluginExtensionPanelContext;

beforeEach(() => {
  signIn('Editor');
  fakeGrafana();
});

describe('the link of Explore', () => {
  const link = exploreLink();
  const push = jest.spyOn(locationService, 'push').mockImplementation(() => undefined);
  beforeEach(() => push.mockClear());

  it('is what plugin.json declares', () => {
    const { targets, title, description } = link;
    expect(pluginJson.extensions.addedLinks).toContainEqual({ targets, title, description });
    expect(targets).toEqual([PluginExtensionPoints.ExploreToolbarAction]);
  });

  it.each(READ)('takes a query of %s into the wizard, whole', (_, target, source) => {
    expect(link.configure({ targets: [target] })).toEqual({ title: 'Train a Forewarn model' });
    link.onClick(undefined, { context: { targets: [target] } });
    const url = new URL(String(push.mock.calls[0][0]), 'http://grafana');
    expect(url.pathname).toBe('/a/forewarn-earlywarning-app/train');
    expect(readHandOver(url.searchParams).query).toMatchObject({ queryType: 'anomaly', source });
  });

  it.each([
    ['a query that Forewarn cannot read', { targets: [{ refId: 'A', datasource: { type: 'loki' }, expr: '{}' }] }],
    ['an empty one', { targets: [{ refId: 'A' }] }],
    ['a hidden one', { targets: [{ ...PROMETHEUS, hide: true }] }],
    ['none', { targets: [] }],
    ['nothing told', undefined],
  ])('is not offered for %s, and leads nowhere', (_, given) => {
    expect(link.configure(given)).toBeUndefined();
    link.onClick(undefined, { context: given });
    expect(push).not.toHaveBeenCalled();
  });

  it('is offered to nobody who may not train, and not without a data source', () => {
    signIn('Viewer');
    expect(link.configure({ targets: [PROMETHEUS] })).toBeUndefined();
    signIn('Admin');
    expect(link.configure({ targets: [PROMETHEUS] })).toBeDefined();
    fakeGrafana({}, () => [], []);
    expect(link.configure({ targets: [PROMETHEUS] })).toBeUndefined();
  });
});

describe('the links of a panel’s menu', () => {
  it.each(READ)('are there for a query of %s, which they read as it is', (_, target, source) => {
    for (const purpose of ['forecast', 'warning'] as const) {
      expect(panelLink(purpose).configure(context(target))).toBeDefined();
      const query = convertTargets([target], purpose)!;
      expect(query).toMatchObject({ refId: 'A', queryType: purpose, source });
      expect(isRunnable(query)).toBe(true);
    }
  });

  it('are there for a viewer, too: a preview changes nothing', () => {
    signIn('Viewer');
    expect(panelLink('forecast').configure(context(PROMETHEUS))).toBeDefined();
  });

  it('open nothing where the panel has lost its query meanwhile', () => {
    const openModal = jest.fn();
    panelLink('warning').onClick(undefined, { context: context(), openModal } as never);
    expect(openModal).not.toHaveBeenCalled();
  });
});

describe('a query that is taken over', () => {
  it.each([
    [
      'an automatic legend is none',
      { ...PROMETHEUS, legendFormat: '__auto' },
      { kind: 'prometheus', expr: PROMETHEUS.expr },
    ],
    [
      'its least step stays',
      { refId: 'A', expr: 'up', interval: '1m' },
      { kind: 'prometheus', expr: 'up', interval: '1m' },
    ],
    [
      'without a type it is told by its text',
      { refId: 'A', rawSql: 'SELECT 1' },
      { kind: 'mysql', rawSql: 'SELECT 1', format: 'time_series' },
    ],
  ])('%s', (_, target, source) => expect(convertTarget(target, 'forecast')?.source).toEqual(source));

  it.each([
    ['of several signals', { ...OWN, queryType: 'composite' }],
    ['of a trained model, which has no source of its own', { ...OWN, source: undefined, model: { name: 'disk' } }],
    ['for a table', { ...MYSQL, format: 'table' }],
    ['of PostgreSQL', { ...MYSQL, datasource: { type: 'grafana-postgresql-datasource' } }],
  ])('is none %s', (_, target) => expect(convertTarget(target as never, 'forecast')).toBeUndefined());

  it('is the first that can be read and is shown', () =>
    expect(
      convertTargets([{ ...PROMETHEUS, hide: true }, { refId: 'X' }, MYSQL, PROMETHEUS], 'forecast')?.source?.kind
    ).toBe('mysql'));

  it('keeps a limit that was given', () =>
    expect(convertTarget(PROMETHEUS, 'warning', { value: 5, direction: 'below' })?.threshold).toEqual({
      value: 5,
      direction: 'below',
    }));

  it('has the dashboard’s variables filled in by the data source that is to read it', async () => {
    const query = convertTarget({ refId: 'A', expr: 'cpu{host="$host"}' } as never, 'forecast')!;
    expect((await filledIn('fw', query)).source?.expr).toBe('cpu{host="web-1"}');
  });
});

describe('addresses', () => {
  const paneOf = (url: string) =>
    JSON.parse(new URL(url, 'http://grafana').searchParams.get('panes')!).forewarn as {
      datasource: string;
      queries: ForewarnQuery[];
      range: object;
    };

  it.each(READ)('of Explore hold a query of %s to the letter', (_, target, source) => {
    const pane = paneOf(exploreUrl('fw', convertTargets([target], 'forecast')!));
    expect(pane.datasource).toBe('fw');
    expect(pane.queries).toEqual([
      {
        refId: 'A',
        queryType: 'forecast',
        source,
        datasource: { type: 'forewarn-earlywarning-datasource', uid: 'fw' },
      },
    ]);
    expect(pane.range).toEqual({ from: 'now-2d', to: 'now+24h' });
  });

  it('of Explore take another range where one is given', () =>
    expect(paneOf(exploreUrl('fw', { refId: 'A' }, { from: 'now-1h', to: 'now' })).range).toEqual({
      from: 'now-1h',
      to: 'now',
    }));

  it.each(READ)(
    'of a new rule hold a query of %s, though Grafana’s form keeps three of its fields',
    (_, target, source) => {
      const url = new URL(alertUrl('fw', convertTargets([target], 'warning')!, 'Requests', 48), 'http://grafana');
      const defaults = JSON.parse(url.searchParams.get('defaults')!);
      expect(defaults.queries.map((q: { refId: string }) => q.refId)).toEqual(['A', defaults.condition]);
      const { refId, datasource, expression } = defaults.queries[0].model;
      // what the form makes of it (see prefill.ts)
      const kept = unpacked({ refId, datasource, expression, instant: true, range: false } as ForewarnQuery);
      expect(kept).toEqual({
        refId: 'A',
        queryType: 'warning',
        source,
        threshold: { value: 90, direction: 'above' },
        output: 'eta_early',
        datasource: { type: 'forewarn-earlywarning-datasource', uid: 'fw' },
      });
      expect(defaults.queries[1].model.conditions[0].evaluator).toEqual({ type: 'lt', params: [48] });
    }
  );
});

describe('the data sources', () => {
  it('that a link can go to are Forewarn’s alone, with their names', () => {
    fakeGrafana({}, () => [], [
      { uid: 'fw', name: 'Forewarn' },
      { uid: 'fw2', name: 'Second' },
    ]);
    expect(dataSources()).toEqual([
      { uid: 'fw', name: 'Forewarn' },
      { uid: 'fw2', name: 'Second' },
    ]);
  });

  it('read what was taken over as they read what was written for them', () => {
    const ds = new ForewarnDataSource({ uid: 'fw', type: 'x', jsonData: {} } as never);
    for (const [, target] of READ) {
      expect(ds.filterQuery(convertTargets([target], 'warning')!)).toBe(true);
    }
  });
});
