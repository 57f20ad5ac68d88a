import { PanelData } from '@grafana/data';

import { ask } from '../api/ask';
import { messageOf } from '../api/message';
import { ModelQuery } from '../api/contract';
import { around } from '../api/ranges';
import { useRested } from '../api/useAsync';
import { isRunnable } from '../datasource/validate';

/** What a chart shows; the old answer stays while a new one is awaited. */
export interface Answer {
  data?: PanelData;
  error?: string;
  loading: boolean;
}

/** Hours that a chart shows: back from now, and ahead. */
export interface Span {
  back: number;
  ahead: number;
}

/** Asks for what a chart draws when the query has rested for a moment; nothing while it is not complete. */
export function useChart(uid: string, query: ModelQuery | undefined, span: Span, rest = 500): Answer {
  const key = query && isRunnable({ ...query, refId: 'A' }) ? JSON.stringify({ uid, query, span }) : undefined;
  const { value, thrown, loading } = useRested(
    key,
    (asked) => {
      const { uid, query, span }: { uid: string; query: ModelQuery; span: Span } = JSON.parse(asked);
      return ask(uid, { ...query, refId: 'A' }, around(span.back, span.ahead));
    },
    rest
  );
  return { data: value, error: thrown === undefined ? undefined : messageOf(thrown), loading };
}
