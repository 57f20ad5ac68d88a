import { t } from '@grafana/i18n';
import { Field, InlineField, InlineFieldRow, Input, RadioButtonGroup, TextArea } from '@grafana/ui';
import React from 'react';

import { SourceKind, SourceSpec } from '../types';

interface Props {
  id: string;
  source: SourceSpec;
  onChange: (source: SourceSpec) => void;
  onBlur: () => void;
}

const EXAMPLES: Record<SourceKind, Partial<SourceSpec>> = {
  prometheus: { expr: '100 - 100 * avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))', legendFormat: '{{instance}}' },
  mysql: {
    rawSql: 'SELECT $__timeGroup(ts, $__interval) AS time, region AS metric, SUM(orders) AS orders\nFROM orders_per_minute WHERE $__timeFilter(ts)\nGROUP BY 1, 2 ORDER BY 1',
    format: 'time_series',
  },
  logs: { table: 'app_logs', time: 'ts', message: 'message', entity: 'container', keywords: ['OutOfMemory'] },
};

/** The example that "use an example" fills in. */
export function exampleFor(kind: SourceKind): SourceSpec {
  return { kind, ...EXAMPLES[kind] };
}

/** Where the series come from. */
export function SourceEditor({ id, source, onChange, onBlur }: Props) {
  const field = (name: 'table' | 'time' | 'message' | 'level' | 'entity', label: string, placeholder: string) => (
    <InlineField label={label} labelWidth={12}>
      <Input id={`${id}-${name}`} aria-label={label} width={20} placeholder={placeholder} value={source[name] ?? ''} onChange={(e) => onChange({ ...source, [name]: e.currentTarget.value })} onBlur={onBlur} />
    </InlineField>
  );
  return (
    <>
      <InlineFieldRow>
        <InlineField label={t('query.source', 'Source')} labelWidth={12}>
          <RadioButtonGroup<SourceKind>
            value={source.kind}
            onChange={(kind) => onChange({ ...source, kind })}
            options={[
              { value: 'prometheus', label: t('query.source-prometheus', 'Prometheus') },
              { value: 'mysql', label: t('query.source-mysql', 'MySQL') },
              { value: 'logs', label: t('query.source-logs', 'Log table') },
            ]}
          />
        </InlineField>
        {source.kind === 'prometheus' && (
          <InlineField label={t('query.legend', 'Legend')} labelWidth={12}>
            <Input id={`${id}-legend`} aria-label={t('query.legend', 'Legend')} width={30} placeholder="{{instance}}" value={source.legendFormat ?? ''} onChange={(e) => onChange({ ...source, legendFormat: e.currentTarget.value })} onBlur={onBlur} />
          </InlineField>
        )}
      </InlineFieldRow>
      {source.kind === 'prometheus' && (
        <Field noMargin>
          <TextArea
            id={`${id}-expr`}
            aria-label={t('query.expr', 'PromQL expression')}
            rows={2}
            spellCheck={false}
            className="slate-query-field"
            style={{ fontFamily: 'monospace' }}
            placeholder={EXAMPLES.prometheus.expr}
            value={source.expr ?? ''}
            onChange={(e) => onChange({ ...source, expr: e.currentTarget.value })}
            onBlur={onBlur}
          />
        </Field>
      )}
      {source.kind === 'mysql' && (
        <Field noMargin description={t('query.sql-help', 'A column named time, text columns as labels, numbers as values. One SELECT; macros as in Grafana’s MySQL source.')}>
          <TextArea
            id={`${id}-sql`}
            aria-label={t('query.sql', 'SQL statement')}
            rows={4}
            spellCheck={false}
            style={{ fontFamily: 'monospace' }}
            placeholder={EXAMPLES.mysql.rawSql}
            value={source.rawSql ?? ''}
            onChange={(e) => onChange({ ...source, rawSql: e.currentTarget.value })}
            onBlur={onBlur}
          />
        </Field>
      )}
      {source.kind === 'logs' && (
        <InlineFieldRow>
          {field('table', t('query.logs-table', 'Table'), 'app_logs')}
          {field('time', t('query.logs-time', 'Time column'), 'ts')}
          {field('message', t('query.logs-message', 'Message column'), 'message')}
          {field('entity', t('query.logs-entity', 'Entity column'), 'container')}
          <InlineField label={t('query.logs-keywords', 'Keywords')} labelWidth={12} tooltip={t('query.logs-keywords-help', 'Separated by commas; each is counted on its own. None: all rows.')}>
            <Input
              id={`${id}-keywords`}
              aria-label={t('query.logs-keywords', 'Keywords')}
              width={40}
              placeholder="OutOfMemory, timeout"
              value={(source.keywords ?? []).join(', ')}
              onChange={(e) => onChange({ ...source, keywords: e.currentTarget.value.split(/\s*,\s*/).filter((k) => k !== '') })}
              onBlur={onBlur}
            />
          </InlineField>
        </InlineFieldRow>
      )}
    </>
  );
}
