import { DataQuery } from '@grafana/schema';
import { DataSourceJsonData } from '@grafana/data';

import type { Filter } from '../api/contract';

/** What is asked of the series. */
export type QueryType = 'forecast' | 'anomaly' | 'warning' | 'outlier' | 'composite' | 'series';

/** Kinds of sources. */
export type SourceKind = 'prometheus' | 'mysql' | 'logs';

/** Where series come from; the names are those of Grafana's own data sources. */
export interface SourceSpec {
  kind: SourceKind;
  expr?: string;
  legendFormat?: string;
  interval?: string;
  rawSql?: string;
  format?: 'time_series' | 'table';
  table?: string;
  time?: string;
  message?: string;
  level?: string;
  entity?: string;
  keywords?: string[];
  levels?: string[];
  /** So many message patterns are found and counted, instead of keywords. */
  patterns?: number;
}

/** A source of deployments: each value above 0 is one, after which nothing is flagged for a while. */
export interface DeploymentSource extends SourceSpec {
  quiet?: string;
}

/** One signal of a composite. */
export interface NamedSource extends SourceSpec {
  name: string;
}

/** An algorithm with options, or a trained model by name. */
export interface ModelSpec {
  algorithm?: string;
  options?: Record<string, unknown>;
  name?: string;
  version?: number;
}

/** A limit in the metric's unit. */
export interface Threshold {
  /** Left out where it is the newest value of `query`. */
  value?: number;
  direction: 'above' | 'below';
  /** Warning: its newest value is the threshold. */
  query?: SourceSpec;
  /** Warning: `value` is per cent of its newest value. */
  capacity?: SourceSpec;
}

/** What a warning would say if the capacity were another, or if it grew faster by so many per cent from a time on. */
export interface WhatIf {
  capacity?: number;
  growth?: number;
  from?: string;
}

/** What holds a flag back although its score is high. Durations are written as 10m. */
export interface Guards {
  minDeviation?: number;
  minRelative?: number;
  floor?: number;
  for?: string;
  /** So many of the n newest points have to be flagged. */
  k?: number;
  n?: number;
  minVolume?: number;
  /** Another signal was unusual so long ago at most. */
  agreement?: string;
  cooldown?: string;
}

/** Local days of one's own, the last one included; dates are written as 2026-10-01. */
export interface CalendarDays {
  date: string;
  /** The last day; left out where it is the first. */
  to?: string;
  kind: 'holiday' | 'workday';
  name?: string;
}

/** A stretch of time, RFC 3339. */
export interface CalendarSpan {
  from: string;
  to: string;
  reason?: string;
}

/** Maintenance on days of the week, mon to sun, none of them being every day, from a local time such as 02:30 on. */
export interface WeeklyWindow {
  days?: string[];
  start: string;
  duration: string;
  reason?: string;
}

/** What is known of time (pkg/calendar). */
export interface Calendar {
  /** IANA name; empty is UTC. */
  timezone?: string;
  /** Country of the bundled holidays. */
  holidays?: string;
  days?: CalendarDays[];
  excluded?: CalendarSpan[];
  maintenance?: Array<CalendarSpan | WeeklyWindow>;
  events?: CalendarSpan[];
}

/** A query of the Forewarn data source, as the back end parses it (pkg/query). Durations are written as 5m, 24h, 14d. */
export interface ForewarnQuery extends DataQuery {
  queryType?: QueryType;
  source?: SourceSpec;
  sources?: NamedSource[];
  join?: string[];
  /** Composite with output share: the source whose part is asked for. */
  signal?: string;
  model?: ModelSpec;
  trainingWindow?: string;
  interval?: string;
  horizon?: string;
  /** Forecast with output hindcast: how long before a point it was forecast. */
  lead?: string;
  confidence?: number;
  bounds?: { min?: number; max?: number };
  threshold?: Threshold;
  whatIf?: WhatIf;
  guards?: Guards;
  /** What ratios rest on, such as requests beside an error rate. */
  volume?: SourceSpec;
  /** Another signal, for the guard of that name. */
  agreement?: SourceSpec;
  deployments?: DeploymentSource;
  calendar?: Calendar;
  direction?: 'both' | 'above' | 'below';
  style?: 'auto' | 'none';
  /** Of the sentences that explain; the reader's where nothing is said. */
  language?: 'en-US' | 'zh-Hans';
  output?: string;
  /** Of the dashboard: in every PromQL expression of the query. */
  adhocFilters?: Filter[];
}

/** MySQL connection settings. Times in seconds unless written with a unit. */
export interface MySQLOptions {
  url?: string;
  user?: string;
  database?: string;
  maxOpenConns?: number;
  maxIdleConns?: number;
  connMaxLifetime?: number;
  timezone?: string;
  tlsAuth?: boolean;
  tlsAuthWithCACert?: boolean;
  tlsSkipVerify?: boolean;
  allowCleartextPasswords?: boolean;
  queryTimeout?: string;
  maxRows?: number;
}

/** Settings of the data source; Prometheus uses the top level, as Grafana's own source does. */
export interface ForewarnOptions extends DataSourceJsonData {
  httpMethod?: 'POST' | 'GET';
  timeInterval?: string;
  queryTimeout?: string;
  customQueryParameters?: string;
  tlsAuth?: boolean;
  tlsAuthWithCACert?: boolean;
  tlsSkipVerify?: boolean;
  serverName?: string;
  timeout?: number;
  enableSecureSocksProxy?: boolean;
  mysql?: MySQLOptions;
  defaults?: { trainingWindow?: string; interval?: string; horizon?: string; confidence?: number };
}

/** Secrets; write-only. */
export interface ForewarnSecrets {
  basicAuthPassword?: string;
  bearerToken?: string;
  tlsCACert?: string;
  tlsClientCert?: string;
  tlsClientKey?: string;
  mysqlPassword?: string;
  mysqlTLSCACert?: string;
  mysqlTLSClientCert?: string;
  mysqlTLSClientKey?: string;
}

/** A parameter that an algorithm declares. */
export interface ParamSpec {
  name: string;
  kind: 'number' | 'integer' | 'boolean' | 'choice' | 'duration';
  default: unknown;
  min?: number;
  max?: number;
  choices?: string[];
  unit?: string;
  help: string;
}

/** An algorithm as GET algorithms lists it. */
export interface Algorithm {
  id: string;
  title: string;
  summary: string;
  reference: string;
  minPoints: number;
  params: ParamSpec[] | null;
}

/** A trained model, as far as a query has to know it. */
export interface TrainedModel {
  definition: { name: string; query: Partial<ForewarnQuery> };
  /** The version that answers; 0 = none yet. */
  live: number;
}

/** The registry by what it is for. */
export interface Algorithms {
  forecast: Algorithm[];
  anomaly: Algorithm[];
  outlier: Algorithm[];
}
