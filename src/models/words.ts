import { t } from '@grafana/i18n';

import { ModelQuery } from '../api/contract';
import { algorithmName } from '../datasource/names';
import { QueryType } from '../datasource/types';

/** What a model is for, in a word. */
export function purposeName(type?: QueryType): string {
  switch (type) {
    case 'anomaly':
      return t('purpose.anomaly', 'Anomaly');
    case 'warning':
      return t('purpose.warning', 'Early warning');
    case 'outlier':
      return t('purpose.outlier', 'Outlier in a group');
    case 'composite':
      return t('purpose.composite', 'Several signals');
    default:
      return t('purpose.forecast', 'Forecast');
  }
}

/** The text of what a query reads: its PromQL, SQL or log table; of several joined, one a line. */
export function sourceText(query: ModelQuery): string {
  return [query.source, ...(query.sources ?? [])]
    .map((s) => s?.expr ?? s?.rawSql ?? s?.table ?? '')
    .filter(Boolean)
    .join('\n');
}

/** What an algorithm is called that stands in an answer by its id. */
export const algorithmText = (id: string): string =>
  id === 'auto' ? t('query.model-auto', 'Auto') : algorithmName({ id, title: id });
