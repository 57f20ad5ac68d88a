import { t } from '@grafana/i18n';

import { Calendar, CalendarDays, CalendarSpan, WeeklyWindow } from '../datasource/types';
import { isDuration } from '../datasource/validate';
import { language } from './language';

/** Days of the week as a calendar names them, Monday first. */
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const DAY = 86_400_000;

/** Days that one entry may hold; more is a slip. */
const MOST_DAYS = 366;

const MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: DAY, w: 7 * DAY, y: 365 * DAY };

/** A duration such as 1h30m in ms. */
const msOf = (text: string) =>
  [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce((sum, [, n, unit]) => sum + Number(n) * MS[unit], 0);

const plain = { interpolation: { escapeValue: false } };

/** A weekday in the reader's language, as short as it can be. */
export function weekdayName(day: string): string {
  // 1 January 2024 was a Monday
  const date = new Date(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(day)));
  return new Intl.DateTimeFormat(language(), { weekday: 'short', timeZone: 'UTC' }).format(date);
}

/** Whether maintenance comes again on days of the week. */
export const isWeekly = (window: CalendarSpan | WeeklyWindow): window is WeeklyWindow => !('from' in window);

/** What is wrong with days of one's own, or undefined. */
export function daysProblem({ date, to }: CalendarDays): string | undefined {
  if (!date) {
    return t('calendar.date-needed', 'First day: a date is needed');
  }
  const days = to ? Math.round((Date.parse(to) - Date.parse(date)) / DAY) + 1 : 1;
  if (days < 1) {
    return t('calendar.to-before', 'Last day: {{to}} is before the first, {{date}}', { to, date, ...plain });
  }
  return days > MOST_DAYS
    ? t('calendar.too-many', 'Last day: from {{date}} to {{to}} are {{n}} days, at most {{most}} are allowed', {
        date,
        to,
        n: days,
        most: MOST_DAYS,
        ...plain,
      })
    : undefined;
}

/** What is wrong with a start, a local time of day; undefined where nothing is. */
export function startProblem({ start }: WeeklyWindow): string | undefined {
  return /^([01]\d|2[0-3]):[0-5]\d$/.test(start)
    ? undefined
    : t('calendar.start-bad', 'Start: “{{value}}” is no time of day such as 02:30', { value: start, ...plain });
}

/** What is wrong with a length, at most a week; undefined where nothing is. */
export function lengthProblem({ duration }: WeeklyWindow): string | undefined {
  if (!duration || duration.includes('$') || !isDuration(duration)) {
    return t('calendar.duration-bad', 'Length: “{{value}}” is no duration such as 90m or 2h', {
      value: duration,
      ...plain,
    });
  }
  return msOf(duration) > MS.w
    ? t('calendar.duration-long', 'Length: {{value}} is more than a week', { value: duration, ...plain })
    : undefined;
}

/** Whether everything that a calendar lists can be used. */
export function isCalendar({ days = [], maintenance = [] }: Calendar = {}): boolean {
  const wrong = (window: WeeklyWindow) => startProblem(window) ?? lengthProblem(window);
  return !days.some(daysProblem) && !maintenance.filter(isWeekly).some(wrong);
}

/** A calendar without what is empty; undefined where nothing is left. */
export function tidy(calendar: Calendar): Calendar | undefined {
  const left = Object.entries(calendar).filter(([, v]) => v !== undefined && v !== '' && v.length !== 0);
  return left.length > 0 ? Object.fromEntries(left) : undefined;
}

/** Spans with one more, in order of time. */
export function withSpan(spans: CalendarSpan[], from: number, to: number): CalendarSpan[] {
  const span = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  return [...spans, span].sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
}
