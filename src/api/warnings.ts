import { DataFrame } from '@grafana/data';

import { ask, lastHours, pool } from './ask';
import { messageOf } from './message';
import { Rule } from './rules';

/** From this many hours on, a time is one of the words: never (1e6), uncertain (2e6). */
export const NEVER = 1_000_000;

/** The time left of one series, in hours; growth in the metric's unit per day. */
export interface Warning {
  rule: Rule;
  /** Other rules that say the same. */
  also?: Rule[];
  series: string;
  current: number | null;
  threshold: number;
  eta: number;
  etaEarly: number;
  probability: number;
  growth: number;
  state: string;
  labels: Record<string, string>;
  /** Guards that hold the warning back, as the back end names them; empty where none does. */
  heldBack: string;
}

/** Columns of the table that are no labels of the series. */
const OWN = new Set([
  'series',
  'current',
  'threshold',
  'eta',
  'eta_early',
  'date',
  'probability',
  'growth',
  'state',
  'held back',
]);

/** Rows of a warning table frame; fields are found by name. */
export function readTable(frame: DataFrame | undefined, rule: Rule): Warning[] {
  if (!frame) {
    return [];
  }
  const column = (name: string): unknown[] => frame.fields.find((f) => f.name === name)?.values ?? [];
  const number = (name: string, i: number, otherwise: number) =>
    (column(name)[i] as number | null | undefined) ?? otherwise;
  const labels = frame.fields.filter((f) => !OWN.has(f.name));
  return Array.from({ length: frame.length }, (_, i) => ({
    rule,
    series: String(column('series')[i] ?? ''),
    current: (column('current')[i] as number | null | undefined) ?? null,
    threshold: number('threshold', i, NaN),
    eta: number('eta', i, NEVER),
    etaEarly: number('eta_early', i, NEVER),
    probability: number('probability', i, 0),
    growth: number('growth', i, 0),
    state: String(column('state')[i] ?? ''),
    labels: Object.fromEntries(labels.flatMap((f) => (f.values[i] ? [[f.name, String(f.values[i])]] : []))),
    heldBack: String(column('held back')[i] ?? ''),
  }));
}

/** Each series once for each limit, however many rules watch it. */
export function distinct(warnings: Warning[]): Warning[] {
  const found = new Map<string, Warning>();
  for (const w of warnings) {
    const key = JSON.stringify([w.series, w.threshold, w.current?.toPrecision(3), w.eta.toPrecision(2)]);
    const first = found.get(key);
    if (first) {
      found.set(key, { ...first, also: [...(first.also ?? []), w.rule] });
    } else {
      found.set(key, w);
    }
  }
  return [...found.values()];
}

/** A rule whose own query failed when it was asked now. */
export interface Failure {
  rule: Rule;
  message: string;
}

/** Every early-warning rule's own query, asked now: the soonest first. Rules that fail are given with their reason. */
export async function fetchWarnings(rules: Rule[]): Promise<{ warnings: Warning[]; failures: Failure[] }> {
  const asked = rules.filter((r) => r.query.queryType === 'warning');
  const results = await pool(
    asked.map(
      (rule) => async () =>
        readTable((await ask(rule.datasourceUid, { ...rule.query, output: 'table' }, lastHours(1))).series[0], rule)
    )
  );
  const warnings = results.flatMap((r) => (r.status === 'fulfilled' ? r.value : []));
  warnings.sort((a, b) => a.etaEarly - b.etaEarly || b.probability - a.probability || a.series.localeCompare(b.series));
  const failures = results.flatMap((r, i) =>
    r.status === 'rejected' ? [{ rule: asked[i], message: messageOf(r.reason) }] : []
  );
  return { warnings: distinct(warnings), failures };
}
