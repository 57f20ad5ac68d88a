import { t } from '@grafana/i18n';
import { Field, Input } from '@grafana/ui';
import React from 'react';

import { durationError } from '../validate';
import { EditorProps, useSettings } from './useSettings';

/** What queries leave out. */
export function DefaultsSettings(props: EditorProps) {
  const { json, readOnly, setDefaults } = useSettings(props);
  const defaults = json.defaults ?? {};
  const duration = (name: 'trainingWindow' | 'interval' | 'horizon', label: string, placeholder: string, description: string) => (
    <Field label={label} description={description} htmlFor={`default-${name}`} invalid={Boolean(durationError(defaults[name]))} error={durationError(defaults[name])}>
      <Input
        id={`default-${name}`}
        width={20}
        placeholder={placeholder}
        value={defaults[name] ?? ''}
        disabled={readOnly}
        onChange={(e) => setDefaults({ [name]: e.currentTarget.value.trim() })}
      />
    </Field>
  );
  return (
    <>
      {duration('trainingWindow', t('config.defaults.window', 'Training window'), '14d', t('config.defaults.window-description', 'History that is learnt from.'))}
      {duration('interval', t('config.defaults.interval', 'Interval'), '5m', t('config.defaults.interval-description', 'Distance of two points.'))}
      {duration('horizon', t('config.defaults.horizon', 'Horizon'), '24h', t('config.defaults.horizon-description', 'How far ahead.'))}
      <Field label={t('config.defaults.confidence', 'Confidence')} description={t('config.defaults.confidence-description', 'Share of points that the band is to hold, 0.5 to 0.99.')} htmlFor="default-confidence">
        <Input
          id="default-confidence"
          width={20}
          type="number"
          min={0.5}
          max={0.99}
          step={0.01}
          placeholder="0.95"
          value={defaults.confidence ?? ''}
          disabled={readOnly}
          onChange={(e) => setDefaults({ confidence: e.currentTarget.value === '' ? undefined : Number(e.currentTarget.value) })}
        />
      </Field>
    </>
  );
}
