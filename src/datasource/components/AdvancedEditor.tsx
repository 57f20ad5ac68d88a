import { t } from '@grafana/i18n';
import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { SAMPLE, usualInterval, usualStyle } from '../samples';
import { ForewarnOptions, ForewarnQuery, QueryType } from '../types';
import { CalendarEditor } from './CalendarEditor';
import { DeploymentsEditor } from './DeploymentsEditor';
import { DurationField, FIRST, NumberField, SelectField } from './fields';
import { GuardsEditor } from './GuardsEditor';
import { WhatIfEditor } from './WhatIfEditor';

interface Props {
  query: ForewarnQuery;
  type: QueryType;
  /** For a model, which has no panel to style and a calendar of its own. */
  forModel?: boolean;
  /** What the data source fills in where the query says nothing. */
  defaults?: ForewarnOptions['defaults'];
  onChange: (query: ForewarnQuery, run?: boolean) => void;
  onRun: () => void;
}

/** Whether an answer has something to colour: bands, dashes, points. */
const styled = (type: QueryType, output = 'all') => output === 'all' && type !== 'composite';

/** What is seldom touched: step, band, bounds, direction, guards, what-if, calendar and style. */
export function AdvancedEditor({ query, type, forModel = false, defaults = {}, onChange, onRun }: Props) {
  const bounds = query.bounds ?? {};
  const tooSmall = bounds.min !== undefined && bounds.max !== undefined && bounds.min >= bounds.max;
  const banded = type === 'forecast' || type === 'anomaly' || type === 'warning';
  return (
    <>
      <InlineFieldRow>
        <DurationField
          label={t('query.interval', 'Interval')}
          field="interval"
          tooltip={t('query.interval-help', 'Time between two points; the panel’s width has no say in it.')}
          placeholder={defaults.interval || usualInterval(type)}
          value={query.interval}
          onChange={(interval) => onChange({ ...query, interval })}
          onBlur={onRun}
        />
        {type === 'forecast' && (
          <NumberField
            label={t('query.confidence', 'Confidence')}
            field="confidence"
            tooltip={t('query.confidence-help', 'Share of points that the band is to hold, 0.5 to 0.99.')}
            placeholder={String(defaults.confidence ?? SAMPLE.confidence)}
            min={0.5}
            max={0.99}
            value={query.confidence}
            onChange={(confidence) => onChange({ ...query, confidence })}
            onBlur={onRun}
          />
        )}
        {!forModel && styled(type, query.output) && (
          <SelectField<NonNullable<ForewarnQuery['style']>>
            label={t('query.style', 'Colours and dashes')}
            labelWidth={FIRST + 4}
            tooltip={t('query.style-help', 'From the panel: its own colours and field overrides apply.')}
            field="style"
            value={query.style ?? usualStyle(type)}
            options={[
              { value: 'auto', label: t('query.style-auto', 'From Forewarn') },
              { value: 'none', label: t('query.style-none', 'From the panel') },
            ]}
            onChange={(style) => onChange({ ...query, style }, true)}
          />
        )}
      </InlineFieldRow>
      {banded && (
        <InlineFieldRow>
          <NumberField
            label={t('query.min', 'Metric’s minimum')}
            field="bounds.min"
            partOf="bounds"
            tooltip={t(
              'query.bounds-help',
              'Forecast and band stay inside the metric’s physical limits, such as 0 and 100.'
            )}
            value={bounds.min}
            onChange={(min) => onChange({ ...query, bounds: { ...bounds, min } })}
            onBlur={onRun}
          />
          <NumberField
            label={t('query.max', 'Metric’s maximum')}
            field="bounds.max"
            problem={tooSmall ? t('query.max-too-small', 'Has to be above the minimum') : undefined}
            value={bounds.max}
            onChange={(max) => onChange({ ...query, bounds: { ...bounds, max } })}
            onBlur={onRun}
          />
        </InlineFieldRow>
      )}
      {type === 'warning' && !forModel && <WhatIfEditor query={query} onChange={onChange} onRun={onRun} />}
      {type === 'anomaly' && <GuardsEditor query={query} onChange={onChange} onRun={onRun} />}
      {(type === 'anomaly' || type === 'composite') && (
        <DeploymentsEditor query={query} onChange={onChange} onRun={onRun} />
      )}
      {!forModel && type !== 'series' && <CalendarEditor query={query} onChange={onChange} />}
    </>
  );
}
