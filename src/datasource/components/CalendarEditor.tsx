import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineFieldRow, TimeZonePicker } from '@grafana/ui';
import React, { useId } from 'react';

import { ForewarnQuery } from '../types';
import { FIRST } from './fields';

interface Props {
  query: ForewarnQuery;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
}

/** The IANA name of what the picker gives; empty is UTC. */
function zoneOf(zone?: string): string | undefined {
  switch (zone) {
    case undefined:
    case '':
    case 'utc':
      return undefined;
    case 'browser':
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    default:
      return zone;
  }
}

/** In which zone days begin, and which days are holidays. What else a calendar can hold stays as it is. */
export function CalendarEditor({ query, onChange }: Props) {
  const ids = { zone: useId(), holidays: useId() };
  const set = (change: NonNullable<ForewarnQuery['calendar']>) => {
    const next = Object.entries({ ...query.calendar, ...change }).filter(([, value]) => value !== undefined);
    onChange({ ...query, calendar: next.length > 0 ? Object.fromEntries(next) : undefined }, true);
  };
  return (
    <InlineFieldRow>
      <InlineField
        htmlFor={ids.zone}
        label={t('query.zone', 'Time zone')}
        labelWidth={FIRST}
        tooltip={t('query.zone-help', 'Days and weeks of the metric begin here, summer time included.')}
      >
        <TimeZonePicker
          inputId={ids.zone}
          value={query.calendar?.timezone ?? 'utc'}
          onChange={(zone) => set({ timezone: zoneOf(zone) })}
        />
      </InlineField>
      <InlineField
        htmlFor={ids.holidays}
        label={t('query.holidays', 'Holidays')}
        labelWidth={FIRST}
        tooltip={t('query.holidays-help', 'Holidays are compared with days off, make-up workdays with workdays.')}
      >
        <Combobox
          id={ids.holidays}
          width={32}
          value={query.calendar?.holidays ?? ''}
          options={[
            { value: '', label: t('query.holidays-none', 'none') },
            { value: 'CN', label: t('query.holidays-cn', 'China, with make-up workdays') },
          ]}
          onChange={(o) => set({ holidays: o.value || undefined })}
        />
      </InlineField>
    </InlineFieldRow>
  );
}
