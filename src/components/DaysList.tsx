import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, FieldValidationMessage, IconButton, Input, Stack, Text } from '@grafana/ui';
import React from 'react';

import { daysProblem } from '../api/calendar';
import { CalendarDays } from '../datasource/types';
import { NamedCombobox } from './NamedCombobox';
import { removal } from './SpanList';

interface Props {
  days: CalendarDays[];
  onChange: (days: CalendarDays[]) => void;
}

/** Holidays and workdays of one's own, beside those of a country. */
export function DaysList({ days, onChange }: Props) {
  const title = t('calendar.days', 'Days of your own');
  const today = () => dateTimeFormat(Date.now(), { format: 'YYYY-MM-DD' });
  return (
    <section aria-label={title}>
      <Text element="h3" variant="h6">
        {title}
      </Text>
      <Text color="secondary" variant="bodySmall" element="p">
        {t(
          'calendar.days-help',
          'Holidays, sales, stocktaking, or days that are worked; they win over those of the country.'
        )}
      </Text>
      <Stack direction="column" gap={1} alignItems="flex-start">
        {days.map((day, i) => (
          <Row
            key={i}
            day={day}
            onChange={(change) => onChange(days.map((d, k) => (k === i ? { ...d, ...change } : d)))}
            onRemove={() => onChange(days.filter((_, k) => k !== i))}
          />
        ))}
        <Button
          size="sm"
          variant="secondary"
          icon="plus"
          onClick={() => onChange([...days, { date: today(), kind: 'holiday' }])}
        >
          {t('calendar.day-add', 'Enter days')}
        </Button>
      </Stack>
    </section>
  );
}

interface RowProps {
  day: CalendarDays;
  onChange: (change: Partial<CalendarDays>) => void;
  onRemove: () => void;
}

function Row({ day, onChange, onRemove }: RowProps) {
  const problem = daysProblem(day);
  const date = (label: string, value: string | undefined, set: (value: string) => void) => (
    <Input
      type="date"
      width={18}
      aria-label={label}
      title={label}
      invalid={problem !== undefined}
      value={value ?? ''}
      onChange={(e) => set(e.currentTarget.value)}
    />
  );
  return (
    <Stack direction="column" gap={0.5}>
      <Stack gap={1} alignItems="center" wrap="wrap">
        {date(t('calendar.first', 'First day'), day.date, (value) => onChange({ date: value }))}
        <span aria-hidden>–</span>
        {date(t('calendar.last', 'Last day'), day.to, (value) => onChange({ to: value || undefined }))}
        <NamedCombobox
          label={t('calendar.kind', 'Kind of day')}
          width={12}
          value={day.kind}
          options={[
            { value: 'holiday', label: t('calendar.holiday', 'holiday') },
            { value: 'workday', label: t('calendar.workday', 'workday') },
          ]}
          onChange={(o) => onChange({ kind: o.value })}
        />
        <Input
          width={14}
          aria-label={t('calendar.name', 'Name')}
          placeholder={t('calendar.name', 'Name')}
          value={day.name ?? ''}
          onChange={(e) => onChange({ name: e.currentTarget.value || undefined })}
        />
        <IconButton name="trash-alt" tooltip={removal(day.name || day.date)} onClick={onRemove} />
      </Stack>
      {problem && <FieldValidationMessage>{problem}</FieldValidationMessage>}
    </Stack>
  );
}
