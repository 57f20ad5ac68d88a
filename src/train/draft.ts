import { Definition, ModelQuery } from '../api/contract';
import { ForewarnQuery, QueryType } from '../datasource/types';

/** Zone of the browser, which a new model learns its days in. */
export const localZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC';

/** A definition before anything is known but its query. */
export function newDefinition(query: ModelQuery): Definition {
  return {
    name: '',
    description: '',
    query,
    alertBudget: 0,
    retrainEvery: '24h',
    retrainOnDrift: true,
    entityLabels: [],
    timezone: localZone(),
    holidays: '',
    excluded: [],
    labels: {},
    paused: false,
    draft: true,
    provisioned: false,
  };
}

/** What a new wizard starts with. */
export const emptyQuery = (): ModelQuery => ({
  queryType: 'anomaly',
  source: { kind: 'prometheus', expr: '' },
  trainingWindow: '14d',
});

/** The query as a definition keeps it: without what belongs to a panel, and with an algorithm in place of a trained model. */
export function modelQuery(query: ForewarnQuery): ModelQuery {
  const { refId, datasource, hide, key, output, style, ...rest } = query;
  const { name, version, ...model } = rest.model ?? {};
  const type: QueryType = rest.queryType && rest.queryType !== 'series' ? rest.queryType : 'forecast';
  return JSON.parse(JSON.stringify({ ...rest, queryType: type, ...(rest.model && { model }) }));
}

const WORDS: Array<[RegExp, string]> = [
  [/cpu/i, 'cpu'],
  [/filesystem|disk|fs_usage/i, 'disk'],
  [/mem/i, 'memory'],
  [/latency|duration/i, 'latency'],
  [/error|code=~?"5/i, 'errors'],
  [/requests?_total|http_requests/i, 'requests'],
  [/orders/i, 'orders'],
];

const plain = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);

/** A name that says what is read and what for, and that no other model has. */
export function suggestName(query: ModelQuery, taken: string[]): string {
  const source = query.source ?? query.sources?.[0];
  const text = [source?.expr, source?.rawSql, source?.table].filter(Boolean).join(' ');
  const known = WORDS.find(([word]) => word.test(text))?.[1];
  const metric = /[a-z][a-z0-9]*_[a-z0-9_]+/i.exec(text)?.[0];
  const base = `${known ?? plain(metric ?? source?.table ?? 'series')}-${query.queryType ?? 'forecast'}`;
  let name = base;
  for (let n = 2; taken.includes(name); n++) {
    name = `${base}-${n}`;
  }
  return name;
}

/** What a training depends on, as one text: two definitions of the same text would learn the same. */
export function trainingKey(d: Definition): string {
  return JSON.stringify([d.query, d.excluded, d.timezone, d.holidays, d.entityLabels]);
}

/** Whether a name can be a model's: letters of any script, digits and -_. between them. */
export const isName = (name: string) => /^[\p{L}\p{N}]([\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}])?$/u.test(name);
