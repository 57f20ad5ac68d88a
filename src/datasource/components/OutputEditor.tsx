import { t } from '@grafana/i18n';
import React from 'react';

import { outputHelp, outputOf, outputsFor } from '../outputs';
import { QueryType } from '../types';
import { SelectField } from './fields';

interface Props {
  type: QueryType;
  output?: string;
  forAlert: boolean;
  onChange: (output: string) => void;
}

/** Which result is answered: all for panels, exactly one for a rule. */
export function OutputEditor({ type, output, forAlert, onChange }: Props) {
  return (
    <SelectField
      label={t('query.output', 'Output')}
      tooltip={t('query.output-help', 'Panels take all; an alert rule needs exactly one.')}
      field="output"
      required={forAlert}
      width={32}
      value={outputOf(type, output, forAlert)}
      options={outputsFor(type, forAlert).map((o) => ({ value: o, label: o, description: outputHelp(o) }))}
      onChange={onChange}
    />
  );
}
