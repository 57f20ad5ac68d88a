import { AdHocVariableFilter, DataSourceInstanceSettings, dateTime, TimeRange } from '@grafana/data';
import { BackendSrv, BackendSrvRequest, setBackendSrv, setTemplateSrv, TemplateSrv } from '@grafana/runtime';
import { of } from 'rxjs';

import { Filter } from '../api/contract';
import { withTrained, withType } from './change';
import { ForewarnDataSource } from './datasource';
import { filtersLine } from './filters';
import { ForewarnOptions, ForewarnQuery } from './types';

const settings = { id: 1, uid: 'fw', type: 'forewarn-earlywarning-datasource', name: 'Forewarn', jsonData: {} };
const ds = new ForewarnDataSource(settings as unknown as DataSourceInstanceSettings<ForewarnOptions>);

const up: ForewarnQuery = { refId: 'A', source: { kind: 'prometheus', expr: 'up' } };
const aliyun: AdHocVariableFilter = { key: 'cloud', operator: '=', value: 'aliyun' };
const hosts: AdHocVariableFilter = { key: 'host', operator: '=|', value: 'a', values: ['a', 'b'] };

const range = { from: dateTime('2026-11-20T04:00:00Z'), to: dateTime('2026-11-20T10:00:00Z') } as TimeRange;

beforeAll(() => setTemplateSrv({ replace: (text = '') => text.replace('$cloud', 'azure') } as unknown as TemplateSrv));

describe('a dashboard’s filters', () => {
  it('go along with each of its queries', () => {
    const fetch = jest.fn((_: BackendSrvRequest) => of({ data: { results: {} } }));
    setBackendSrv({ fetch } as unknown as BackendSrv);
    ds.query({ targets: [up, { ...up, refId: 'B' }], filters: [aliyun], range, scopedVars: {} } as never).subscribe();
    const { queries } = fetch.mock.lastCall![0].data as { queries: ForewarnQuery[] };
    expect(queries.map(({ refId, adhocFilters }) => [refId, adhocFilters])).toEqual([
      ['A', [aliyun]],
      ['B', [aliyun]],
    ]);
    expect(ds.applyTemplateVariables(up, {}, [aliyun, hosts]).adhocFilters).toEqual([aliyun, hosts]);
  });

  it('are as the back end reads them, whatever else Grafana keeps with them', () => {
    const grafanas = {
      ...hosts,
      keyLabel: 'Host',
      valueLabels: ['A', 'B'],
      origin: 'dashboard',
    } as AdHocVariableFilter;
    expect(ds.applyTemplateVariables(up, {}, [grafanas]).adhocFilters).toEqual([hosts]);
  });

  it.each<[string, Partial<AdHocVariableFilter>]>([
    ['a label', { key: '' }],
    ['an operator', { operator: '' }],
    ['a value', { value: '' }],
  ])('that still want %s hold nothing back', (_, missing) => {
    expect(ds.applyTemplateVariables(up, {}, [{ ...aliyun, ...missing }])).not.toHaveProperty('adhocFilters');
    expect(ds.applyTemplateVariables(up, {}, [hosts, { ...aliyun, ...missing }]).adhocFilters).toEqual([hosts]);
  });

  it('take the values of variables', () =>
    expect(
      ds.applyTemplateVariables(up, {}, [
        { key: 'cloud', operator: '!=', value: '$cloud' },
        { ...hosts, value: '$cloud', values: ['$cloud', 'b'] },
      ]).adhocFilters
    ).toEqual([
      { key: 'cloud', operator: '!=', value: 'azure' },
      { key: 'host', operator: '=|', value: 'azure', values: ['azure', 'b'] },
    ]));

  it('leave a query without any as it is', () => {
    expect(ds.applyTemplateVariables(up, {})).toEqual(up);
    expect(ds.applyTemplateVariables(up, {}, [])).toEqual(up);
  });

  it('are not for recorded warnings, which are no series', () => {
    const trail = { refId: 'A', queryType: 'trail', report: 'rules' } as unknown as ForewarnQuery;
    expect(ds.applyTemplateVariables(trail, {}, [aliyun])).toEqual(trail);
  });

  it('go along to Explore, where they are joined by no others', () => {
    const [left] = ds.interpolateVariablesInQueries([up], {}, [aliyun]);
    expect(left).toEqual({ ...up, adhocFilters: [aliyun], datasource: ds.getRef() });
    expect(ds.applyTemplateVariables(left, {}).adhocFilters).toEqual([aliyun]);
    expect(ds.applyTemplateVariables(left, {}, [hosts]).adhocFilters).toEqual([aliyun, hosts]);
  });

  it('stay when the query is for another purpose, or answered by a model', () => {
    const query: ForewarnQuery = { ...up, adhocFilters: [aliyun] };
    expect(withType(query, 'anomaly', false).adhocFilters).toEqual([aliyun]);
    expect(withTrained(query, 'disk').adhocFilters).toEqual([aliyun]);
  });
});

describe('what can be filtered by', () => {
  const span = { from: '2026-11-20T04:00:00.000Z', to: '2026-11-20T10:00:00.000Z' };

  it('are the labels of the range that is shown, and their values where the other filters hold', async () => {
    const post = jest.spyOn(ds, 'postResource').mockResolvedValue({ values: ['cloud', 'instance'] });
    await expect(ds.getTagKeys({ filters: [], timeRange: range })).resolves.toEqual([
      { text: 'cloud' },
      { text: 'instance' },
    ]);
    expect(post).toHaveBeenLastCalledWith('filters', { key: '', filters: [], ...span });
    await ds.getTagValues({ key: 'instance', filters: [aliyun, { ...hosts, value: '' }], timeRange: range });
    expect(post).toHaveBeenLastCalledWith('filters', { key: 'instance', filters: [aliyun], ...span });
  });

  it('is what there was in the last hours where no range is told', async () => {
    const post = jest.spyOn(ds, 'postResource').mockResolvedValue({ values: [] });
    await expect(ds.getTagKeys()).resolves.toEqual([]);
    const { from, to } = post.mock.lastCall![1] as { from: string; to: string };
    expect(Date.parse(to) - Date.parse(from)).toBe(6 * 3_600_000);
    expect(Math.abs(Date.parse(to) - Date.now())).toBeLessThan(60_000);
  });

  it('is an error where the source does not say', async () => {
    jest.spyOn(ds, 'postResource').mockRejectedValue(new Error('source is not configured: prometheus'));
    await expect(ds.getTagKeys()).rejects.toThrow('not configured');
    await expect(ds.getTagValues({ key: 'cloud', filters: [] })).rejects.toThrow('not configured');
  });
});

it.each<[Filter[], string]>([
  [[aliyun], 'cloud = aliyun'],
  [[{ key: 'host', operator: '!~', value: 'db-.*' }, hosts], 'host !~ db-.*, host = a | b'],
  [[{ key: 'host', operator: '!=|', value: 'a', values: ['a'] }], 'host != a'],
  [[{ key: 'host', operator: '=|', value: 'a' }], 'host = a'],
])('%j reads %s', (filters, line) => expect(filtersLine(filters)).toBe(line));
