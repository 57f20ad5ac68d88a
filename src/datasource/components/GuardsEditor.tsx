import { t } from '@grafana/i18n';
import { InlineFieldRow } from '@grafana/ui';
import React, { useId } from 'react';

import { agreementExamples, volumeExamples } from '../examples';
import { SAMPLE } from '../samples';
import { ForewarnQuery, SourceSpec } from '../types';
import { DurationField, NumberField, SelectField } from './fields';
import { SourceEditor } from './SourceEditor';

interface Props {
  query: ForewarnQuery;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
  onRun: () => void;
}

/** What holds a flag back although the score is high: a deviation that does not matter. */
export function GuardsEditor({ query, onChange, onRun }: Props) {
  const id = useId();
  const guards = query.guards ?? {};
  const first: SourceSpec = { kind: query.source?.kind === 'mysql' ? 'mysql' : 'prometheus' };
  const { volume = first, agreement = first } = query;
  const set = (change: NonNullable<ForewarnQuery['guards']>) =>
    onChange({ ...query, guards: { ...guards, ...change } });
  return (
    <>
      <InlineFieldRow>
        <SelectField<NonNullable<ForewarnQuery['direction']>>
          label={t('query.direction', 'Direction')}
          tooltip={t('query.direction-help', 'Which deviations count.')}
          field="direction"
          value={query.direction ?? 'both'}
          options={[
            { value: 'both', label: t('query.direction-both', 'Above and below') },
            { value: 'above', label: t('query.direction-above', 'Above only') },
            { value: 'below', label: t('query.direction-below', 'Below only') },
          ]}
          onChange={(direction) => onChange({ ...query, direction }, true)}
        />
        <NumberField
          label={t('query.floor', 'Only from')}
          field="guards.floor"
          tooltip={t('query.floor-help', 'Values below this are never marked.')}
          value={guards.floor}
          onChange={(floor) => set({ floor })}
          onBlur={onRun}
        />
      </InlineFieldRow>
      <InlineFieldRow>
        <NumberField
          label={t('query.min-deviation', 'Least deviation')}
          field="guards.minDeviation"
          partOf="guards"
          tooltip={t('query.min-deviation-help', 'From what is expected, in the metric’s unit.')}
          min={0}
          value={guards.minDeviation}
          onChange={(minDeviation) => set({ minDeviation })}
          onBlur={onRun}
        />
        <NumberField
          label={t('query.min-relative', 'Least relative')}
          field="guards.minRelative"
          tooltip={t('query.min-relative-help', 'Share of what is expected: 0.1 is ten per cent.')}
          min={0}
          value={guards.minRelative}
          onChange={(minRelative) => set({ minRelative })}
          onBlur={onRun}
        />
        <DurationField
          label={t('query.for', 'Lasting')}
          field="guards.for"
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
          field="guards.k"
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
          field="guards.n"
          min={0}
          max={64}
          integer
          value={guards.n}
          onChange={(n) => set({ n })}
          onBlur={onRun}
        />
        <DurationField
          label={t('query.cooldown', 'Quiet afterwards')}
          field="guards.cooldown"
          tooltip={t('query.cooldown-help', 'After a marked stretch ended, nothing is marked for so long.')}
          placeholder={SAMPLE.cooldown}
          value={guards.cooldown}
          onChange={(cooldown) => set({ cooldown })}
          onBlur={onRun}
        />
      </InlineFieldRow>
      <InlineFieldRow>
        <NumberField
          label={t('query.min-volume', 'Least volume')}
          tooltip={t(
            'query.min-volume-help',
            'Nothing is marked while what the values rest on is below this: an error rate of two requests says nothing.'
          )}
          field="guards.minVolume"
          min={0}
          value={guards.minVolume}
          onChange={(minVolume) =>
            onChange({
              ...query,
              guards: { ...guards, minVolume },
              // the back end reads it for this guard alone
              volume: minVolume ? volume : undefined,
            })
          }
          onBlur={onRun}
        />
        <DurationField
          label={t('query.agreement', 'Agreed within')}
          field="guards.agreement"
          tooltip={t(
            'query.agreement-help',
            'Nothing is marked unless another signal was unusual, too, within this time.'
          )}
          placeholder={SAMPLE.duration}
          value={guards.agreement}
          onChange={(within) =>
            onChange({
              ...query,
              guards: { ...guards, agreement: within },
              // the back end reads it for this guard alone
              agreement: within ? agreement : undefined,
            })
          }
          onBlur={onRun}
        />
      </InlineFieldRow>
      {Boolean(guards.minVolume) && (
        <SourceEditor
          id={`${id}-volume`}
          path="volume"
          label={t('query.volume', 'Volume from')}
          asNumbers
          source={volume}
          examples={volumeExamples(volume.kind)}
          onChange={(next, run) => onChange({ ...query, volume: next }, run)}
          onRun={onRun}
        />
      )}
      {Boolean(guards.agreement) && (
        <SourceEditor
          id={`${id}-agreement`}
          path="agreement"
          label={t('query.other', 'Other signal')}
          source={agreement}
          examples={agreementExamples(agreement.kind)}
          onChange={(next, run) => onChange({ ...query, agreement: next }, run)}
          onRun={onRun}
        />
      )}
    </>
  );
}
