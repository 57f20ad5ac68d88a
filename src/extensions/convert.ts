import { ScopedVars, TimeRange } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { DataQuery } from '@grafana/schema';

import { DATASOURCE_ID } from '../constants';
import { type ForewarnDataSource } from '../datasource/datasource';
import { packed } from '../datasource/prefill';
import { FIRST_THRESHOLD } from '../datasource/samples';
import { ForewarnQuery, SourceSpec, Threshold } from '../datasource/types';

/** What a panel's query can be asked for. */
export type Purpose = 'forecast' | 'warning';

type Target = DataQuery & {
  expr?: string;
  legendFormat?: string;
  interval?: string;
  rawSql?: string;
  format?: string;
  instant?: boolean;
  range?: boolean;
  source?: SourceSpec;
};

/** The source that a panel's query reads; undefined where Forewarn cannot read it. */
function sourceOf(target: Target): SourceSpec | undefined {
  const type = target.datasource?.type;
  if (type === DATASOURCE_ID) {
    return target.source?.kind && target.queryType !== 'composite' ? target.source : undefined;
  }
  if (target.expr && (!type || type === 'prometheus')) {
    const { expr, legendFormat, interval } = target;
    const named = legendFormat && legendFormat !== '__auto';
    return { kind: 'prometheus', expr, ...(named && { legendFormat }), ...(interval && { interval }) };
  }
  if (target.rawSql && target.format !== 'table' && (!type || type === 'mysql')) {
    return { kind: 'mysql', rawSql: target.rawSql, format: 'time_series' };
  }
  return undefined;
}

/** A panel's Prometheus or MySQL query as a Forewarn query, by copying; undefined where that cannot be done. */
export function convertTarget(
  target: DataQuery | undefined,
  purpose: Purpose,
  threshold: Threshold = FIRST_THRESHOLD
): ForewarnQuery | undefined {
  const source = target && sourceOf(target as Target);
  if (!source) {
    return undefined;
  }
  return { refId: 'A', queryType: purpose, source, ...(purpose === 'warning' && { threshold }) };
}

/** The first of a panel's queries that can be converted and is not hidden. */
export function convertTargets(targets: DataQuery[] | undefined, purpose: Purpose): ForewarnQuery | undefined {
  for (const target of targets ?? []) {
    const query = target.hide ? undefined : convertTarget(target, purpose);
    if (query) {
      return query;
    }
  }
  return undefined;
}

/** Every Forewarn data source there is, by name. */
export function dataSources(): Array<{ uid: string; name: string }> {
  return getDataSourceSrv()
    .getList({ pluginId: DATASOURCE_ID })
    .map(({ uid, name }) => ({ uid, name }));
}

/** The query with the dashboard's variables filled in, for places outside the dashboard. */
export async function filledIn(uid: string, query: ForewarnQuery, scopedVars: ScopedVars = {}): Promise<ForewarnQuery> {
  const ds = (await getDataSourceSrv().get(uid)) as unknown as ForewarnDataSource;
  return ds.interpolateVariablesInQueries([query], scopedVars)[0];
}

/** Explore with the query over the last two days and the next. */
export function exploreUrl(
  uid: string,
  query: ForewarnQuery,
  range: TimeRange['raw'] = { from: 'now-2d', to: 'now+24h' }
): string {
  const pane = { datasource: uid, queries: [{ ...query, datasource: { type: DATASOURCE_ID, uid } }], range };
  return `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ forewarn: pane }))}`;
}

/** A new alert rule from an early warning: fires when the threshold may be crossed within the given hours. */
export function alertUrl(uid: string, query: ForewarnQuery, name: string, hours: number): string {
  const datasource = { type: DATASOURCE_ID, uid };
  const expression = { type: '__expr__', uid: '__expr__' };
  const defaults = {
    name,
    queries: [
      {
        refId: 'A',
        datasourceUid: uid,
        queryType: query.queryType,
        relativeTimeRange: { from: 3600, to: 0 },
        model: packed({ ...query, refId: 'A', output: 'eta_early', datasource }),
      },
      {
        refId: 'C',
        datasourceUid: '__expr__',
        queryType: '',
        model: {
          refId: 'C',
          type: 'threshold',
          datasource: expression,
          expression: 'A',
          conditions: [
            {
              type: 'query',
              evaluator: { type: 'lt', params: [hours] },
              operator: { type: 'and' },
              query: { params: ['C'] },
              reducer: { type: 'last', params: [] },
            },
          ],
        },
      },
    ],
    condition: 'C',
  };
  return `/alerting/new/alerting?defaults=${encodeURIComponent(JSON.stringify(defaults))}`;
}
