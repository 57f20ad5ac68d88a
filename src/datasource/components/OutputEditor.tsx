import { t } from '@grafana/i18n';
import React from 'react';

import { withOutput } from '../change';
import { outputHelp, outputOf, outputsFor } from '../outputs';
import { usualHorizon } from '../samples';
import { ForewarnQuery } from '../types';
import { DurationField, SelectField } from './fields';

interface Props {
  query: ForewarnQuery;
  forAlert: boolean;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
  onRun: () => void;
}

/** Which result is answered, all for panels and exactly one for a rule, and what that result needs to know. */
export function OutputEditor({ query, forAlert, onChange, onRun }: Props) {
  const type = query.queryType ?? 'forecast';
  const output = outputOf(type, query.output, forAlert);
  const signals = (query.sources ?? []).map(({ name }) => name);
  return (
    <>
      <SelectField
        label={t('query.output', 'Output')}
        tooltip={t('query.output-help', 'Panels take all; an alert rule needs exactly one.')}
        field="output"
        required={forAlert}
        width={32}
        value={output}
        options={outputsFor(type, forAlert).map((o) => ({ value: o, label: o, description: outputHelp(o, type) }))}
        onChange={(next) => onChange(withOutput(query, next), true)}
      />
      {output === 'share' && signals.length > 0 && (
        <SelectField
          label={t('query.part-of', 'Part of')}
          field="signal"
          value={query.signal ?? ''}
          options={signals.map((name) => ({ value: name, label: name }))}
          onChange={(signal) => onChange({ ...query, signal }, true)}
        />
      )}
      {output === 'hindcast' && type === 'forecast' && (
        <DurationField
          label={t('query.lead', 'Said before')}
          tooltip={t('query.lead-help', 'How long before a point it was forecast; the horizon where nothing is said.')}
          field="lead"
          placeholder={query.horizon || usualHorizon(type)}
          value={query.lead}
          onChange={(lead) => onChange({ ...query, lead })}
          onBlur={onRun}
        />
      )}
    </>
  );
}
