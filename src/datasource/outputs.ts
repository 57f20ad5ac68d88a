import { QueryType } from './types';

const OUTPUTS: Record<QueryType, string[]> = {
  forecast: ['all', 'actual', 'expected', 'forecast', 'lower', 'upper'],
  anomaly: ['all', 'score', 'anomalous', 'actual', 'expected', 'lower', 'upper'],
  warning: ['all', 'table', 'eta_early', 'eta', 'probability', 'probability24', 'probability72', 'state', 'current', 'growth'],
  outlier: ['all', 'table', 'score', 'outlier'],
  composite: ['all', 'table', 'score', 'anomalous'],
  series: ['all', 'actual'],
};

/** The outputs a query type can answer; an alert rule needs exactly one, so `all` and `table` are left out for it. */
export function outputsFor(type: QueryType, forAlert = false): string[] {
  return OUTPUTS[type].filter((o) => !forAlert || (o !== 'all' && o !== 'table'));
}

/** The output that a rule on this query type most likely wants. */
export function alertOutput(type: QueryType): string {
  return outputsFor(type, true)[0];
}
