import { InternalTimeZones } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineFieldRow, TimeZonePicker } from '@grafana/ui';
import React, { useId } from 'react';

import { FIRST } from '../datasource/components/fields';

interface Props {
  /** IANA name; empty is UTC. */
  timezone?: string;
  /** Country of the holidays; empty is none. */
  holidays?: string;
  onChange: (change: { timezone?: string; holidays?: string }) => void;
}

/** The IANA name of what the picker gives; empty is UTC. */
export function zoneOf(zone = 'utc'): string {
  switch (zone) {
    case 'utc':
    case 'UTC':
      return '';
    case 'browser':
      return Intl.DateTimeFormat().resolvedOptions().timeZone;
    default:
      return zone;
  }
}

/** In which zone days begin, and which days are holidays. */
export function CalendarPickers({ timezone, holidays = '', onChange }: Props) {
  const ids = { zone: useId(), holidays: useId() };
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
          includeInternal={[InternalTimeZones.utc]}
          value={zoneOf(timezone) || 'utc'}
          onChange={(zone) => onChange({ timezone: zoneOf(zone) })}
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
          value={holidays}
          options={[
            { value: '', label: t('query.holidays-none', 'none') },
            { value: 'CN', label: t('query.holidays-cn', 'China, with make-up workdays') },
          ]}
          onChange={(o) => onChange({ holidays: o.value })}
        />
      </InlineField>
    </InlineFieldRow>
  );
}
