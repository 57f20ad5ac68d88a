import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineFieldRow, TimeZonePicker } from '@grafana/ui';
import React, { useId } from 'react';

import { Definition } from '../api/contract';
import { FIRST, ListField } from '../datasource/components/fields';
import { localZone } from './draft';

interface Props {
  definition: Definition;
  onChange: (change: Partial<Definition>) => void;
}

/** The IANA name of what the picker gives. */
const zoneOf = (zone?: string) => (!zone || zone === 'browser' ? localZone() : zone === 'utc' ? 'UTC' : zone);

/** When a day begins, which days are holidays, and what names an entity. */
export function CalendarFields({ definition, onChange }: Props) {
  const ids = { zone: useId(), holidays: useId() };
  return (
    <>
      <InlineFieldRow>
        <InlineField
          htmlFor={ids.zone}
          label={t('train.zone', 'Time zone')}
          labelWidth={FIRST}
          tooltip={t('train.zone-help', 'Days and weeks begin here, summer time included.')}
        >
          <TimeZonePicker
            inputId={ids.zone}
            value={!definition.timezone || definition.timezone === 'UTC' ? 'utc' : definition.timezone}
            onChange={(zone) => onChange({ timezone: zoneOf(zone) })}
          />
        </InlineField>
      </InlineFieldRow>
      <InlineFieldRow>
        <InlineField htmlFor={ids.holidays} label={t('train.holidays', 'Holidays')} labelWidth={FIRST}>
          <Combobox
            id={ids.holidays}
            width={24}
            value={definition.holidays}
            options={[
              { value: '', label: t('train.holidays-none', 'none') },
              { value: 'CN', label: t('train.holidays-cn', 'China, with make-up workdays') },
            ]}
            onChange={(o) => onChange({ holidays: o.value })}
          />
        </InlineField>
        <ListField
          label={t('train.entity', 'Entity labels')}
          tooltip={t(
            'train.entity-help',
            'Labels that name the thing, such as instance; warnings are grouped by them.'
          )}
          width={24}
          value={definition.entityLabels}
          onChange={(entityLabels) => onChange({ entityLabels })}
        />
      </InlineFieldRow>
    </>
  );
}
