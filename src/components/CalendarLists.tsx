import { t } from '@grafana/i18n';
import { Stack } from '@grafana/ui';
import React from 'react';

import { isWeekly, withSpan } from '../api/calendar';
import { Calendar, CalendarSpan } from '../datasource/types';
import { DaysList } from './DaysList';
import { SpanList } from './SpanList';
import { WeeklyButton, WeeklyRows } from './WeeklyRows';

interface Props {
  calendar?: Calendar;
  onChange: (change: Calendar) => void;
}

/** What people know of time and a series cannot: days of one's own, maintenance, and events such as a release. */
export function CalendarLists({ calendar = {}, onChange }: Props) {
  const { days = [], maintenance = [], events = [] } = calendar;
  const weekly = maintenance.filter(isWeekly);
  const once = maintenance.filter((window): window is CalendarSpan => !isWeekly(window));
  return (
    <Stack direction="column" gap={2}>
      <DaysList days={days} onChange={(next) => onChange({ days: next })} />
      <SpanList
        title={t('calendar.maintenance', 'Maintenance')}
        help={t('calendar.maintenance-help', 'Not learnt from, and nothing is flagged.')}
        add={t('calendar.once', 'Once')}
        spans={once}
        onAdd={(from, to) => onChange({ maintenance: [...weekly, ...withSpan(once, from, to)] })}
        onChange={(next) => onChange({ maintenance: [...weekly, ...next] })}
        rows={<WeeklyRows windows={weekly} onChange={(next) => onChange({ maintenance: [...next, ...once] })} />}
        buttons={<WeeklyButton onAdd={(window) => onChange({ maintenance: [...weekly, window, ...once] })} />}
      />
      <SpanList
        title={t('calendar.events', 'Events')}
        help={t(
          'calendar.events-help',
          'Releases and the like: nothing is flagged, and a new level afterwards is no incident.'
        )}
        add={t('calendar.event-add', 'Enter an event')}
        spans={events}
        onAdd={(from, to) => onChange({ events: withSpan(events, from, to) })}
        onChange={(next) => onChange({ events: next })}
      />
    </Stack>
  );
}
