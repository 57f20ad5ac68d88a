import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineFieldRow, Input } from '@grafana/ui';
import React from 'react';

import { outputsFor } from '../outputs';
import { ForewarnQuery, QueryType } from '../types';
import { durationError } from '../validate';

interface Props {
  query: ForewarnQuery;
  type: QueryType;
  forAlert: boolean;
  onChange: (query: ForewarnQuery) => void;
  onBlur: () => void;
}

/** What is seldom touched: step, band, bounds, guards, direction, output, style. */
export function AdvancedEditor({ query, type, forAlert, onChange, onBlur }: Props) {
  const number = (label: string, value: number | undefined, set: (v?: number) => ForewarnQuery, tooltip?: string, placeholder?: string) => (
    <InlineField label={label} labelWidth={16} tooltip={tooltip}>
      <Input
        aria-label={label}
        width={12}
        type="number"
        placeholder={placeholder}
        value={value ?? ''}
        onChange={(e) => onChange(set(e.currentTarget.value === '' ? undefined : Number(e.currentTarget.value)))}
        onBlur={onBlur}
      />
    </InlineField>
  );
  const guards = query.guards ?? {};
  return (
    <>
      <InlineFieldRow>
        <InlineField label={t('query.interval', 'Interval')} labelWidth={16} tooltip={t('query.interval-help', 'Distance of two points; the panel’s width has no say in it.')} invalid={Boolean(durationError(query.interval))} error={durationError(query.interval)}>
          <Input aria-label={t('query.interval', 'Interval')} width={12} placeholder={type === 'warning' ? '10m' : '5m'} value={query.interval ?? ''} onChange={(e) => onChange({ ...query, interval: e.currentTarget.value || undefined })} onBlur={onBlur} />
        </InlineField>
        {number(t('query.confidence', 'Confidence'), query.confidence, (confidence) => ({ ...query, confidence }), t('query.confidence-help', 'Share of points that the band is to hold, 0.5 to 0.99.'), '0.95')}
        {number(t('query.min', 'Metric’s minimum'), query.bounds?.min, (min) => ({ ...query, bounds: { ...query.bounds, min } }), t('query.bounds-help', 'Forecast and band stay inside the metric’s physical limits.'))}
        {number(t('query.max', 'Metric’s maximum'), query.bounds?.max, (max) => ({ ...query, bounds: { ...query.bounds, max } }))}
      </InlineFieldRow>
      {type === 'anomaly' && (
        <InlineFieldRow>
          <InlineField label={t('query.direction', 'Direction')} labelWidth={16}>
            <Combobox
              aria-label={t('query.direction', 'Direction')}
              width={20}
              value={query.direction ?? 'both'}
              options={[
                { value: 'both', label: t('query.direction-both', 'Above and below') },
                { value: 'above', label: t('query.direction-above', 'Above only') },
                { value: 'below', label: t('query.direction-below', 'Below only') },
              ]}
              onChange={(o) => onChange({ ...query, direction: o.value as ForewarnQuery['direction'] })}
            />
          </InlineField>
          {number(t('query.min-deviation', 'Least deviation'), guards.minDeviation, (minDeviation) => ({ ...query, guards: { ...guards, minDeviation } }), t('query.min-deviation-help', 'From what is expected, in the metric’s unit.'))}
          {number(t('query.min-relative', 'Least relative'), guards.minRelative, (minRelative) => ({ ...query, guards: { ...guards, minRelative } }), t('query.min-relative-help', 'Share of what is expected: 0.1 is ten per cent.'))}
          {number(t('query.floor', 'Only from'), guards.floor, (floor) => ({ ...query, guards: { ...guards, floor } }), t('query.floor-help', 'Values below this are never marked.'))}
          <InlineField label={t('query.for', 'Lasting')} labelWidth={16} invalid={Boolean(durationError(guards.for))} error={durationError(guards.for)}>
            <Input aria-label={t('query.for', 'Lasting')} width={12} placeholder="10m" value={guards.for ?? ''} onChange={(e) => onChange({ ...query, guards: { ...guards, for: e.currentTarget.value || undefined } })} onBlur={onBlur} />
          </InlineField>
        </InlineFieldRow>
      )}
      <InlineFieldRow>
        <InlineField label={t('query.output', 'Output')} labelWidth={16} tooltip={t('query.output-help', 'Panels take all; an alert rule needs exactly one.')}>
          <Combobox
            aria-label={t('query.output', 'Output')}
            width={20}
            value={query.output ?? outputsFor(type, forAlert)[0]}
            options={outputsFor(type, forAlert).map((o) => ({ value: o, label: o }))}
            onChange={(o) => onChange({ ...query, output: o.value })}
          />
        </InlineField>
        <InlineField label={t('query.style', 'Colours and dashes')} labelWidth={20}>
          <Combobox
            aria-label={t('query.style', 'Colours and dashes')}
            width={20}
            value={query.style ?? 'auto'}
            options={[
              { value: 'auto', label: t('query.style-auto', 'From Forewarn') },
              { value: 'none', label: t('query.style-none', 'From the panel') },
            ]}
            onChange={(o) => onChange({ ...query, style: o.value as ForewarnQuery['style'] })}
          />
        </InlineField>
      </InlineFieldRow>
    </>
  );
}
