import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { Calendar } from '../datasource/types';
import { signIn } from '../testing/grafana';
import { CalendarLists } from './CalendarLists';

/** The lists as a form holds them, and what the form holds last. */
function setup(start: Calendar = {}) {
  let held = start;
  function Form() {
    const [calendar, setCalendar] = useState(start);
    held = calendar;
    return <CalendarLists calendar={calendar} onChange={(change) => setCalendar({ ...calendar, ...change })} />;
  }
  render(<Form />);
  return { user: userEvent.setup(), calendar: () => held };
}

const list = (name: string) => within(screen.getByRole('region', { name }));

beforeEach(() => signIn('Editor'));

describe('days of one’s own', () => {
  const days = () => list('Days of your own');

  it('begin with today as a holiday, and take a range, a kind and a name', async () => {
    const { user, calendar } = setup();
    await user.click(days().getByRole('button', { name: 'Enter days' }));
    expect(calendar().days).toEqual([{ date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), kind: 'holiday' }]);
    fireEvent.change(days().getByLabelText('First day'), { target: { value: '2026-11-09' } });
    fireEvent.change(days().getByLabelText('Last day'), { target: { value: '2026-11-11' } });
    await user.type(days().getByLabelText('Name'), 'sale');
    await user.click(days().getByRole('combobox', { name: 'Kind of day' }));
    await user.keyboard('{ArrowDown}{Enter}');
    expect(calendar().days).toEqual([{ date: '2026-11-09', to: '2026-11-11', kind: 'workday', name: 'sale' }]);
  });

  it.each([
    ['', undefined, 'First day: a date is needed'],
    ['2026-11-11', '2026-11-10', 'Last day: 2026-11-10 is before the first, 2026-11-11'],
    ['2026-01-01', '2027-01-02', 'Last day: from 2026-01-01 to 2027-01-02 are 367 days, at most 366 are allowed'],
  ])('from %p to %p are refused by name and value', (date, to, text) => {
    setup({ days: [{ date, to, kind: 'holiday' }] });
    expect(screen.getByRole('alert')).toHaveTextContent(text);
  });

  it.each([
    ['2026-11-11', '2026-11-11'],
    ['2026-01-01', '2027-01-01'],
  ])('from %p to %p are well', (date, to) => {
    setup({ days: [{ date, to, kind: 'holiday' }] });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('are taken away one by one', async () => {
    const { user, calendar } = setup({
      days: [
        { date: '2026-11-11', kind: 'holiday', name: 'sale' },
        { date: '2026-12-24', kind: 'holiday' },
      ],
    });
    await user.click(days().getByRole('button', { name: 'Remove sale' }));
    expect(calendar().days).toEqual([{ date: '2026-12-24', kind: 'holiday' }]);
  });
});

describe('maintenance', () => {
  const maintenance = () => list('Maintenance');
  const once = { from: '2026-11-02T08:00:00Z', to: '2026-11-02T11:30:00Z' };

  it('each week is set by weekdays, local start and length, with the keyboard alone', async () => {
    const { user, calendar } = setup({ maintenance: [once] });
    maintenance().getByRole('button', { name: 'Each week' }).focus();
    await user.keyboard('{Enter}');
    expect(calendar().maintenance).toEqual([{ days: ['sun'], start: '02:00', duration: '2h' }, once]);
    const weekdays = within(maintenance().getByRole('group', { name: 'Days of the week' }));
    weekdays.getByRole('button', { name: 'Wed' }).focus();
    await user.keyboard(' ');
    expect(weekdays.getByRole('button', { name: 'Wed', pressed: true })).toBeInTheDocument();
    await user.clear(maintenance().getByLabelText('Length'));
    await user.type(maintenance().getByLabelText('Length'), '90m');
    await user.type(maintenance().getAllByLabelText('Reason')[0], 'backup');
    expect(calendar().maintenance).toEqual([
      { days: ['wed', 'sun'], start: '02:00', duration: '90m', reason: 'backup' },
      once,
    ]);
  });

  it('without a weekday is said to be each day', async () => {
    const { user, calendar } = setup({ maintenance: [{ days: ['sun'], start: '02:00', duration: '2h' }] });
    await user.click(maintenance().getByRole('button', { name: 'Sun' }));
    expect(maintenance().getByText('every day')).toBeInTheDocument();
    expect(calendar().maintenance).toEqual([{ days: [], start: '02:00', duration: '2h' }]);
  });

  it.each([
    ['25:00', '2h', 'Start: “25:00” is no time of day such as 02:30'],
    ['2:30', '2h', 'Start: “2:30” is no time of day such as 02:30'],
    ['02:30', '', 'Length: “” is no duration such as 90m or 2h'],
    ['02:30', 'two', 'Length: “two” is no duration such as 90m or 2h'],
    ['02:30', '0m', 'Length: “0m” is no duration such as 90m or 2h'],
    ['02:30', '6d24h1m', 'Length: 6d24h1m is more than a week'],
  ])('from %p for %p is refused by name and value', (start, duration, text) => {
    setup({ maintenance: [{ start, duration }] });
    expect(screen.getByRole('alert')).toHaveTextContent(text);
  });

  it.each([
    ['00:00', '1w'],
    ['23:59', '1h30m'],
  ])('from %p for %p is well', (start, duration) => {
    setup({ maintenance: [{ start, duration }] });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('once leaves that of each week alone when it is taken away', async () => {
    const weekly = { days: ['sun'], start: '02:00', duration: '2h' };
    const { user, calendar } = setup({ maintenance: [weekly, once] });
    await user.click(maintenance().getByRole('button', { name: /^Remove 2026-11-02/ }));
    expect(calendar().maintenance).toEqual([weekly]);
  });
});

describe('events', () => {
  const events = () => list('Events');
  const release = { from: '2999-11-09T10:00:00Z', to: '2999-11-09T10:20:00Z', reason: 'release 4.2' };

  it('are entered as a time range, in order of time, and named', async () => {
    const { user, calendar } = setup({ events: [release] });
    await user.click(events().getByRole('button', { name: 'Enter an event' }));
    await user.click(events().getByRole('button', { name: 'Add' }));
    expect(calendar().events).toHaveLength(2);
    expect(calendar().events?.[1]).toEqual(release);
    const [{ from, to }] = calendar().events ?? [];
    expect(Date.parse(to) - Date.parse(from)).toBe(86_400_000);
    await user.type(events().getAllByLabelText('Reason')[0], 'move');
    expect(calendar().events?.[0].reason).toBe('move');
  });

  it('are not entered when that is cancelled', async () => {
    const { user, calendar } = setup();
    await user.click(events().getByRole('button', { name: 'Enter an event' }));
    await user.click(events().getByRole('button', { name: 'Cancel' }));
    expect(calendar()).toEqual({});
    expect(events().getByRole('button', { name: 'Enter an event' })).toBeInTheDocument();
  });
});

it('names weekdays in the reader’s language', () => {
  signIn('Editor', 'zh-Hans');
  setup({ maintenance: [{ days: [], start: '02:00', duration: '2h' }] });
  expect(screen.getByRole('button', { name: '周三' })).toBeInTheDocument();
});
