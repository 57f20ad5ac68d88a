import { t } from '@grafana/i18n';

import { QueryType } from './types';

/** Outputs about where a forecast reaches its threshold. */
const CROSSING = ['eta', 'crossing', 'crossing_lower', 'crossing_upper'];

/** Whether the output of a query needs the limit that its forecast is to reach. */
export const asksForCrossing = (type: QueryType, output?: string): boolean =>
  type === 'forecast' && CROSSING.includes(output ?? '');

const OUTPUTS: Record<QueryType, string[]> = {
  forecast: ['all', 'components', 'hindcast', 'actual', 'expected', 'forecast', 'lower', 'upper', ...CROSSING],
  anomaly: ['all', 'score', 'anomalous', 'actual', 'expected', 'lower', 'upper', 'last_week'],
  warning: [
    'all',
    'table',
    'hindcast',
    'eta_early',
    'eta',
    'probability',
    'probability24',
    'probability72',
    'state',
    'firing',
    'current',
    'growth',
    'last_week',
  ],
  outlier: ['all', 'table', 'score', 'outlier', 'actual', 'expected', 'agree', 'members'],
  composite: ['all', 'table', 'score', 'anomalous', 'share'],
  series: ['all', 'actual'],
};

/** The outputs a query type can answer; an alert rule needs exactly one, so those for panels are left out for it. */
export function outputsFor(type: QueryType, forAlert = false): string[] {
  return OUTPUTS[type].filter((o) => !forAlert || !['all', 'table', 'components', 'hindcast'].includes(o));
}

/** The output that a rule on this query type most likely wants. */
export function alertOutput(type: QueryType): string {
  return type === 'forecast' ? 'forecast' : outputsFor(type, true)[0];
}

/** The output of a query: as written where the type has it, otherwise the default. */
export function outputOf(type: QueryType, output: string | undefined, forAlert: boolean): string {
  const known = outputsFor(type, forAlert);
  return output && known.includes(output) ? output : forAlert ? alertOutput(type) : known[0];
}

/** What an output gives, in words; the name itself stays the word that rules and docs use. */
export function outputHelp(output: string, type?: QueryType): string {
  switch (type === 'outlier' ? `outlier ${output}` : output) {
    case 'outlier actual':
      return t('output.level', 'Where the series is in the newest window');
    case 'outlier expected':
      return t('output.middle', 'Where the middle of its group is then');
  }
  switch (output) {
    case 'agree':
      return t('output.agree', 'Members of the group that are no outliers');
    case 'members':
      return t('output.members', 'Members of the group that could be compared');
    case 'crossing':
      return t('output.crossing', 'The forecast where it first reaches the threshold');
    case 'crossing_lower':
      return t('output.crossing-lower', 'Lower edge of the band there');
    case 'crossing_upper':
      return t('output.crossing-upper', 'Upper edge of the band there');
    case 'all':
      return t('output.all', 'Everything a panel draws');
    case 'components':
      return t('output.components', 'Trend, seasons and remainder, each a series');
    case 'hindcast':
      return t('output.hindcast', 'What was said before, beside what came');
    case 'share':
      return t('output.share', 'One signal’s part of the newest score, 0 to 1');
    case 'table':
      return t('output.table', 'One row for each series');
    case 'actual':
      return t('output.actual', 'The values as they were');
    case 'expected':
      return t('output.expected', 'What was to be expected one step ahead');
    case 'forecast':
      return t('output.forecast', 'The future');
    case 'lower':
      return t('output.lower', 'Lower edge of the band');
    case 'upper':
      return t('output.upper', 'Upper edge of the band');
    case 'score':
      return t('output.score', '0 as expected, 1 and more outside what is allowed');
    case 'anomalous':
      return t('output.anomalous', '1 where a deviation passed every guard, otherwise 0');
    case 'outlier':
      return t('output.outlier', '1 for a series unlike the others, otherwise 0');
    case 'eta':
      return t('output.eta', 'Hours until the threshold, median');
    case 'eta_early':
      return t('output.eta-early', 'Hours until the threshold, pessimistic');
    case 'probability':
      return t('output.probability', 'Chance of a crossing within the horizon, 0 to 1');
    case 'probability24':
      return t('output.probability24', 'Chance within 24 hours, 0 to 1');
    case 'probability72':
      return t('output.probability72', 'Chance within 72 hours, 0 to 1');
    case 'state':
      return t('output.state', '0 ok, 1 rising, 2 uncertain, 3 breached');
    case 'firing':
      return t('output.firing', '1 while the warning stands, 0 otherwise');
    case 'current':
      return t('output.current', 'The value now');
    case 'last_week':
      return t('output.last-week', 'The value at this time a week ago, for messages');
    case 'growth':
      return t('output.growth', 'Growth per day in the metric’s unit');
    default:
      return '';
  }
}
