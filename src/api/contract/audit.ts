import { Labels } from './definition';

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
