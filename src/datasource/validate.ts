import { t } from '@grafana/i18n';

import { ForewarnQuery, SourceSpec } from './types';

const DURATION = /^((\d+)(y|w|d|h|m|s|ms))+$/;

/** Whether a text is a positive duration as Prometheus writes it; empty means the default. */
export function isDuration(text?: string): boolean {
  return !text || (DURATION.test(text) && /[1-9]/.test(text)) || text.includes('$');
}

/** The error of a duration field, or undefined. */
export function durationError(text?: string): string | undefined {
  return isDuration(text)
    ? undefined
    : t('validate.duration', 'Write a duration such as 5m, 24h or 14d');
}

/** Whether a source says enough to be read. */
export function isComplete(source?: SourceSpec): boolean {
  switch (source?.kind) {
    case 'prometheus':
      return Boolean(source.expr?.trim());
    case 'mysql':
      return Boolean(source.rawSql?.trim());
    case 'logs':
      return Boolean(source.table && source.time && (source.message || !source.keywords?.length));
    default:
      return false;
  }
}

/** Whether a query can be sent; an unfinished one is not, so that typing does not raise errors. */
export function isRunnable(query: ForewarnQuery): boolean {
  if (query.hide) {
    return false;
  }
  if (query.queryType === 'composite') {
    return (query.sources ?? []).filter(isComplete).length >= 2 && Boolean(query.join?.length);
  }
  if (query.queryType === 'warning' && query.threshold === undefined) {
    return false;
  }
  return isComplete(query.source);
}
