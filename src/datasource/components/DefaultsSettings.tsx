import { t } from '@grafana/i18n';
import React from 'react';

import { SAMPLE } from '../samples';
import { durationError, numberError } from '../validate';
import { NumberSetting, TextSetting } from './settingsFields';
import { EditorProps, useSettings } from './useSettings';

/** What queries leave out. */
export function DefaultsSettings(props: EditorProps) {
  const { json, readOnly, setDefaults } = useSettings(props);
  const defaults = json.defaults ?? {};
  const duration = (
    name: 'trainingWindow' | 'interval' | 'horizon',
    label: string,
    placeholder: string,
    description: string
  ) => (
    <TextSetting
      id={`default-${name}`}
      width={20}
      label={label}
      description={description}
      placeholder={placeholder}
      value={defaults[name]}
      error={durationError(defaults[name])}
      disabled={readOnly}
      onChange={(value) => setDefaults({ [name]: value })}
    />
  );
  return (
    <>
      {duration(
        'trainingWindow',
        t('config.defaults.window', 'Training window'),
        '14d',
        t('config.defaults.window-description', 'History that is learnt from.')
      )}
      {duration(
        'interval',
        t('config.defaults.interval', 'Interval'),
        '5m',
        t('config.defaults.interval-description', 'Time between two points.')
      )}
      {duration(
        'horizon',
        t('config.defaults.horizon', 'Horizon'),
        '24h',
        t('config.defaults.horizon-description', 'How far ahead.')
      )}
      <NumberSetting
        id="default-confidence"
        label={t('config.defaults.confidence', 'Confidence')}
        description={t(
          'config.defaults.confidence-description',
          'Share of points that the band is to hold, 0.5 to 0.99.'
        )}
        placeholder={SAMPLE.confidence}
        value={defaults.confidence}
        error={numberError(defaults.confidence, 0.5, 0.99)}
        disabled={readOnly}
        onChange={(confidence) => setDefaults({ confidence })}
      />
    </>
  );
}
