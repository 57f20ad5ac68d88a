import { PanelData, TimeRange } from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { useCallback, useEffect, useState } from 'react';

import { messageOf } from '../api/message';
import { fetchCharts, fetchStrip } from '../api/charts';
import { attention } from '../api/entity';
import { fetchFired } from '../api/history';
import { withTrained } from '../api/models';
import { fetchSources, SourceState } from '../api/overview';
import { fetchRules, Rule } from '../api/rules';
import { fetchUnits } from '../api/units';
import { Failure, fetchWarnings, Warning } from '../api/warnings';
import { DATASOURCE_ID } from '../constants';
import { fetchSilences, Silence } from '../rules/silences';

/** Rows of the attention list that get a sparkline; each rule among them is asked once. */
export const WITH_CHART = 10;

/** What the overview shows. What has not been answered yet is undefined; while it is refreshed the old answer stays. */
export interface Overview {
  hasDataSource: boolean;
  rules?: Rule[];
  /** Early warnings, the soonest first. */
  warnings?: Warning[];
  /** Alerts that began within 24 h; null where the history cannot be read. */
  fired?: number | null;
  /** What to draw for a rule, by its uid. */
  charts: Record<string, PanelData>;
  /** Units of the rules' metrics, by uid. */
  units: Record<string, string>;
  /** What each data source says of its models, its open warnings and its store. */
  sources?: SourceState[];
  /** What is silenced; empty where that cannot be read. */
  silences?: Silence[];
  /** Scores by entity; null where no rule gives scores. */
  strip?: PanelData | null;
  /** Rules whose own query failed when it was asked. */
  failures: Failure[];
  /** Why Grafana's rules could not be read. */
  rulesError?: string;
  /** Why the history of alerts could not be read. */
  historyError?: string;
  /** Time of the rules' answer, ms. */
  at: number;
}

type Emit = (part: Partial<Overview>) => void;

/** Reads everything, telling each part as soon as it is there: the rules first, then what their queries say. */
export async function load(range: TimeRange, emit: Emit): Promise<void> {
  const hasDataSource = getDataSourceSrv().getList({ pluginId: DATASOURCE_ID }).length > 0;
  if (!hasDataSource) {
    emit({ hasDataSource, at: Date.now() });
    return;
  }
  // beside the rules: it is told also where those cannot be read
  const sources = fetchSources().then((found) => emit({ sources: found }));
  let rules: Rule[];
  try {
    rules = await fetchRules();
  } catch (e) {
    emit({ hasDataSource, rulesError: messageOf(e), at: Date.now() });
    return sources;
  }
  emit({ hasDataSource, rules, rulesError: undefined, at: Date.now() });
  rules = await withTrained(rules);
  emit({ rules });
  const shown = [
    ...new Set(
      attention(rules)
        .slice(0, WITH_CHART)
        .map((a) => a.rule)
    ),
  ];
  const failures: Failure[] = [];
  // each rule once, and at once: without them "nothing in sight" would stand there as an answer
  const failed = (more: Failure[]): Failure[] => {
    failures.push(...more.filter((f) => !failures.some((g) => g.rule.uid === f.rule.uid)));
    return [...failures];
  };
  await Promise.all([
    sources,
    fetchSilences()
      .catch(() => [])
      .then((silences) => emit({ silences })),
    fetchUnits(rules).then((units) => emit({ units })),
    fetchFired(rules)
      .then((fired) => emit({ fired, historyError: undefined }))
      .catch((e) => emit({ fired: null, historyError: messageOf(e) })),
    fetchWarnings(rules).then((r) => emit({ warnings: r.warnings, failures: failed(r.failures) })),
    fetchCharts(shown, range).then((r) => emit({ charts: r.charts, failures: failed(r.failures) })),
    fetchStrip(rules, range).then((strip) => emit({ strip: strip ?? null })),
  ]);
}

/** The overview of a time range; a new range object, which is what a refresh makes too, loads it anew, as does reload. */
export function useOverview(range: TimeRange): { overview?: Overview; reload: () => void } {
  const [overview, setOverview] = useState<Overview>();
  const [tick, setTick] = useState(0);
  const reload = useCallback(() => setTick((n) => n + 1), []);
  useEffect(() => {
    let live = true;
    const emit: Emit = (part) => {
      if (live) {
        setOverview((old) => ({ hasDataSource: true, charts: {}, units: {}, failures: [], at: 0, ...old, ...part }));
      }
    };
    load(range, emit).catch((e) => emit({ rulesError: messageOf(e) }));
    return () => {
      live = false;
    };
  }, [range, tick]);
  return { overview, reload };
}
