import { Entry } from './audit';
import { ModelState } from './model';
import { Store } from './status';

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
