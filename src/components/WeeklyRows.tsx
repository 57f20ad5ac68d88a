import { t } from '@grafana/i18n';
import { Button, FieldValidationMessage, IconButton, Input, Stack, Text } from '@grafana/ui';
import React from 'react';

import { lengthProblem, startProblem, WEEKDAYS, weekdayName } from '../api/calendar';
import { WeeklyWindow } from '../datasource/types';
import { ReasonInput, removal } from './SpanList';

interface Props {
  windows: WeeklyWindow[];
  onChange: (windows: WeeklyWindow[]) => void;
}

/** Maintenance that comes again on days of the week. */
export function WeeklyRows({ windows, onChange }: Props) {
  return (
    <>
      {windows.map((window, i) => (
        <Row
          key={i}
          window={window}
          onChange={(change) => onChange(windows.map((w, k) => (k === i ? { ...w, ...change } : w)))}
          onRemove={() => onChange(windows.filter((_, k) => k !== i))}
        />
      ))}
    </>
  );
}

/** Adds maintenance in the night to Sunday, as a place to begin. */
export function WeeklyButton({ onAdd }: { onAdd: (window: WeeklyWindow) => void }) {
  return (
    <Button
      size="sm"
      variant="secondary"
      icon="plus"
      onClick={() => onAdd({ days: ['sun'], start: '02:00', duration: '2h' })}
    >
      {t('calendar.weekly', 'Each week')}
    </Button>
  );
}

interface RowProps {
  window: WeeklyWindow;
  onChange: (change: Partial<WeeklyWindow>) => void;
  onRemove: () => void;
}

function Row({ window, onChange, onRemove }: RowProps) {
  const { days = [], start, duration, reason } = window;
  const problems = { start: startProblem(window), duration: lengthProblem(window) };
  const problem = problems.start ?? problems.duration;
  const toggled = (day: string) =>
    WEEKDAYS.filter((other) => (other === day ? !days.includes(day) : days.includes(other)));
  return (
    <Stack direction="column" gap={0.5}>
      <Stack gap={1} alignItems="center" wrap="wrap">
        <div role="group" aria-label={t('calendar.weekdays', 'Days of the week')}>
          <Stack gap={0.25}>
            {WEEKDAYS.map((day) => (
              <Button
                key={day}
                size="sm"
                variant={days.includes(day) ? 'primary' : 'secondary'}
                aria-pressed={days.includes(day)}
                onClick={() => onChange({ days: toggled(day) })}
              >
                {weekdayName(day)}
              </Button>
            ))}
          </Stack>
        </div>
        {days.length === 0 && <Text color="secondary">{t('calendar.every-day', 'every day')}</Text>}
      </Stack>
      <Stack gap={1} alignItems="center" wrap="wrap">
        <Input
          width={14}
          prefix={t('calendar.start', 'Start')}
          aria-label={t('calendar.start', 'Start')}
          invalid={problems.start !== undefined}
          value={start}
          onChange={(e) => onChange({ start: e.currentTarget.value.trim() })}
        />
        <Input
          width={14}
          prefix={t('calendar.duration', 'Length')}
          aria-label={t('calendar.duration', 'Length')}
          invalid={problems.duration !== undefined}
          value={duration}
          onChange={(e) => onChange({ duration: e.currentTarget.value.trim() })}
        />
        <ReasonInput value={reason} onChange={(next) => onChange({ reason: next || undefined })} />
        <IconButton
          name="trash-alt"
          tooltip={removal([...(days.length > 0 ? days.map(weekdayName) : []), start].join(' '))}
          onClick={onRemove}
        />
      </Stack>
      {problem && <FieldValidationMessage>{problem}</FieldValidationMessage>}
    </Stack>
  );
}
