import { Definition } from './definition';

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

export interface Jobs {
  jobs: Job[];
}

export interface TrainDraft {
  definition: Definition;
}
