import { dateTime } from '@grafana/data';
import { t } from '@grafana/i18n';
import { DateTimePicker, InlineField, InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { SAMPLE } from '../samples';
import { ForewarnQuery, WhatIf } from '../types';
import { FIRST, NumberField } from './fields';
import { useFieldError } from './fieldErrors';

interface Props {
  query: ForewarnQuery;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
  onRun: () => void;
}

/** What a warning would say if the limit were another, or if the series grew faster from a time on. */
export function WhatIfEditor({ query, onChange, onRun }: Props) {
  const asked = query.whatIf ?? {};
  const fromError = useFieldError('whatIf.from');
  const set = (change: WhatIf, run?: boolean) => {
    const { capacity, growth, from } = { ...asked, ...change };
    const whatIf: WhatIf = {
      ...(capacity !== undefined && { capacity }),
      ...(growth !== undefined && { growth, ...(from && { from }) }),
    };
    onChange({ ...query, whatIf: Object.keys(whatIf).length > 0 ? whatIf : undefined }, run);
  };
  const ownAlgorithm = (query.model?.algorithm ?? 'auto') !== 'auto';
  return (
    <InlineFieldRow>
      <NumberField
        label={
          query.threshold?.capacity
            ? t('query.if-capacity', 'If the capacity were')
            : t('query.if-limit', 'If the limit were')
        }
        tooltip={t('query.if-help', 'Answers the same question as if this were so; empty: as things are.')}
        field="whatIf.capacity"
        partOf="whatIf"
        value={asked.capacity}
        onChange={(capacity) => set({ capacity })}
        onBlur={onRun}
      />
      <NumberField
        label={t('query.if-growth', 'If it grew faster by')}
        tooltip={t('query.if-growth-help', 'Per cent of its present growth, or slower where negative.')}
        labelWidth={FIRST + 4}
        field="whatIf.growth"
        min={-100}
        max={1000}
        unit={SAMPLE.percent}
        problem={
          ownAlgorithm && asked.growth !== undefined
            ? t('query.if-growth-auto', 'Only the model Auto can tell')
            : undefined
        }
        value={asked.growth}
        onChange={(growth) => set({ growth })}
        onBlur={onRun}
      />
      {asked.growth !== undefined && (
        <InlineField
          label={t('query.if-from', 'from')}
          labelWidth={FIRST / 2}
          tooltip={t('query.if-from-help', 'Empty: from now on.')}
          invalid={Boolean(fromError)}
          error={fromError}
        >
          <DateTimePicker
            clearable
            showSeconds={false}
            date={asked.from ? dateTime(asked.from) : undefined}
            onChange={(at) => set({ from: at?.toISOString() ?? '' }, true)}
          />
        </InlineField>
      )}
    </InlineFieldRow>
  );
}
