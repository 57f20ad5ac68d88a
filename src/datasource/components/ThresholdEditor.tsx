import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineFieldRow } from '@grafana/ui';
import React, { useId, useState } from 'react';

import { Threshold } from '../types';
import { FIRST, NumberField } from './fields';

interface Props {
  threshold?: Threshold;
  onChange: (threshold: Threshold | undefined, run?: boolean) => void;
  onRun: () => void;
}

/** The limit that is not to be crossed, in the metric's unit. */
export function ThresholdEditor({ threshold, onChange, onRun }: Props) {
  const id = useId();
  // kept while the number is being replaced: an empty number leaves no threshold to hold it
  const [direction, setDirection] = useState<Threshold['direction']>(threshold?.direction ?? 'above');
  return (
    <InlineFieldRow>
      <InlineField
        htmlFor={id}
        label={t('query.threshold', 'Threshold')}
        labelWidth={FIRST}
        tooltip={t('query.threshold-help', 'In the metric’s own unit.')}
      >
        <Combobox
          id={id}
          width={16}
          value={threshold?.direction ?? direction}
          options={[
            { value: 'above', label: t('query.above', 'rises above') },
            { value: 'below', label: t('query.below', 'falls below') },
          ]}
          onChange={({ value }) => {
            setDirection(value as Threshold['direction']);
            if (threshold) {
              onChange({ ...threshold, direction: value as Threshold['direction'] }, true);
            }
          }}
        />
      </InlineField>
      <NumberField
        label={t('query.threshold-value', 'Limit')}
        labelWidth={8}
        value={threshold?.value}
        required
        onChange={(value) =>
          onChange(value === undefined ? undefined : { value, direction: threshold?.direction ?? direction })
        }
        onBlur={onRun}
      />
    </InlineFieldRow>
  );
}
