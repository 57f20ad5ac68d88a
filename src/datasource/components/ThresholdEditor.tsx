import { t } from '@grafana/i18n';
import { InlineField, InlineFieldRow, RadioButtonGroup } from '@grafana/ui';
import React, { useId, useState } from 'react';

import { limitExamples } from '../examples';
import { FIRST_THRESHOLD } from '../samples';
import { SourceSpec, Threshold } from '../types';
import { NumberField, SelectField } from './fields';
import { SourceEditor } from './SourceEditor';

interface Props {
  threshold?: Threshold;
  /** The source of the series, where their limit may come from a source, too. */
  of?: SourceSpec;
  onChange: (threshold: Threshold | undefined, run?: boolean) => void;
  onRun: () => void;
}

type Direction = Threshold['direction'];
type Way = 'number' | 'query' | 'capacity';

/** The limit that is not to be crossed: a number, the newest value of another query, or a share of a capacity. */
export function ThresholdEditor({ threshold, of, onChange, onRun }: Props) {
  const id = useId();
  // kept while the number is being replaced: an empty number leaves no threshold to hold it
  const [kept, setKept] = useState<Direction>(threshold?.direction ?? 'above');
  const direction = threshold?.direction ?? kept;
  const way: Way = threshold?.query ? 'query' : threshold?.capacity ? 'capacity' : 'number';
  // kept while the limit is a number, which leaves no place for it
  const [keptSource, setKeptSource] = useState<SourceSpec>({ kind: of?.kind === 'mysql' ? 'mysql' : 'prometheus' });
  const source = threshold?.query ?? threshold?.capacity ?? keptSource;
  const choose = (next: Way) => {
    setKeptSource(source);
    const value = threshold?.value ?? FIRST_THRESHOLD.value;
    switch (next) {
      case 'number':
        return onChange({ value, direction }, true);
      case 'query':
        return onChange({ direction, query: source }, true);
      case 'capacity':
        return onChange({ value, direction, capacity: source }, true);
    }
  };
  return (
    <>
      <InlineFieldRow>
        <SelectField<Direction>
          label={t('query.threshold', 'Threshold')}
          tooltip={t('query.threshold-help', 'In the metric’s own unit.')}
          field="threshold.direction"
          width={16}
          value={direction}
          options={[
            { value: 'above', label: t('query.above', 'rises above') },
            { value: 'below', label: t('query.below', 'falls below') },
          ]}
          onChange={(next) => {
            setKept(next);
            if (threshold) {
              onChange({ ...threshold, direction: next }, true);
            }
          }}
        />
        {of && (
          <InlineField>
            <RadioButtonGroup<Way>
              aria-label={t('query.threshold-way', 'What the limit is')}
              value={way}
              onChange={(next) => choose(next)}
              options={[
                {
                  value: 'number',
                  label: t('query.threshold-number', 'a number'),
                  description: t('query.threshold-number-help', 'The same for every series'),
                },
                {
                  value: 'query',
                  label: t('query.threshold-query', 'another query'),
                  description: t('query.threshold-query-help', 'Its newest value, for each series its own'),
                },
                {
                  value: 'capacity',
                  label: t('query.threshold-capacity', 'a share of a capacity'),
                  description: t('query.threshold-capacity-help', 'Such as 90 % of each disk’s size'),
                },
              ]}
            />
          </InlineField>
        )}
        {way !== 'query' && (
          <NumberField
            label={way === 'capacity' ? t('query.threshold-share', 'Share') : t('query.threshold-value', 'Limit')}
            field="threshold.value"
            partOf="threshold"
            labelWidth={8}
            unit={way === 'capacity' ? '%' : undefined}
            value={threshold?.value}
            required
            problem={
              way === 'capacity' && !(threshold?.value && threshold.value > 0)
                ? t('query.threshold-share-positive', 'A share above 0 %, such as 90')
                : undefined
            }
            onChange={(value) =>
              onChange(value === undefined && way === 'number' ? undefined : { ...threshold, value, direction })
            }
            onBlur={onRun}
          />
        )}
      </InlineFieldRow>
      {way !== 'number' && (
        <SourceEditor
          id={`${id}-${way}`}
          path={`threshold.${way}`}
          label={
            way === 'query' ? t('query.threshold-source', 'Limit from') : t('query.capacity-source', 'Capacity from')
          }
          asNumbers
          source={source}
          examples={limitExamples(source.kind, way)}
          onChange={(next, run) => onChange({ ...threshold, direction, [way]: next }, run)}
          onRun={onRun}
        />
      )}
    </>
  );
}
