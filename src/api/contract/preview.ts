import { Labels, ModelQuery } from './definition';

export interface PreviewRequest {
  query: ModelQuery;
}

export interface PreviewSeries {
  name: string;
  /** Which source of a composite it comes from; empty where there is one source. */
  signal: string;
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
