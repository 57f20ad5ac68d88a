import { useCallback, useEffect, useState } from 'react';
import { getDataSourceSrv } from '@grafana/runtime';

import { fetchRules, Rule } from '../api/rules';
import { fetchWarnings, Warning } from '../api/warnings';
import { DATASOURCE_ID } from '../constants';

/** What the overview shows; while it is refreshed the old answer stays. */
export interface Overview {
  hasDataSource: boolean;
  rules?: Rule[];
  warnings?: Warning[];
  errors: string[];
  /** Time of the answer, ms. */
  at: number;
}

const REFRESH_MS = 60_000;

/** Loads the overview and refreshes it each minute while the page is open. */
export function useOverview(): { overview?: Overview; loading: boolean; error?: string; refresh: () => void } {
  const [overview, setOverview] = useState<Overview>();
  const [loading, setLoading] = useState(true);
  const [error, setError] = useState<string>();
  const [round, setRound] = useState(0);
  const refresh = useCallback(() => setRound((n) => n + 1), []);
  useEffect(() => {
    const timer = setInterval(refresh, REFRESH_MS);
    return () => clearInterval(timer);
  }, [refresh]);
  useEffect(() => {
    let live = true;
    const load = async () => {
      const hasDataSource = getDataSourceSrv().getList({ pluginId: DATASOURCE_ID }).length > 0;
      if (!hasDataSource) {
        return { hasDataSource, errors: [], at: Date.now() };
      }
      const rules = await fetchRules();
      const { warnings, errors } = await fetchWarnings(rules);
      return { hasDataSource, rules, warnings, errors, at: Date.now() };
    };
    setLoading(true);
    load()
      .then((o) => live && (setOverview(o), setError(undefined)))
      .catch((e) => live && setError(e?.data?.message ?? e?.message ?? String(e)))
      .finally(() => live && setLoading(false));
    return () => {
      live = false;
    };
  }, [round]);
  return { overview, loading, error, refresh };
}
