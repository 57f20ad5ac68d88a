import { formattedValueToString, getValueFormat } from '@grafana/data';
import { t } from '@grafana/i18n';

import { language } from './language';
import { NEVER, Warning } from './warnings';

/** Stands for a value that there is not. */
export const NOTHING = '–';

/** Hours as people say them; the defined values as words. */
export function hoursLeft(hours: number): string {
  if (hours >= 2 * NEVER) {
    return t('format.uncertain', 'uncertain');
  }
  if (hours >= NEVER) {
    return t('format.never', 'never');
  }
  if (hours <= 0) {
    return t('format.now', 'now');
  }
  if (hours < 1) {
    return t('format.minutes', '{{n}} min', { n: Math.max(1, Math.round(hours * 60)) });
  }
  if (hours < 72) {
    return t('format.hours', '{{n}} h', { n: Math.round(hours) });
  }
  return t('format.days', '{{n}} d', { n: Math.round(hours / 24) });
}

/** A value in its unit; without one, with about three digits that say something. */
export function inUnit(v: number | null, unit?: string): string {
  if (v === null || !Number.isFinite(v)) {
    return NOTHING;
  }
  if (unit) {
    return formattedValueToString(getValueFormat(unit)(v));
  }
  return Math.abs(v) >= 1000 ? Math.round(v).toLocaleString() : String(Number(v.toPrecision(3)));
}

/** A change per day with its sign. */
export function perDay(v: number, unit?: string): string {
  return v > 0 ? `+${inUnit(v, unit)}` : inUnit(v, unit);
}

/** Whether a warning says that something runs out within the given hours. */
export function runsOutWithin(w: Warning, hours: number): boolean {
  return w.etaEarly <= hours;
}

/** Whether there is a time to state. */
export function isInSight(w: Warning): boolean {
  return w.eta < NEVER || w.etaEarly < NEVER;
}

const STEPS: Array<[Intl.RelativeTimeFormatUnit, number]> = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How far ahead or back a moment is, in the reader's language. */
export function fromNow(iso: string, now = Date.now()): string {
  const ahead = Date.parse(iso) - now;
  const words = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' });
  const [unit, ms] = STEPS.find(([, length]) => Math.abs(ahead) >= length) ?? ['minute', 60_000];
  // what has passed is counted in whole steps
  return words.format(ahead > 0 ? Math.round(ahead / ms) : -Math.floor(-ahead / ms), unit);
}

/** A number of things, with the reader's separators. */
export function count(n: number): string {
  return Math.round(n).toLocaleString(language());
}

/** A span of seconds as people say it. */
export function seconds(n: number): string {
  if (n < 1) {
    return t('format.under-second', 'under 1 s');
  }
  if (n < 90) {
    return t('format.seconds', '{{n}} s', { n: n < 10 ? Number(n.toFixed(1)) : Math.round(n) });
  }
  return hoursLeft(n / 3600);
}

/** A share as per cent; unknown is a dash. */
export function percent(share: number | null | undefined, digits = 0): string {
  return share === null || share === undefined || !Number.isFinite(share)
    ? NOTHING
    : t('format.percent', '{{n}} %', { n: Number((100 * share).toFixed(digits)) });
}

/** Bytes in the unit that suits them. */
export function bytes(n: number): string {
  return formattedValueToString(getValueFormat('bytes')(n));
}

/** Whatever value as it is written, a dash where there is none. */
export function plainText(value: unknown): string {
  if (value === null || value === undefined || value === '') {
    return NOTHING;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
