import { FieldType } from '@grafana/data';

import { ForewarnQuery, SourceSpec } from '../datasource/types';
import { ask } from './ask';
import { around } from './ranges';

/** Metrics listed at once; more letters find the others. */
const MOST = 100;

/** One column of a table. */
export interface Column {
  name: string;
  type: string;
}

/** A table of the source's database. */
export interface Table {
  name: string;
  columns: Column[];
}

/** The labels of each series that a source gives within the last hours, which are ten minutes unless said otherwise. */
export async function labelsOf(
  uid: string,
  source: SourceSpec,
  hours = 1 / 6
): Promise<Array<{ name: string; labels: Record<string, string> }>> {
  const query: ForewarnQuery = { refId: 'A', queryType: 'series', source, interval: '1m' };
  const { series } = await ask(uid, query, around(hours, 0));
  return series.flatMap((frame) =>
    frame.fields
      .filter((f) => f.type === FieldType.number)
      .map((f) => ({ name: f.config.displayNameFromDS ?? f.name, labels: f.labels ?? {} }))
  );
}

/** Names of metrics that contain a text, as far as Prometheus has values of them now. */
export async function findMetrics(uid: string, text: string): Promise<string[]> {
  const wanted = text.trim().replace(/[^a-zA-Z0-9_:]/g, '.');
  const expr = `topk(${MOST}, count by (metric) (label_replace({__name__=~"(?i).*${wanted}.*"}, "metric", "$1", "__name__", "(.+)")))`;
  const found = await labelsOf(uid, { kind: 'prometheus', expr, legendFormat: '{{metric}}' });
  return found.map((f) => f.labels.metric ?? f.name).sort();
}

/** What a metric's name says of how it is read: counters by their rate, histograms by their 95th percentile. */
export function expressionFor(metric: string): string {
  if (metric.endsWith('_bucket')) {
    return `histogram_quantile(0.95, sum by (le) (rate(${metric}[5m])))`;
  }
  return /_(total|count|sum)$/.test(metric) ? `rate(${metric}[5m])` : metric;
}

const COLUMNS = `SELECT $__unixEpochTo() - 120 AS time, table_name AS tbl, column_name AS col, data_type AS typ, ordinal_position AS value
FROM information_schema.columns WHERE table_schema = DATABASE()`;

/** The tables of the source's MySQL database that have a column of times. */
export async function findTables(uid: string): Promise<Table[]> {
  const found = await labelsOf(uid, { kind: 'mysql', rawSql: COLUMNS, format: 'time_series' });
  const tables = new Map<string, Table>();
  for (const { labels } of found) {
    const table = tables.get(labels.tbl) ?? { name: labels.tbl, columns: [] };
    table.columns.push({ name: labels.col, type: labels.typ });
    tables.set(labels.tbl, table);
  }
  return [...tables.values()].filter((table) => timesOf(table).length > 0).sort((a, b) => a.name.localeCompare(b.name));
}

/** Columns that hold times. */
export const timesOf = (table: Table) =>
  table.columns.filter((c) => /^(date|timestamp)/i.test(c.type)).map((c) => c.name);

/** Columns that hold numbers. */
export const numbersOf = (table: Table) =>
  table.columns.filter((c) => /int|dec|float|double|num/i.test(c.type) && !/^id$/i.test(c.name)).map((c) => c.name);

/** Columns that hold short texts, which tell series apart. */
export const textsOf = (table: Table) => table.columns.filter((c) => /char|enum/i.test(c.type)).map((c) => c.name);

const quoted = (name: string) => `\`${name.replace(/`/g, '``')}\``;

/** A statement that adds up a column of a table in steps, or counts its rows where no column is given. */
export function sqlFor(table: Table, value?: string, label?: string): string {
  const time = quoted(timesOf(table)[0]);
  const number = value ? `SUM(${quoted(value)}) AS ${quoted(value)}` : 'COUNT(*) AS number_of_rows';
  const metric = label ? `, ${quoted(label)} AS metric` : '';
  const group = label ? '1, 2' : '1';
  return `SELECT $__timeGroup(${time}, '5m') AS time${metric}, ${number}\nFROM ${quoted(table.name)}\nWHERE $__timeFilter(${time})\nGROUP BY ${group} ORDER BY 1`;
}

/** A log table as a source: its columns are guessed from their names. */
export function logsFor(table: Table): SourceSpec {
  const texts = table.columns.filter((c) => /char|text|enum/i.test(c.type)).map((c) => c.name);
  const like = (pattern: RegExp) => texts.find((name) => pattern.test(name));
  return {
    kind: 'logs',
    table: table.name,
    time: timesOf(table)[0],
    message: like(/^(message|msg|text|log|line|body)/i) ?? texts[texts.length - 1],
    level: like(/level|severity/i),
    entity: like(/container|host|instance|service|app|pod/i),
    keywords: ['OutOfMemory', 'timeout'],
  };
}
