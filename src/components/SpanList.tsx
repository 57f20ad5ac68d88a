import { dateTime, dateTimeFormat, TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, IconButton, Input, Stack, Text, TimeRangeInput } from '@grafana/ui';
import React, { ReactNode, useState } from 'react';

import { CalendarSpan } from '../datasource/types';

interface Props<T extends CalendarSpan> {
  title: string;
  help: string;
  spans: T[];
  /** What a button says that begins one more. */
  add: string;
  /** What a button says that takes one away. */
  remove?: (text: string) => string;
  onAdd: (from: number, to: number) => void;
  onChange: (spans: T[]) => void;
  /** Rows before the spans, and buttons beside theirs. */
  rows?: ReactNode;
  buttons?: ReactNode;
}

const MINUTES = { format: 'YYYY-MM-DD HH:mm' };

const lastDay = (): TimeRange => {
  const to = dateTime().startOf('minute');
  const from = dateTime(to).subtract(1, 'day');
  return { from, to, raw: { from, to } };
};

/** Stretches of time, each with a reason; more can be entered, and each can be taken away. */
export function SpanList<T extends CalendarSpan>(props: Props<T>) {
  const { title, help, spans, add, remove, onAdd, onChange, rows, buttons } = props;
  const [range, setRange] = useState<TimeRange>();
  const enter = () => {
    if (range) {
      onAdd(range.from.valueOf(), range.to.valueOf());
      setRange(undefined);
    }
  };
  return (
    <section aria-label={title}>
      <Text element="h3" variant="h6">
        {title}
      </Text>
      <Text color="secondary" variant="bodySmall" element="p">
        {help}
      </Text>
      <Stack direction="column" gap={1} alignItems="flex-start">
        {rows}
        {spans.map((span, i) => {
          const text = `${dateTimeFormat(span.from, MINUTES)} – ${dateTimeFormat(span.to, MINUTES)}`;
          return (
            <Stack key={`${span.from} ${span.to}`} gap={1} alignItems="center" wrap="wrap">
              <Text>{text}</Text>
              <ReasonInput
                value={span.reason}
                onChange={(reason) => onChange(spans.map((x, k) => (k === i ? { ...x, reason } : x)))}
              />
              <IconButton
                name="trash-alt"
                tooltip={(remove ?? removal)(text)}
                onClick={() => onChange(spans.filter((_, k) => k !== i))}
              />
            </Stack>
          );
        })}
        {range ? (
          <Stack gap={1} alignItems="center" wrap="wrap">
            <TimeRangeInput value={range} onChange={setRange} clearable={false} />
            <Button size="sm" icon="check" disabled={!range.from.isBefore(range.to)} onClick={enter}>
              {t('calendar.add', 'Add')}
            </Button>
            <Button size="sm" fill="text" onClick={() => setRange(undefined)}>
              {t('page.cancel', 'Cancel')}
            </Button>
          </Stack>
        ) : (
          <Stack gap={1} wrap="wrap">
            {buttons}
            <Button size="sm" variant="secondary" icon="plus" onClick={() => setRange(lastDay())}>
              {add}
            </Button>
          </Stack>
        )}
      </Stack>
    </section>
  );
}

/** What a button says that takes an entry away. */
export const removal = (text: string) =>
  t('calendar.remove', 'Remove {{text}}', { text, interpolation: { escapeValue: false } });

/** A few words on why. */
export function ReasonInput({ value, onChange }: { value?: string; onChange: (reason: string) => void }) {
  const label = t('calendar.reason', 'Reason');
  return (
    <Input
      width={20}
      aria-label={label}
      placeholder={label}
      value={value ?? ''}
      onChange={(e) => onChange(e.currentTarget.value)}
    />
  );
}
