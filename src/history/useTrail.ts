import { TimeRange } from '@grafana/data';
import { useCallback, useEffect, useRef, useState } from 'react';

import { messageOf } from '../api/message';
import { Client } from '../api/client';
import { Entry } from '../api/contract';

/** Entries that are asked for at once. */
const PAGE = 100;

/** What of the trail is shown. */
export interface TrailFilter {
  range: TimeRange;
  kind: string;
  model: string;
}

/** The trail's entries that pass the filter, the newest first; older ones are asked for on request. */
export function useTrail(client: Client, { range, kind, model }: TrailFilter) {
  const [state, setState] = useState<{ entries?: Entry[]; more: boolean; loading: boolean; error?: string }>({
    more: false,
    loading: true,
  });
  const asked = useRef(0);
  const from = range.from.toISOString();
  // "now" is left open, so that what has just happened is there
  const to = range.raw.to === 'now' ? undefined : range.to.toISOString();
  const load = useCallback(
    async (before?: Entry[]) => {
      const number = ++asked.current;
      setState((old) => ({ ...old, loading: true }));
      try {
        const last = before?.[before.length - 1]?.seq;
        const answer = await client.audit({ from, to, kind, model, limit: PAGE, before: last });
        if (number === asked.current) {
          setState({ entries: [...(before ?? []), ...answer.entries], more: answer.more, loading: false });
        }
      } catch (e) {
        if (number === asked.current) {
          setState((old) => ({ ...old, error: messageOf(e), loading: false }));
        }
      }
    },
    [client, from, to, kind, model]
  );
  useEffect(() => {
    load();
    const counter = asked;
    return () => {
      counter.current++;
    };
  }, [load]);
  return { ...state, reload: () => load(), older: () => load(state.entries) };
}
