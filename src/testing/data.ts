import { createDataFrame, DataFrame, dateTime, FieldType, LoadingState, PanelData, TimeRange } from '@grafana/data';

import { Instance, Rule } from '../api/rules';
import { NEVER, Warning } from '../api/warnings';
import { Overview } from '../pages/useOverview';

/** A fixed moment that tests count from. */
export const NOW = Date.parse('2026-03-01T12:00:00Z');

/** The week before NOW and the day after. */
export const RANGE: TimeRange = {
  from: dateTime(NOW - 7 * 86_400_000),
  to: dateTime(NOW + 86_400_000),
  raw: { from: 'now-7d', to: 'now+24h' },
};

/** A firing instance. */
export const instance = (change: Partial<Instance> = {}): Instance => ({
  labels: { alertname: 'Disk', instance: 'db-2', mountpoint: '/var', severity: 'warning' },
  summary: 'db-2 /var: disk full in 6 h',
  state: 'firing',
  since: '2026-03-01T11:00:00Z',
  ...change,
});

/** A healthy early-warning rule without active instances. */
export const rule = (change: Partial<Rule> = {}): Rule => ({
  uid: 'disk',
  name: 'Disk filling up',
  folder: 'Forewarn',
  query: {
    refId: 'A',
    queryType: 'warning',
    source: { kind: 'prometheus', expr: 'disk' },
    threshold: { value: 90, direction: 'above' },
    output: 'eta_early',
  },
  datasourceUid: 'fw',
  instances: [],
  ...change,
});

/** A warning that has no time to state. */
export const warning = (change: Partial<Warning> = {}): Warning => ({
  rule: rule(),
  series: 'db-1 /',
  current: 40,
  threshold: 90,
  eta: NEVER,
  etaEarly: NEVER,
  probability: 0,
  growth: 0,
  state: 'ok',
  labels: { instance: 'db-1', mountpoint: '/' },
  heldBack: '',
  ...change,
});

const COLUMNS = [
  'series',
  'instance',
  'current',
  'threshold',
  'eta',
  'eta_early',
  'date',
  'probability',
  'growth',
  'state',
  'held back',
] as const;
const TEXTS: readonly string[] = ['series', 'instance', 'state', 'held back'];

/** A table frame of warnings as the back end gives it, with the limit of 90 where a row names none. */
export const warningTable = (rows: Array<Partial<Record<(typeof COLUMNS)[number], unknown>>>): DataFrame =>
  createDataFrame({
    fields: COLUMNS.map((name) => ({
      name,
      type: TEXTS.includes(name) ? FieldType.string : FieldType.number,
      values: rows.map((row) => (name === 'threshold' && row.threshold === undefined ? 90 : (row[name] ?? null))),
    })),
  });

/** A frame of one series for each entity. */
export const wide = (entities: Record<string, Array<number | null>>, output = 'score'): DataFrame =>
  createDataFrame({
    fields: [
      {
        name: 'time',
        type: FieldType.time,
        values: Object.values(entities)[0].map((_, i) => NOW - 3_600_000 + i * 60_000),
      },
      ...Object.entries(entities).map(([host, values]) => ({
        name: output,
        type: FieldType.number,
        values,
        labels: { instance: host, output },
        config: { displayNameFromDS: `${host} ${output}` },
      })),
    ],
  });

/** What a panel draws. */
export const panelData = (series: DataFrame[]): PanelData => ({ state: LoadingState.Done, series, timeRange: RANGE });

/** An overview on which all is well and everything has been read. */
export const overview = (change: Partial<Overview> = {}): Overview => ({
  hasDataSource: true,
  rules: [rule()],
  warnings: [],
  fired: 0,
  charts: {},
  units: {},
  strip: null,
  failures: [],
  at: NOW,
  ...change,
});
