import { messageOf } from '../api/message';
import { Client, fieldOf } from '../api/client';
import { ModelQuery, Preview } from '../api/contract';
import { useRested } from '../api/useAsync';
import { isRunnable } from '../datasource/validate';

/** What the data step knows of a query. */
export interface Previewed {
  value?: Preview;
  error?: string;
  /** The field that the error names. */
  field?: string;
  /** The data source could not reach what it reads. */
  down?: boolean;
  loading: boolean;
}

/** Asks what a training would read and cost, when the query has rested for a moment. */
export function usePreview(client: Client, query: ModelQuery, rest = 500): Previewed {
  const key = isRunnable({ ...query, refId: 'A' }) ? JSON.stringify(query) : undefined;
  const { value, thrown, loading } = useRested<Preview>(key, (asked) => client.preview(JSON.parse(asked)), rest);
  if (thrown === undefined) {
    return { value, loading };
  }
  const down = (thrown as { status?: number }).status === 502;
  return { error: messageOf(thrown), field: fieldOf(thrown), down, loading };
}
