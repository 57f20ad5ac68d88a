import { ForewarnQuery } from './types';

/**
 * What Grafana's "new alert rule" form keeps of a query that a link hands over: since 12.3 it knows these fields alone, drops
 * the others and adds its defaults.
 */
interface Prefilled {
  expression?: string;
  instant?: boolean;
  range?: boolean;
}

/** The query as the rule form's link can carry it: whole, written into the one text that the form keeps. */
export function packed(query: ForewarnQuery): ForewarnQuery & Prefilled {
  return { ...query, expression: JSON.stringify(query) };
}

/**
 * The query that a link handed over, in place of the defaults that the form put there; the same object where there is nothing
 * to undo.
 */
export function unpacked(query: ForewarnQuery & Prefilled): ForewarnQuery {
  if (query.expression === undefined && query.instant === undefined && query.range === undefined) {
    return query;
  }
  const { expression, instant: _instant, range: _range, ...rest } = query;
  return { ...rest, ...parse(expression), refId: query.refId, datasource: query.datasource };
}

function parse(text?: string): Partial<ForewarnQuery> {
  try {
    const query: unknown = JSON.parse(text ?? '');
    return typeof query === 'object' && query ? query : {};
  } catch {
    return {};
  }
}
