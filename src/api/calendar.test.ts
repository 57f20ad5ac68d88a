import { Calendar, CalendarDays, WeeklyWindow } from '../datasource/types';
import { signIn } from '../testing/grafana';
import {
  daysProblem,
  isCalendar,
  isWeekly,
  lengthProblem,
  startProblem,
  tidy,
  WEEKDAYS,
  weekdayName,
  withSpan,
} from './calendar';

const days = (date: string, to?: string): CalendarDays => ({ date, to, kind: 'holiday' });
const weekly = (change: Partial<WeeklyWindow> = {}): WeeklyWindow => ({ start: '02:00', duration: '2h', ...change });
const span = { from: '2026-11-02T08:00:00.000Z', to: '2026-11-02T11:30:00.000Z' };

beforeEach(() => signIn('Editor'));

describe('days of one’s own', () => {
  it.each([
    ['one day', days('2026-10-01')],
    ['one day that says so', days('2026-10-01', '2026-10-01')],
    ['a leap day', days('2028-02-28', '2028-03-01')],
    ['over the night in which clocks change', days('2026-03-28', '2026-03-30')],
    ['a whole leap year', days('2028-01-01', '2028-12-31')],
  ])('are well: %s', (_, one) => expect(daysProblem(one)).toBeUndefined());

  it.each([
    ['without a first day', days(''), 'First day: a date is needed'],
    [
      'that end before they begin',
      days('2026-10-02', '2026-10-01'),
      'Last day: 2026-10-01 is before the first, 2026-10-02',
    ],
    ['of more than a year', days('2026-01-01', '2027-06-01'), '517 days, at most 366'],
  ])('are refused: %s', (_, one, text) => expect(daysProblem(one)).toContain(text));
});

describe('maintenance each week', () => {
  it.each(['00:00', '02:30', '19:05', '23:59'])('starts at %s', (start) =>
    expect(startProblem(weekly({ start }))).toBeUndefined()
  );
  it.each(['24:00', '2:30', '02:60', '0230', '', 'noon', '02:30:00'])('does not start at %p', (start) =>
    expect(startProblem(weekly({ start }))).toContain(`“${start}” is no time of day`)
  );
  it.each(['1m', '90m', '1h30m', '1d', '7d', '1w', '6d24h'])('lasts %s', (duration) =>
    expect(lengthProblem(weekly({ duration }))).toBeUndefined()
  );
  it.each(['', '0', '-1h', '2 hours', '$span', 'h'])('does not last %p', (duration) =>
    expect(lengthProblem(weekly({ duration }))).toContain('is no duration')
  );
  it.each(['8d', '1w1m', '169h', '1y'])('does not last longer than a week: %s', (duration) =>
    expect(lengthProblem(weekly({ duration }))).toContain('more than a week')
  );
  it('is told from maintenance that comes once by what it has', () =>
    expect([isWeekly(weekly()), isWeekly(span)]).toEqual([true, false]));
});

describe('a calendar', () => {
  it.each<[string, Calendar | undefined, boolean]>([
    ['there is none', undefined, true],
    ['nothing is listed', {}, true],
    ['all is well', { days: [days('2026-10-01')], maintenance: [weekly(), span], events: [span] }, true],
    ['a day is missing', { days: [days('2026-10-01'), days('')] }, false],
    ['a start is none', { maintenance: [span, weekly({ start: '25:00' })] }, false],
    ['a length is none', { maintenance: [weekly({ duration: '' })] }, false],
  ])('can be used or not where %s', (_, calendar, is) => expect(isCalendar(calendar)).toBe(is));

  it('is left without what is empty, and is none where nothing is left', () => {
    expect(tidy({ days: [], events: [span], timezone: '', holidays: undefined })).toEqual({ events: [span] });
    expect(tidy({ days: [], maintenance: [] })).toBeUndefined();
    expect(tidy({ timezone: 'Asia/Shanghai' })).toEqual({ timezone: 'Asia/Shanghai' });
  });

  it('keeps its spans in order of time, and the old list as it was', () => {
    const before = [span];
    const after = withSpan(before, Date.parse('2026-11-01T00:00:00Z'), Date.parse('2026-11-01T01:00:00Z'));
    expect(after).toEqual([{ from: '2026-11-01T00:00:00.000Z', to: '2026-11-01T01:00:00.000Z' }, span]);
    expect(before).toEqual([span]);
  });
});

it.each([
  ['en-US', ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']],
  ['zh-Hans', ['周一', '周二', '周三', '周四', '周五', '周六', '周日']],
])('weekdays are named in %s, Monday first', (language, names) => {
  signIn('Viewer', language);
  expect(WEEKDAYS.map(weekdayName)).toEqual(names);
});
