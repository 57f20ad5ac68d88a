import { Definition, Labels } from './definition';

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
