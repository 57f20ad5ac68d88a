import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import {
  Button,
  FieldValidationMessage,
  InlineField,
  InlineFieldRow,
  RadioButtonGroup,
  Stack,
  Text,
  TextArea,
  useStyles2,
} from '@grafana/ui';
import React from 'react';

import { Example, examplesFor, PLACEHOLDER } from '../examples';
import { SAMPLE } from '../samples';
import { SourceKind, SourceSpec } from '../types';
import { isComplete } from '../validate';
import { useFieldError } from './fieldErrors';
import { FIRST, ListField, NumberField, TextField } from './fields';

interface Props {
  id: string;
  /** Where the source stands in the query, such as `source` or `threshold.capacity`. */
  path?: string;
  /** What it is the source of. */
  label?: string;
  source: SourceSpec;
  /** What an empty source can start from. */
  examples?: Example[];
  /** Its values are only compared with: no names of series, no log rows. */
  asNumbers?: boolean;
  onChange: (source: SourceSpec, run?: boolean) => void;
  onRun: () => void;
  /** Offers to join several signals, where that is given. */
  onSeveral?: () => void;
}

/** Where the series come from; an empty source offers examples. */
export function SourceEditor({
  id,
  path = 'source',
  label = t('query.source', 'Source'),
  source,
  examples = examplesFor(source.kind),
  asNumbers = false,
  onChange,
  onRun,
  onSeveral,
}: Props) {
  const set = (change: Partial<SourceSpec>) => onChange({ ...source, ...change });
  return (
    <>
      <InlineFieldRow>
        <InlineField label={label} labelWidth={FIRST}>
          <RadioButtonGroup<SourceKind | 'several'>
            aria-label={label}
            value={source.kind}
            onChange={(kind) => (kind === 'several' ? onSeveral?.() : onChange({ ...source, kind }, true))}
            options={[
              { value: 'prometheus', label: t('query.source-prometheus', 'Prometheus') },
              { value: 'mysql', label: t('query.source-mysql', 'MySQL') },
              ...(asNumbers ? [] : [{ value: 'logs' as const, label: t('query.source-logs', 'Log table') }]),
              ...(onSeveral ? [{ value: 'several' as const, label: t('query.source-several', 'Several joined') }] : []),
            ]}
          />
        </InlineField>
        {source.kind === 'prometheus' && !asNumbers && (
          <TextField
            id={`${id}-legend`}
            label={t('query.legend', 'Legend')}
            tooltip={t('query.legend-help', 'Names the series: labels in double braces.')}
            labelWidth={10}
            width={30}
            placeholder={t('query.legend-placeholder', 'all labels')}
            value={source.legendFormat}
            onChange={(legendFormat) => set({ legendFormat })}
            onBlur={onRun}
          />
        )}
      </InlineFieldRow>
      {source.kind === 'prometheus' && (
        <Code
          id={`${id}-expr`}
          field={`${path}.expr`}
          partOf={path}
          label={t('query.expr', 'PromQL expression')}
          rows={2}
          placeholder={PLACEHOLDER.prometheus}
          value={source.expr}
          onChange={(expr) => set({ expr })}
          onRun={onRun}
        />
      )}
      {source.kind === 'mysql' && (
        <>
          <Code
            id={`${id}-sql`}
            field={`${path}.rawSql`}
            partOf={path}
            label={t('query.sql', 'SQL statement')}
            rows={4}
            placeholder={PLACEHOLDER.mysql}
            value={source.rawSql}
            onChange={(rawSql) => set({ rawSql, format: source.format ?? 'time_series' })}
            onRun={onRun}
          />
          <Text variant="bodySmall" color="secondary">
            {t(
              'query.sql-help',
              'A column named time, text columns as labels, numbers as values. One SELECT; macros as in Grafana’s MySQL source.'
            )}
          </Text>
        </>
      )}
      {source.kind === 'logs' && <LogFields id={id} path={path} source={source} set={set} onRun={onRun} />}
      {!isComplete(source) && examples.length > 0 && (
        <Stack alignItems="center" gap={1} wrap="wrap">
          <Text variant="bodySmall" color="secondary">
            {t('query.examples', 'Start from an example:')}
          </Text>
          {examples.map((example) => (
            <Button
              key={example.title}
              size="sm"
              variant="secondary"
              icon="bolt"
              onClick={() => onChange(example.source, true)}
            >
              {example.title}
            </Button>
          ))}
        </Stack>
      )}
    </>
  );
}

interface LogProps {
  id: string;
  path: string;
  source: SourceSpec;
  set: (change: Partial<SourceSpec>) => void;
  onRun: () => void;
}

/** Table and columns of log rows that the database counts per interval. */
function LogFields({ id, path, source, set, onRun }: LogProps) {
  const column = (
    name: 'table' | 'time' | 'message' | 'level' | 'entity',
    label: string,
    placeholder: string,
    tooltip?: string,
    width = FIRST
  ) => (
    <TextField
      id={`${id}-${name}`}
      field={`${path}.${name}`}
      partOf={name === 'table' ? path : undefined}
      label={label}
      tooltip={tooltip}
      labelWidth={width}
      width={18}
      placeholder={placeholder}
      value={source[name]}
      onChange={(value) => set({ [name]: value })}
      onBlur={onRun}
    />
  );
  return (
    <>
      <InlineFieldRow>
        {column('table', t('query.logs-table', 'Table'), 'app_logs')}
        {column('time', t('query.logs-time', 'Time column'), 'ts')}
        {column('message', t('query.logs-message', 'Message column'), 'message')}
      </InlineFieldRow>
      <InlineFieldRow>
        {column(
          'entity',
          t('query.logs-entity', 'Entity column'),
          'container',
          t('query.logs-entity-help', 'Becomes a label: one series for each of its values.')
        )}
        {column('level', t('query.logs-level', 'Level column'), 'level')}
        {source.level && (
          <ListField
            id={`${id}-levels`}
            label={t('query.logs-levels', 'Levels')}
            width={24}
            placeholder={SAMPLE.levels}
            value={source.levels}
            onChange={(levels) => set({ levels })}
            onBlur={onRun}
          />
        )}
      </InlineFieldRow>
      <InlineFieldRow>
        <ListField
          id={`${id}-keywords`}
          field={`${path}.keywords`}
          label={t('query.logs-keywords', 'Keywords')}
          tooltip={t('query.logs-keywords-help', 'Separated by commas; each is counted on its own. None: all rows.')}
          placeholder={SAMPLE.keywords}
          value={source.keywords}
          onChange={(keywords) => set({ keywords })}
          onBlur={onRun}
        />
        <NumberField
          id={`${id}-patterns`}
          field={`${path}.patterns`}
          label={t('query.logs-patterns', 'Or patterns')}
          tooltip={t(
            'query.logs-patterns-help',
            'Instead of keywords: the forms that messages have are found, and so many of them counted.'
          )}
          min={1}
          max={50}
          integer
          problem={
            source.patterns && source.keywords?.length
              ? t('query.logs-patterns-either', 'Keywords or patterns, not both')
              : undefined
          }
          value={source.patterns}
          onChange={(patterns) => set({ patterns })}
          onBlur={onRun}
        />
      </InlineFieldRow>
    </>
  );
}

interface CodeProps {
  id: string;
  field: string;
  partOf: string;
  label: string;
  rows: number;
  placeholder: string;
  value?: string;
  onChange: (text: string) => void;
  onRun: () => void;
}

/** A field for code; Shift+Enter runs it, as in Grafana's own editors. */
function Code({ id, field, partOf, label, rows, placeholder, value, onChange, onRun }: CodeProps) {
  const styles = useStyles2(getStyles);
  const error = useFieldError(field, partOf);
  return (
    <>
      <TextArea
        id={id}
        aria-label={label}
        rows={Math.max(rows, (value ?? '').split('\n').length)}
        spellCheck={false}
        invalid={Boolean(error)}
        aria-invalid={Boolean(error)}
        className={styles.code}
        placeholder={placeholder}
        value={value ?? ''}
        onChange={(e) => onChange(e.currentTarget.value)}
        onBlur={onRun}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.shiftKey || e.ctrlKey || e.metaKey)) {
            e.preventDefault();
            onRun();
          }
        }}
      />
      {error && <FieldValidationMessage>{error}</FieldValidationMessage>}
    </>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  code: css({
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
    // a long query is shown whole, where the browser can size by content
    fieldSizing: 'content',
    minHeight: theme.spacing(6),
    maxHeight: theme.spacing(30),
  }),
});
