import { CoreApp, DataFrame, dateTime } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

import { ForewarnDataSource } from '../datasource/datasource';
import { Rule } from './rules';

/** From this many hours on, a time is one of the words: never (1e6), uncertain (2e6). */
export const NEVER = 1_000_000;

/** The time left of one series, in hours; growth in the metric's unit per day. */
export interface Warning {
  rule: string;
  series: string;
  current: number | null;
  threshold: number;
  eta: number;
  etaEarly: number;
  probability: number;
  growth: number;
  state: string;
}

/** Rows of a warning table frame; fields are found by name. */
export function readTable(frame: DataFrame | undefined, rule: string, threshold: number): Warning[] {
  if (!frame) {
    return [];
  }
  const column = (name: string) => frame.fields.find((f) => f.name === name)?.values ?? [];
  const number = (name: string, i: number, otherwise: number) => (column(name)[i] as number | null) ?? otherwise;
  return Array.from({ length: frame.length }, (_, i) => ({
    rule,
    series: String(column('series')[i]),
    current: (column('current')[i] as number | null) ?? null,
    threshold,
    eta: number('eta', i, NEVER),
    etaEarly: number('eta_early', i, NEVER),
    probability: number('probability', i, 0),
    growth: number('growth', i, 0),
    state: String(column('state')[i]),
  }));
}

async function ask(rule: Rule): Promise<Warning[]> {
  const ds = (await getDataSourceSrv().get(rule.datasourceUid)) as unknown as ForewarnDataSource;
  const to = dateTime();
  const from = dateTime(to).subtract(1, 'hour');
  const answer = ds.query({
    app: CoreApp.Unknown,
    requestId: `forewarn-overview-${rule.uid}`,
    timezone: 'browser',
    range: { from, to, raw: { from: 'now-1h', to: 'now' } },
    interval: '1m',
    intervalMs: 60_000,
    scopedVars: {},
    startTime: Date.now(),
    targets: [{ ...rule.query, refId: 'A', output: 'table' }],
  });
  const response = await lastValueFrom(answer);
  if (response.errors?.length) {
    throw new Error(response.errors[0].message ?? rule.name);
  }
  return readTable(response.data[0], rule.name, rule.query.threshold?.value ?? NaN);
}

/** Every early-warning rule's own query, asked now: the soonest first. Rules that fail are named in errors. */
export async function fetchWarnings(rules: Rule[]): Promise<{ warnings: Warning[]; errors: string[] }> {
  const asked = rules.filter((r) => r.query.queryType === 'warning');
  const results = await Promise.allSettled(asked.map(ask));
  const warnings = results.flatMap((r) => (r.status === 'fulfilled' ? r.value : []));
  const errors = results.flatMap((r, i) => (r.status === 'rejected' ? [`${asked[i].name}: ${r.reason instanceof Error ? r.reason.message : String(r.reason)}`] : []));
  warnings.sort((a, b) => a.etaEarly - b.etaEarly || b.probability - a.probability);
  return { warnings, errors };
}
