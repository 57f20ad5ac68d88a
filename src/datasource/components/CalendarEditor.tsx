import React from 'react';

import { CalendarPickers } from '../../components/CalendarPickers';
import { Calendar, ForewarnQuery } from '../types';

interface Props {
  query: ForewarnQuery;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
}

/** Zone and holidays of a query's calendar; what else a calendar can hold stays as it is. */
export function CalendarEditor({ query, onChange }: Props) {
  const set = (change: Calendar) => {
    // an empty text is the default, which a query leaves out
    const next = Object.entries({ ...query.calendar, ...change }).filter(([, value]) => value !== '');
    onChange({ ...query, calendar: next.length > 0 ? Object.fromEntries(next) : undefined }, true);
  };
  return <CalendarPickers timezone={query.calendar?.timezone} holidays={query.calendar?.holidays} onChange={set} />;
}
