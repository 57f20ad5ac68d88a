import { t } from '@grafana/i18n';
import { Button, Stack } from '@grafana/ui';
import React, { useState } from 'react';

import { isCalendar, tidy, withSpan } from '../../api/calendar';
import { CalendarLists } from '../../components/CalendarLists';
import { CalendarPickers } from '../../components/CalendarPickers';
import { SpanList } from '../../components/SpanList';
import { Calendar, ForewarnQuery } from '../types';

interface Props {
  query: ForewarnQuery;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
}

/** A query's calendar; its lists are folded away, as few queries have them. */
export function CalendarEditor({ query, onChange }: Props) {
  const { calendar = {} } = query;
  const { days = [], maintenance = [], events = [], excluded = [] } = calendar;
  const entries = days.length + maintenance.length + events.length + excluded.length;
  const [open, setOpen] = useState(false);
  const set = (change: Calendar) => {
    const next = tidy({ ...calendar, ...change });
    onChange({ ...query, calendar: next }, isCalendar(next));
  };
  return (
    <>
      <CalendarPickers timezone={calendar.timezone} holidays={calendar.holidays} onChange={set} />
      <Button
        fill="text"
        size="sm"
        icon={open ? 'angle-down' : 'angle-right'}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {t('query.calendar-lists', 'Own days, maintenance and events ({{n}})', { n: entries })}
      </Button>
      {open && (
        <Stack direction="column" gap={2}>
          <CalendarLists calendar={calendar} onChange={set} />
          <SpanList
            title={t('calendar.excluded', 'Not learnt from')}
            help={t('calendar.excluded-help', 'Outages, migrations, and whatever else was never usual.')}
            add={t('calendar.excluded-add', 'Enter a time range')}
            spans={excluded}
            onAdd={(from, to) => set({ excluded: withSpan(excluded, from, to) })}
            onChange={(next) => set({ excluded: next })}
          />
        </Stack>
      )}
    </>
  );
}
