import { Definition, Labels } from './definition';
import { Accuracy, Change } from './model';

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
