import { dateTime, dateTimeFormat, TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, IconButton, Input, Stack, Text, TimeRangeInput } from '@grafana/ui';
import React, { useState } from 'react';

import { Excluded } from '../api/contract';

interface Props {
  excluded: Excluded[];
  onChange: (excluded: Excluded[]) => void;
}

/** The stretches with one more, in order of time; stretches that touch become one. */
export function withRange(excluded: Excluded[], from: number, to: number): Excluded[] {
  const next: Excluded = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), reason: '' };
  const sorted = [...excluded, next].sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
  return sorted.reduce<Excluded[]>((done, one) => {
    const last = done[done.length - 1];
    if (last && Date.parse(one.from) <= Date.parse(last.to)) {
      const end = Date.parse(one.to) > Date.parse(last.to) ? one.to : last.to;
      return [...done.slice(0, -1), { from: last.from, to: end, reason: last.reason || one.reason }];
    }
    return [...done, one];
  }, []);
}

const lastDay = (): TimeRange => {
  const to = dateTime();
  const from = dateTime(to).subtract(1, 'day');
  return { from, to, raw: { from, to } };
};

/** Stretches that are not learnt from: dragged on the chart, or entered here. */
export function Exclusions({ excluded, onChange }: Props) {
  const [range, setRange] = useState<TimeRange>();
  const add = () => {
    if (range) {
      onChange(withRange(excluded, range.from.valueOf(), range.to.valueOf()));
      setRange(undefined);
    }
  };
  return (
    <section aria-label={t('train.excluded', 'Left out of training')}>
      <Text element="h3" variant="h6">
        {t('train.excluded', 'Left out of training')}
      </Text>
      <Text color="secondary" variant="bodySmall" element="p">
        {t('train.excluded-help', 'Drag over the chart to leave a stretch out, such as an outage or a migration.')}
      </Text>
      <Stack direction="column" gap={0.5} alignItems="flex-start">
        {excluded.map((e, i) => {
          const text = `${dateTimeFormat(e.from)} – ${dateTimeFormat(e.to)}`;
          return (
            <Stack key={e.from} gap={1} alignItems="center">
              <Text>{text}</Text>
              <Input
                width={20}
                aria-label={t('train.excluded-reason', 'Reason')}
                placeholder={t('train.excluded-reason', 'Reason')}
                value={e.reason}
                onChange={(ev) =>
                  onChange(excluded.map((x, k) => (k === i ? { ...x, reason: ev.currentTarget.value } : x)))
                }
              />
              <IconButton
                name="trash-alt"
                tooltip={t('train.excluded-remove', 'Learn from {{text}} again', {
                  text,
                  interpolation: { escapeValue: false },
                })}
                onClick={() => onChange(excluded.filter((_, k) => k !== i))}
              />
            </Stack>
          );
        })}
        {range ? (
          <Stack gap={1} alignItems="center" wrap="wrap">
            <TimeRangeInput value={range} onChange={setRange} clearable={false} />
            <Button size="sm" icon="check" onClick={add}>
              {t('train.excluded-add', 'Leave out')}
            </Button>
            <Button size="sm" fill="text" onClick={() => setRange(undefined)}>
              {t('page.cancel', 'Cancel')}
            </Button>
          </Stack>
        ) : (
          <Button size="sm" variant="secondary" icon="plus" onClick={() => setRange(lastDay())}>
            {t('train.excluded-enter', 'Enter a time range')}
          </Button>
        )}
      </Stack>
    </section>
  );
}
