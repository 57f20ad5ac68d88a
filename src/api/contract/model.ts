import { Definition } from './definition';
import { Job } from './job';
import { Store } from './status';

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
