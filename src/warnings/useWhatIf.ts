import { FieldType, PanelData } from '@grafana/data';

import { ask, lastHours } from '../api/ask';
import { messageOf } from '../api/message';
import { onlyOf } from '../api/charts';
import { around, hoursOf } from '../api/ranges';
import { Rested, useRested } from '../api/useAsync';
import { NEVER, readTable, Warning } from '../api/warnings';
import { ForewarnQuery, WhatIf } from '../datasource/types';
import { isAsked, withWhatIf } from './whatif';

/** Hours of the past on the chart. */
const BACK = 7 * 24;

/** Hours ahead that are drawn at most; no time beyond is stated. */
const FARTHEST = 14 * 24;

/** A warning as it is, or as it would be. */
export interface Told {
  /** Undefined where the series is not among what is answered. */
  warning?: Warning;
  chart: PanelData;
  /** In the metric's unit; null where it is not known. */
  limit: number | null;
}

/** How far ahead a chart has to reach to show when the limit is reached, hours. */
export function reach(query: ForewarnQuery, ...warnings: Warning[]): number {
  const times = warnings.flatMap((w) => [w.eta, w.etaEarly]).filter((hours) => hours < NEVER);
  return Math.ceil(Math.min(FARTHEST, Math.max(hoursOf(query.horizon, 72), ...times.map((hours) => 1.1 * hours))));
}

/** The newest limit that is drawn. */
export function limitOf(chart: PanelData): number | null {
  const field = chart.series
    .flatMap((frame) => frame.fields)
    .find((f) => f.type === FieldType.number && f.labels?.output === 'threshold');
  const known = (field?.values ?? []).filter((v) => typeof v === 'number');
  return known.length > 0 ? known[known.length - 1] : null;
}

/** Asks a warning's own query, with a question where there is one: what it says of the series, and its chart. */
export async function tell(w: Warning, asked: WhatIf): Promise<Told> {
  const uid = w.rule.datasourceUid;
  const query = withWhatIf({ horizon: w.rule.trained?.horizon, ...w.rule.query }, asked);
  const rows = isAsked(asked)
    ? readTable((await ask(uid, { ...query, output: 'table' }, lastHours(1))).series[0], w.rule)
    : [w];
  const warning = rows.find((row) => row.series === w.series);
  const ahead = reach(query, w, ...(warning ? [warning] : []));
  // a trained model's horizon is its own
  const farther = query.model?.name ? {} : { horizon: `${ahead}h` };
  const all = await ask(uid, { ...query, ...farther, output: 'all' }, around(BACK, ahead));
  const chart = onlyOf(all, w.labels);
  return { warning, chart, limit: limitOf(chart) };
}

/** What the warning would be, asked when the question has rested for a moment; the old answer stays until then. */
export function useWhatIf(
  w: Warning,
  asked: WhatIf,
  rest = 400
): Pick<Rested<Told>, 'value' | 'loading'> & { error?: string } {
  const { value, thrown, loading } = useRested(
    JSON.stringify([w.rule.uid, w.series, asked]),
    () => tell(w, asked),
    rest
  );
  return { value, loading, error: thrown === undefined ? undefined : messageOf(thrown) };
}
