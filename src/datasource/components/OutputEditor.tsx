import { t } from '@grafana/i18n';
import { Combobox, InlineField } from '@grafana/ui';
import React, { useId } from 'react';

import { outputHelp, outputOf, outputsFor } from '../outputs';
import { QueryType } from '../types';
import { FIRST } from './fields';

interface Props {
  type: QueryType;
  output?: string;
  forAlert: boolean;
  onChange: (output: string) => void;
}

/** Which result is answered: all for panels, exactly one for a rule. */
export function OutputEditor({ type, output, forAlert, onChange }: Props) {
  const id = useId();
  const value = outputOf(type, output, forAlert);
  return (
    <InlineField
      htmlFor={id}
      label={t('query.output', 'Output')}
      labelWidth={FIRST}
      required={forAlert}
      tooltip={t('query.output-help', 'Panels take all; an alert rule needs exactly one.')}
    >
      <Combobox
        id={id}
        width={32}
        value={value}
        options={outputsFor(type, forAlert).map((o) => ({ value: o, label: o, description: outputHelp(o) }))}
        onChange={(o) => onChange(o.value)}
      />
    </InlineField>
  );
}
