import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineFieldRow } from '@grafana/ui';
import React, { useId } from 'react';

import { SAMPLE, usualInterval } from '../samples';
import { ForewarnQuery, QueryType } from '../types';
import { DurationField, FIRST, NumberField } from './fields';

interface Props {
  query: ForewarnQuery;
  type: QueryType;
  /** For a model, which has no panel to style. */
  forModel?: boolean;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
  onRun: () => void;
}

/** What is seldom touched: step, band, bounds, direction, guards and style. */
export function AdvancedEditor({ query, type, forModel = false, onChange, onRun }: Props) {
  const styleId = useId();
  const bounds = query.bounds ?? {};
  const tooSmall = bounds.min !== undefined && bounds.max !== undefined && bounds.min >= bounds.max;
  const banded = type === 'forecast' || type === 'anomaly' || type === 'warning';
  return (
    <>
      <InlineFieldRow>
        <DurationField
          label={t('query.interval', 'Interval')}
          tooltip={t('query.interval-help', 'Distance of two points; the panel’s width has no say in it.')}
          placeholder={usualInterval(type)}
          value={query.interval}
          onChange={(interval) => onChange({ ...query, interval })}
          onBlur={onRun}
        />
        {(type === 'forecast' || type === 'anomaly') && (
          <NumberField
            label={t('query.confidence', 'Confidence')}
            tooltip={t('query.confidence-help', 'Share of points that the band is to hold, 0.5 to 0.99.')}
            placeholder={SAMPLE.confidence}
            min={0.5}
            max={0.99}
            value={query.confidence}
            onChange={(confidence) => onChange({ ...query, confidence })}
            onBlur={onRun}
          />
        )}
        {!forModel && (
          <InlineField
            htmlFor={styleId}
            label={t('query.style', 'Colours and dashes')}
            labelWidth={FIRST}
            tooltip={t('query.style-help', 'From the panel: its own colours and field overrides apply.')}
          >
            <Combobox
              id={styleId}
              width={20}
              value={query.style ?? 'auto'}
              options={[
                { value: 'auto', label: t('query.style-auto', 'From Forewarn') },
                { value: 'none', label: t('query.style-none', 'From the panel') },
              ]}
              onChange={(o) => onChange({ ...query, style: o.value as ForewarnQuery['style'] }, true)}
            />
          </InlineField>
        )}
      </InlineFieldRow>
      {banded && (
        <InlineFieldRow>
          <NumberField
            label={t('query.min', 'Metric’s minimum')}
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
            problem={tooSmall ? t('query.max-too-small', 'Has to be above the minimum') : undefined}
            value={bounds.max}
            onChange={(max) => onChange({ ...query, bounds: { ...bounds, max } })}
            onBlur={onRun}
          />
        </InlineFieldRow>
      )}
      {type === 'anomaly' && <Guards query={query} onChange={onChange} onRun={onRun} />}
    </>
  );
}

/** What holds a flag back although the score is high: a deviation that does not matter. */
function Guards({ query, onChange, onRun }: Omit<Props, 'type' | 'forModel'>) {
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
    </>
  );
}
