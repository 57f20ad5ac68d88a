import { t } from '@grafana/i18n';

import { isTrail } from './annotations';
import { asksForCrossing } from './outputs';
import { ForewarnQuery, ParamSpec, SourceSpec, Threshold } from './types';

/** As Prometheus has it: each unit once at most, the greatest first. */
const DURATION = /^(?=\d)(\d+y)?(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?$/;

/** Whether a text is a positive duration as Prometheus writes it; empty means the default, a variable is left to Grafana. */
export function isDuration(text?: string): boolean {
  return !text || (DURATION.test(text) && /[1-9]/.test(text)) || text.includes('$');
}

/** The error of a duration field, or undefined. */
export function durationError(text?: string): string | undefined {
  return isDuration(text) ? undefined : t('validate.duration', 'Write a duration such as 5m, 24h or 14d');
}

/** The error of a number outside its limits, or undefined; an empty field is the default and never wrong. */
export function numberError(value?: number, min?: number, max?: number, integer?: boolean): string | undefined {
  if (value === undefined) {
    return undefined;
  }
  if (!Number.isFinite(value)) {
    return t('validate.number', 'Write a number');
  }
  if (integer && !Number.isInteger(value)) {
    return t('validate.integer', 'Write a whole number');
  }
  if (min !== undefined && value < min) {
    return t('validate.min', 'At least {{min}}', { min });
  }
  if (max !== undefined && value > max) {
    return t('validate.max', 'At most {{max}}', { max });
  }
  return undefined;
}

/** The error of an algorithm's parameter against what the algorithm declares, or undefined. */
export function paramError(param: ParamSpec, value: unknown): string | undefined {
  switch (param.kind) {
    case 'number':
    case 'integer':
      return numberError(value as number | undefined, param.min, param.max, param.kind === 'integer');
    case 'duration':
      return durationError(value as string | undefined);
    default:
      return undefined;
  }
}

/** The error of a Prometheus address, or undefined; empty means that Prometheus is not used. */
export function urlError(url?: string): string | undefined {
  return !url || /^https?:\/\/[^\s/]+/.test(url)
    ? undefined
    : t('validate.url', 'Write an address such as http://prometheus.example.com:9090');
}

/** The error of a MySQL address, or undefined; empty means that MySQL is not used. */
export function hostError(host?: string): string | undefined {
  return !host || /^\/\S+$/.test(host) || /^(\[[0-9a-fA-F:.]+\]|[^\s/:]+)(:\d{1,5})?$/.test(host)
    ? undefined
    : t('validate.host', 'Write host:port, or the path of a socket');
}

/** Whether a source says enough to be read. */
export function isComplete(source?: SourceSpec): boolean {
  switch (source?.kind) {
    case 'prometheus':
      return Boolean(source.expr?.trim());
    case 'mysql':
      return Boolean(source.rawSql?.trim());
    case 'logs':
      return Boolean(
        source.table &&
        source.time &&
        (source.message || !(source.keywords?.length || source.patterns)) &&
        !(source.keywords?.length && source.patterns)
      );
    default:
      return false;
  }
}

/** Whether a limit says enough to be compared with. */
export function isLimit(threshold?: Threshold): boolean {
  if (threshold?.query) {
    return isComplete(threshold.query);
  }
  const { value = NaN, capacity } = threshold ?? {};
  return Number.isFinite(value) && (!capacity || (value > 0 && isComplete(capacity)));
}

/** Whether the query needs a limit. */
export function needsThreshold(query: ForewarnQuery): boolean {
  const { queryType = 'forecast', model, output } = query;
  return (
    queryType === 'warning' ||
    (queryType === 'anomaly' && model?.algorithm === 'threshold') ||
    asksForCrossing(queryType, output)
  );
}

/** Whether a query can be sent; an unfinished one is not, so that typing does not raise errors. A trained model knows the rest itself. */
export function isRunnable(query: ForewarnQuery): boolean {
  if (query.hide) {
    return false;
  }
  if (isTrail(query)) {
    return true;
  }
  if (query.model?.name) {
    return true;
  }
  if (needsThreshold(query) && !isLimit(query.threshold)) {
    return false;
  }
  const { minVolume, agreement } = query.guards ?? {};
  if (
    query.queryType === 'anomaly' &&
    ((minVolume && !isComplete(query.volume)) || (agreement && !isComplete(query.agreement)))
  ) {
    return false;
  }
  if (query.deployments && !isComplete(query.deployments)) {
    return false;
  }
  if (query.queryType === 'composite') {
    const sources = query.sources ?? [];
    return sources.length >= 2 && sources.every((s) => isComplete(s) && Boolean(s.name)) && Boolean(query.join?.length);
  }
  return isComplete(query.source);
}
