import { ModelQuery } from '../api/contract';
import { PAGES } from '../constants';
import { ForewarnQuery, QueryType } from '../datasource/types';
import { modelQuery } from './draft';

const TYPES: QueryType[] = ['forecast', 'anomaly', 'warning', 'outlier', 'composite'];

/** The wizard's address with a query in it, for links from panels, Explore and the query editor. */
export function wizardUrl(query: ForewarnQuery, uid?: string): string {
  const params = new URLSearchParams({ ...(uid && { ds: uid }), query: JSON.stringify(modelQuery(query)) });
  return `${PAGES.train}?${params}`;
}

/** What an address hands over; nothing where it cannot be read, as an address can be edited by anyone. */
export function readHandOver(params: URLSearchParams): { query?: ModelQuery; queryType?: QueryType } {
  const type = TYPES.find((x) => x === params.get('for'));
  try {
    const query: unknown = JSON.parse(params.get('query') ?? '');
    if (typeof query === 'object' && query && ('source' in query || 'sources' in query)) {
      return { query: modelQuery({ ...(query as ModelQuery), refId: 'A' }) };
    }
  } catch {
    // an unreadable query is no query
  }
  return { queryType: type };
}
