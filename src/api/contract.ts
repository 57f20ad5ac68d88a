import { Algorithms, ForewarnQuery } from '../datasource/types';

// The requests and answers of the data source's resource API, as pkg/plugin/api has them; tests/contract holds a sample of
// each, which the tests of both languages read. Times are RFC 3339 in UTC, durations are texts such as 24h, unknown is null.

export type { Algorithms };

/** Labels of a series. */
export type Labels = Record<string, string>;

/** The query of a definition: what it reads and how it is modelled. */
export type ModelQuery = Omit<ForewarnQuery, 'refId'>;

/** A stretch that is not learnt from. */
export interface Excluded {
  from: string;
  to: string;
  reason: string;
}

/** What a model is to be. */
export interface Definition {
  name: string;
  description: string;
  query: ModelQuery;
  /** Alerts a week that the sensitivity is set for; 0 leaves it to the detector. */
  alertBudget: number;
  /** A duration; empty means never. */
  retrainEvery: string;
  retrainOnDrift: boolean;
  /** Labels that name the thing a series belongs to. */
  entityLabels: string[];
  /** IANA name; empty means UTC. */
  timezone: string;
  holidays: string;
  excluded: Excluded[];
  labels: Labels;
  paused: boolean;
  /** Trained to look at, not saved yet. */
  draft: boolean;
  /** Comes from the data source's settings and cannot be changed here. */
  provisioned: boolean;
}

/** Held-out errors beside those of "same as last season"; skill is the share of the latter that is gone. */
export interface Accuracy {
  mase: number | null;
  twinMase: number | null;
  skill: number | null;
}

/** One field of a definition that differs. */
export interface Change {
  field: string;
  before: unknown;
  after: unknown;
}

/** Counts series. */
export interface Progress {
  done: number;
  /** 0 until the source has been read. */
  total: number;
  current: string;
}

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** One training. */
export interface Job {
  id: string;
  model: string;
  version: number;
  state: JobState;
  attempt: number;
  created: string;
  started: string | null;
  finished: string | null;
  progress: Progress;
  error: string;
  by: string;
  reason: string;
}

export type ModelState = 'ready' | 'training' | 'failed' | 'stale' | 'paused' | 'empty';

/** A definition with what has become of it. */
export interface Model {
  definition: Definition;
  /** Version that answers queries; 0 means none. */
  live: number;
  latest: number;
  created: string;
  createdBy: string;
  updated: string;
  updatedBy: string;
  trainedAt: string | null;
  nextTraining: string | null;
  series: number;
  points: number;
  bytes: number;
  error: Accuracy;
  coverage: number | null;
  /** 0 is as in training, at 1 a retraining is due. */
  drift: number | null;
  state: ModelState;
  job: Job | null;
  /** What has changed in the definition since the live version was trained. */
  pending: Change[];
}

/** Where models live. */
export interface Store {
  kind: 'memory' | 'sqlite' | 'mysql';
  ok: boolean;
  message: string;
  path: string;
}

export interface Models {
  models: Model[];
  store: Store;
  /** What is wrong with the definitions in the data source's settings. */
  problems: string[];
}

export interface CreateModel {
  definition: Definition;
  train: boolean;
}

export interface CreatedModel {
  model: Model;
  job: Job | null;
}

export interface ChangeModel {
  definition: Definition;
}

export interface Promote {
  version: number;
}

export interface Pause {
  paused: boolean;
}

export interface TrainDraft {
  definition: Definition;
}

export interface Jobs {
  jobs: Job[];
}

/** The outcome of one training. */
export interface Version {
  number: number;
  trainedAt: string;
  trainedBy: string;
  from: string;
  to: string;
  points: number;
  series: number;
  bytes: number;
  error: Accuracy;
  coverage: number | null;
  changes: Change[];
  live: boolean;
}

export interface Versions {
  versions: Version[];
}

/** What training found for one series; an empty algorithm means that it is too short. */
export interface SeriesResult {
  name: string;
  labels: Labels;
  algorithm: string;
  reason: string;
  mase: number | null;
  twinMase: number | null;
  skill: number | null;
  coverage: number | null;
  seasons: string[];
  points: number;
  gaps: number;
  notices: string[];
}

export interface VersionDetail extends Version {
  definition: Definition;
  results: SeriesResult[];
}

/** A version with its fitted state, base64. */
export interface ExportVersion extends VersionDetail {
  summary: unknown;
  states: string;
}

/** A model as a file. */
export interface Export {
  format: string;
  definition: Definition;
  versions: ExportVersion[];
  live: number;
  checksum: string;
}

export interface PreviewRequest {
  query: ModelQuery;
}

export interface PreviewSeries {
  name: string;
  labels: Labels;
  points: number;
  missing: number;
  from: string | null;
  to: string | null;
}

export interface Cost {
  series: number;
  points: number;
  sourceSeconds: number;
  fitSeconds: number;
}

export interface Readiness {
  level: 'none' | 'short' | 'basic' | 'daily' | 'weekly';
  message: string;
}

/** What a query's training would read, cost and be good for. */
export interface Preview {
  series: PreviewSeries[];
  cost: Cost;
  readiness: Readiness;
  notices: string[];
}

/** A definition, or a model's name. */
export interface ReplayRequest {
  definition?: Definition;
  model?: string;
  days: number;
  alertsPerWeek?: number;
}

export interface ReplayAlert {
  series: string;
  labels: Labels;
  from: string;
  to: string;
  minutes: number;
  peak: number;
  actual: number | null;
  expected: number | null;
  reason: string;
}

export interface CurvePoint {
  scoreThreshold: number;
  perWeek: number;
}

/** What would have fired. */
export interface Replay {
  from: string;
  to: string;
  perWeek: number;
  scoreThreshold: number;
  alerts: ReplayAlert[];
  curve: CurvePoint[];
  notices: string[];
}

export type LabelKind = 'incident' | 'not-an-anomaly';

/** What a person says of a stretch of a model's series. */
export interface NewLabel {
  model: string;
  series: Labels;
  from: string;
  to: string;
  kind: LabelKind;
  note: string;
}

export interface Label extends NewLabel {
  id: string;
  by: string;
  at: string;
}

export interface LabelList {
  labels: Label[];
}

/** How often an algorithm's labelled alerts were right. */
export interface Precision {
  model: string;
  algorithm: string;
  incidents: number;
  notAnomalies: number;
  precision: number | null;
}

export interface PrecisionAnswer {
  precision: Precision[];
}

/** One line of the trail. */
export interface Entry {
  seq: number;
  time: string;
  who: string;
  action: string;
  model: string;
  version: number;
  subject: string;
  labels: Labels;
  values: Record<string, unknown>;
  note: string;
  hash: string;
  previous: string;
}

export interface Audit {
  entries: Entry[];
  more: boolean;
}

export interface Verified {
  ok: boolean;
  entries: number;
  firstBroken: number;
  message: string;
}

export interface Channel {
  name: string;
  kind: string;
  host: string;
  enabled: boolean;
  lastStatus: string;
  lastAt: string | null;
}

export interface Channels {
  channels: Channel[];
}

export interface ChannelTest {
  ok: boolean;
  status: number;
  answer: string;
  milliseconds: number;
}

/** The state of one connection. */
export interface Side {
  configured: boolean;
  ok: boolean;
  message: string;
}

export interface Status {
  version: string;
  prometheus: Side;
  mysql: Side;
  store: Store;
  cache: { fits: number; fitBytes: number; reads: number; readBytes: number };
}

/** A warning for the trail. */
export interface TrailWarning {
  state: 'raised' | 'resolved';
  key: string;
  rule: string;
  model: string;
  version: number;
  subject: string;
  labels: Labels;
  values: Record<string, unknown>;
  note: string;
  at: string | null;
}

export interface Recorded {
  recorded: boolean;
  seq: number;
}

/** The body of every refusal. */
export interface Problem {
  error: string;
  field?: string;
}

/** Answer of GET overview: a data source's models and warnings at a glance. */
export interface Overview {
  models: Fleet;
  /** The newest that are raised and not resolved, at most 50. */
  warnings: Entry[];
  /** How many are. */
  open: number;
  raised24h: number;
  store: Store;
  problems: string[];
}

/** Models by number; drafts do not count. */
export interface Fleet {
  total: number;
  /** That have a live version. */
  answering: number;
  /** Whose retraining is due by their errors. */
  drifted: number;
  states: Record<ModelState, number>;
  oldestTraining: string | null;
  nextTraining: string | null;
}
