/** Warnings and crossings of thresholds, counted. */
export interface Outcomes {
  /** Without those that came with the threshold crossed. */
  raised: number;
  /** It was crossed while they stood, or within 144 h. */
  confirmed: number;
  withdrawn: number;
  /** That time is not over. */
  open: number;
  crossings: number;
  /** Crossings that no warning came before. */
  missed: number;
  /** Median from the raising to the crossing. */
  leadHours: number | null;
}

/** How the warnings of one alert rule turned out. */
export interface RuleAccuracy extends Outcomes {
  rule: string;
  ruleUid: string;
}

/** A series that its seasonal-naive twin answers for, until its model wins again. */
export interface DemotedSeries {
  /** Its name. */
  series: string;
  ratio: number;
  since: string;
}

/** How the live version of a model does against its seasonal-naive twin. */
export interface ModelTrial {
  model: string;
  /** 0 = not measured yet. */
  version: number;
  measured: string | null;
  series: number;
  points: number;
  /** Of its error to the twin's: below 1 it wins; null = too early to tell. */
  ratio: number | null;
  demoted: DemotedSeries[];
}

/** The answer of GET accuracy. */
export interface LiveAccuracy {
  from: string;
  to: string;
  rules: RuleAccuracy[];
  total: Outcomes;
  models: ModelTrial[];
}
