import { useMemo } from 'react';
import { useSearchParams } from 'react-router-dom';

import { dataSources } from '../extensions/convert';
import { Client } from './client';

/** The Forewarn data source that a page talks to. */
export interface Source {
  /** Undefined where there is no Forewarn data source. */
  client?: Client;
  uid: string;
  sources: Array<{ uid: string; name: string }>;
  choose: (uid: string) => void;
}

/** The data source that the address names with ?ds=, otherwise the first; the choice stays in the address. */
export function useSource(): Source {
  const [params, setParams] = useSearchParams();
  const sources = useMemo(() => dataSources(), []);
  const wanted = params.get('ds');
  const uid = sources.find((s) => s.uid === wanted)?.uid ?? sources[0]?.uid ?? '';
  const client = useMemo(() => (uid ? new Client(uid) : undefined), [uid]);
  const choose = (next: string) =>
    setParams(
      (old) => {
        old.set('ds', next);
        return old;
      },
      { replace: true }
    );
  return { client, uid, sources, choose };
}
