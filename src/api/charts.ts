import { DataFrame, dateTime, Field, FieldType, LoadingState, MappingType, PanelData, TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';

import { ask, pool } from './ask';
import { messageOf } from './message';
import { Rule } from './rules';
import { Failure } from './warnings';

/** Rows of the strip; the others are in the dashboards. */
const MOST = 24;

/** Each rule's own query with all that a panel draws, by the rule's uid. */
export async function fetchCharts(
  rules: Rule[],
  range: TimeRange
): Promise<{ charts: Record<string, PanelData>; failures: Failure[] }> {
  const results = await pool(
    rules.map((rule) => () => ask(rule.datasourceUid, { ...rule.query, output: 'all' }, range))
  );
  const charts: Record<string, PanelData> = {};
  const failures: Failure[] = [];
  results.forEach((r, i) => {
    if (r.status === 'fulfilled') {
      charts[rules[i].uid] = r.value;
    } else {
      failures.push({ rule: rules[i], message: messageOf(r.reason) });
    }
  });
  return { charts, failures };
}

/** What belongs to one entity: the fields none of whose labels contradicts the entity's. */
export function onlyOf(data: PanelData, labels: Record<string, string>): PanelData {
  const belongs = (field: Field) =>
    field.type === FieldType.time ||
    Object.entries(field.labels ?? {}).every(([name, value]) => name === 'output' || labels[name] === value);
  return {
    ...data,
    // regions name their series only by title, and a sparkline has no room for them
    annotations: [],
    series: data.series
      .map((frame) => ({ ...frame, fields: frame.fields.filter(belongs) }))
      .filter((frame) => frame.fields.length > 1),
  };
}

/** What several fields of an answer are about. */
export interface Entity {
  name: string;
  labels: Record<string, string>;
}

/** What a field is about; nothing where it is the time. */
function entityOf(field: Field): (Entity & { output: string }) | undefined {
  if (field.type === FieldType.time || !field.labels) {
    return undefined;
  }
  const { output = '', ...labels } = field.labels;
  const drawn = field.config.displayNameFromDS ?? Object.values(labels).join(' ');
  return { name: drawn.endsWith(` ${output}`) ? drawn.slice(0, -output.length - 1) : drawn, labels, output };
}

const keyOf = ({ labels }: Entity) => JSON.stringify(Object.entries(labels).sort());

/** The entities of what is drawn, by the labels that tell them apart; several metrics of the same labels are several by their names. */
export function entitiesOf(data?: PanelData): Entity[] {
  const found = new Map<string, Array<Entity & { output: string }>>();
  for (const field of data?.series.flatMap((frame) => frame.fields) ?? []) {
    const entity = entityOf(field);
    if (entity) {
      const same = found.get(keyOf(entity)) ?? [];
      if (same.every((other) => other.output === entity.output && other.name !== entity.name)) {
        found.set(keyOf(entity), [...same, entity]);
      }
    }
  }
  return [...found.values()].flat().map(({ name, labels }) => ({ name, labels }));
}

/** What is drawn of one entity, as it is drawn alone. */
export function entityAlone(data: PanelData, entity: Entity): PanelData {
  const key = keyOf(entity);
  const several = entitiesOf(data).filter((other) => keyOf(other) === key).length > 1;
  const belongs = (field: Field) => {
    const own = entityOf(field);
    return !own || (keyOf(own) === key && (!several || own.name === entity.name));
  };
  return {
    ...data,
    series: data.series
      .map((frame) => ({ ...frame, fields: frame.fields.filter(belongs).map(alone) }))
      .filter((frame) => frame.fields.length > 1),
  };
}

/** A field as it is drawn for an entity alone: what was measured has the colour that it has everywhere, and its limit is shown. */
export function alone(field: Field): Field {
  switch (field.labels?.output) {
    case 'actual':
      return { ...field, config: { ...field.config, color: { mode: 'fixed', fixedColor: 'blue' } } };
    case 'threshold': // among several entities only that of the first is drawn
      return { ...field, config: { ...field.config, custom: { ...field.config.custom, hideFrom: undefined } } };
    default:
      return field;
  }
}

/** The scores of every rule that has some, over the past of the range, as words. Series that were always as usual are left out. */
export async function fetchStrip(rules: Rule[], range: TimeRange): Promise<PanelData | undefined> {
  const scored = rules.filter((r) => r.query.queryType === 'anomaly' || r.query.queryType === 'composite');
  const now = dateTime();
  const past: TimeRange = now.isBefore(range.to) ? { ...range, to: now } : range;
  if (scored.length === 0 || !past.from.isBefore(past.to)) {
    return undefined;
  }
  const results = await pool(
    scored.map((rule) => () => ask(rule.datasourceUid, { ...rule.query, output: 'score' }, past))
  );
  const rows = results.flatMap((r, i) =>
    r.status === 'fulfilled' ? r.value.series.flatMap((frame) => inWords(frame, scored[i])) : []
  );
  rows.sort((a, b) => b.unusual - a.unusual);
  const series = rows
    .filter((row) => row.unusual > 0)
    .slice(0, MOST)
    .map((row) => row.frame);
  return rows.length === 0 ? undefined : { ...blank(past), series };
}

const blank = (timeRange: TimeRange): PanelData => ({ state: LoadingState.Done, series: [], timeRange });

/** One frame for each series of a frame of scores, and how often it was unusual. */
function inWords(frame: DataFrame, rule: Rule): Array<{ frame: DataFrame; unusual: number }> {
  const time = frame.fields.find((f) => f.type === FieldType.time);
  if (!time) {
    return [];
  }
  return frame.fields
    .filter((f) => f.type === FieldType.number)
    .map((field) => {
      const classes = field.values.map(classOf);
      const words = WORDS();
      const name = `${(field.config.displayNameFromDS ?? field.name).replace(/ score$/, '')} · ${short(rule.name)}`;
      const score: Field = {
        name,
        type: FieldType.string,
        values: classes.map((c) => (c === null ? null : words[c].text)),
        config: {
          displayName: name,
          mappings: [{ type: MappingType.ValueToText, options: Object.fromEntries(words.map((w) => [w.text, w])) }],
        },
      };
      const unusual = classes.reduce<number>((sum, c) => sum + (c ?? 0), 0);
      return { frame: { ...frame, fields: [{ ...time, config: {} }, score], meta: undefined }, unusual };
    });
}

/** A name that leaves room for the entity on the axis. */
const short = (name: string) => (name.length > 14 ? `${name.slice(0, 13)}…` : name);

/** The class of a score: 0 as usual, 1 unusual, 2 far off; a missing one stays missing. */
export function classOf(score: number | null | undefined): number | null {
  if (score === null || score === undefined || Number.isNaN(score)) {
    return null;
  }
  return score >= 3 ? 2 : score >= 1 ? 1 : 0;
}

/** The words of the classes; translated when they are needed, not when the file is loaded. */
export const WORDS = () => [
  { text: t('strip.usual', 'as usual'), color: 'semi-dark-green', index: 0 },
  { text: t('strip.unusual', 'unusual'), color: 'orange', index: 1 },
  { text: t('strip.far', 'far off'), color: 'red', index: 2 },
];
