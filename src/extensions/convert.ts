import { DataQuery } from '@grafana/schema';
import { getDataSourceSrv } from '@grafana/runtime';

import { DATASOURCE_ID } from '../constants';
import { ForewarnQuery, SourceSpec } from '../datasource/types';

type Target = DataQuery & { expr?: string; legendFormat?: string; interval?: string; rawSql?: string; format?: string };

/** Uid of the first Forewarn data source, or undefined where none is set up. */
export function findDataSource(): string | undefined {
  return getDataSourceSrv().getList({ pluginId: DATASOURCE_ID })[0]?.uid;
}

/** The source that a panel's query reads; undefined where Forewarn cannot read it. */
function sourceOf(target: Target): SourceSpec | undefined {
  if (target.expr) {
    return { kind: 'prometheus', expr: target.expr, ...(target.legendFormat && { legendFormat: target.legendFormat }), ...(target.interval && { interval: target.interval }) };
  }
  if (target.rawSql && target.format !== 'table') {
    return { kind: 'mysql', rawSql: target.rawSql, format: 'time_series' };
  }
  return undefined;
}

/** A panel's Prometheus or MySQL query as a Forewarn query, by copying; undefined where that cannot be done. */
export function convertTarget(target: DataQuery | undefined, purpose: 'forecast' | 'warning'): ForewarnQuery | undefined {
  const source = target && sourceOf(target as Target);
  if (!source) {
    return undefined;
  }
  return {
    refId: 'A',
    queryType: purpose,
    source,
    ...(purpose === 'warning' && { threshold: { value: 90, direction: 'above' as const } }),
  };
}

/** Explore with the query over the last two days and the next. */
export function exploreUrl(uid: string, query: ForewarnQuery): string {
  const pane = {
    datasource: uid,
    queries: [{ ...query, datasource: { type: DATASOURCE_ID, uid } }],
    range: { from: 'now-2d', to: 'now+24h' },
  };
  return `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ forewarn: pane }))}`;
}
