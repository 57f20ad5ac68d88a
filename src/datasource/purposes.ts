import { t } from '@grafana/i18n';

import { QueryType, SourceSpec, ForewarnQuery } from './types';

/** What can be asked of series, in words. */
export const purposes = (): Array<{ value: QueryType; label: string; description: string }> => [
  {
    value: 'forecast',
    label: t('query.type-forecast', 'Forecast'),
    description: t('query.type-forecast-help', 'The next hours or days with a band'),
  },
  {
    value: 'anomaly',
    label: t('query.type-anomaly', 'Anomaly'),
    description: t('query.type-anomaly-help', 'What is unusual for this hour'),
  },
  {
    value: 'warning',
    label: t('query.type-warning', 'Early warning'),
    description: t('query.type-warning-help', 'How long is left until a limit'),
  },
  {
    value: 'outlier',
    label: t('query.type-outlier', 'Outlier in a group'),
    description: t('query.type-outlier-help', 'Which series is unlike the others'),
  },
  {
    value: 'composite',
    label: t('query.type-composite', 'Several signals'),
    description: t('query.type-composite-help', 'One score from several sources for each entity'),
  },
  {
    value: 'series',
    label: t('query.type-series', 'As it is'),
    description: t('query.type-series-help', 'The values, with no model'),
  },
];

/** The text of a source on one line. */
function sourceLine(source?: SourceSpec): string {
  const text = source?.expr || source?.rawSql || [source?.table, ...(source?.keywords ?? [])].filter(Boolean).join(' ');
  return text.replace(/\s+/g, ' ').trim();
}

/** The query on one line, for folded rows and the history: what for, of what, up to which limit. */
export function queryLine(query: ForewarnQuery): string {
  const { queryType = 'forecast', threshold } = query;
  const what = purposes().find((p) => p.value === queryType)?.label ?? queryType;
  const of = query.model?.name
    ? `${query.model.name}${query.model.version ? ` v${query.model.version}` : ''}`
    : [query.source, ...(query.sources ?? [])].map(sourceLine).filter(Boolean).join(' + ');
  const limits = queryType === 'warning' && !query.model?.name && threshold;
  return `${what}: ${of}${limits ? limitText(threshold) : ''}`;
}

function limitText({ value, direction, query, capacity }: NonNullable<ForewarnQuery['threshold']>): string {
  const sign = direction === 'below' ? ' < ' : ' > ';
  if (query) {
    return sign + sourceLine(query);
  }
  return `${sign}${value}${capacity ? ` % × ${sourceLine(capacity)}` : ''}`;
}
