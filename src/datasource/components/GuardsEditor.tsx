import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineFieldRow } from '@grafana/ui';
import React, { useId } from 'react';

import { SAMPLE } from '../samples';
import { ForewarnQuery } from '../types';
import { DurationField, FIRST, NumberField } from './fields';

interface Props {
  query: ForewarnQuery;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
  onRun: () => void;
}

/** What holds a flag back although the score is high: a deviation that does not matter. */
export function GuardsEditor({ query, onChange, onRun }: Props) {
  const directionId = useId();
  const guards = query.guards ?? {};
  const set = (change: NonNullable<ForewarnQuery['guards']>) =>
    onChange({ ...query, guards: { ...guards, ...change } });
  return (
    <>
      <InlineFieldRow>
        <InlineField
          htmlFor={directionId}
          label={t('query.direction', 'Direction')}
          labelWidth={FIRST}
          tooltip={t('query.direction-help', 'Which deviations count.')}
        >
          <Combobox
            id={directionId}
            width={20}
            value={query.direction ?? 'both'}
            options={[
              { value: 'both', label: t('query.direction-both', 'Above and below') },
              { value: 'above', label: t('query.direction-above', 'Above only') },
              { value: 'below', label: t('query.direction-below', 'Below only') },
            ]}
            onChange={(o) => onChange({ ...query, direction: o.value as ForewarnQuery['direction'] }, true)}
          />
        </InlineField>
        <NumberField
          label={t('query.floor', 'Only from')}
          tooltip={t('query.floor-help', 'Values below this are never marked.')}
          value={guards.floor}
          onChange={(floor) => set({ floor })}
          onBlur={onRun}
        />
      </InlineFieldRow>
      <InlineFieldRow>
        <NumberField
          label={t('query.min-deviation', 'Least deviation')}
          tooltip={t('query.min-deviation-help', 'From what is expected, in the metric’s unit.')}
          min={0}
          value={guards.minDeviation}
          onChange={(minDeviation) => set({ minDeviation })}
          onBlur={onRun}
        />
        <NumberField
          label={t('query.min-relative', 'Least relative')}
          tooltip={t('query.min-relative-help', 'Share of what is expected: 0.1 is ten per cent.')}
          min={0}
          value={guards.minRelative}
          onChange={(minRelative) => set({ minRelative })}
          onBlur={onRun}
        />
        <DurationField
          label={t('query.for', 'Lasting')}
          tooltip={t('query.for-help', 'A deviation shorter than this is not marked.')}
          placeholder={SAMPLE.duration}
          value={guards.for}
          onChange={(lasting) => set({ for: lasting })}
          onBlur={onRun}
        />
      </InlineFieldRow>
      <InlineFieldRow>
        <NumberField
          label={t('query.k', 'At least')}
          tooltip={t('query.k-help', 'So many of the newest points have to be unusual, such as 3 of 5.')}
          min={0}
          integer
          problem={
            (guards.k ?? 0) > (guards.n ?? 0) ? t('query.k-too-many', 'No more than the points looked at') : undefined
          }
          value={guards.k}
          onChange={(k) => set({ k })}
          onBlur={onRun}
        />
        <NumberField
          label={t('query.n', 'of the newest')}
          min={0}
          integer
          value={guards.n}
          onChange={(n) => set({ n })}
          onBlur={onRun}
        />
        <DurationField
          label={t('query.cooldown', 'Quiet afterwards')}
          tooltip={t('query.cooldown-help', 'After a marked stretch ended, nothing is marked for so long.')}
          placeholder={SAMPLE.cooldown}
          value={guards.cooldown}
          onChange={(cooldown) => set({ cooldown })}
          onBlur={onRun}
        />
      </InlineFieldRow>
    </>
  );
}
