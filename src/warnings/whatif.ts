import { ForewarnQuery, WhatIf } from '../datasource/types';

/** Whether anything is asked. */
export const isAsked = ({ capacity, growth }: WhatIf): boolean => capacity !== undefined || growth !== undefined;

/** The query with the question in it; without one the query itself. A limit beyond the metric's end, such as 120 of 100 %, takes the end along. */
export function withWhatIf(query: ForewarnQuery, asked: WhatIf): ForewarnQuery {
  if (!isAsked(asked)) {
    return query;
  }
  const { capacity } = asked;
  const max = query.bounds?.max;
  const beyond = max !== undefined && capacity !== undefined && capacity > max;
  return { ...query, ...(beyond && { bounds: { ...query.bounds, max: undefined } }), whatIf: asked };
}

/** What the limit is a share of, where it comes from another query; otherwise the limit itself. */
export function capacityOf(query: ForewarnQuery, limit: number): number {
  const { capacity, value } = query.threshold ?? {};
  return capacity && value ? (100 * limit) / value : limit;
}
