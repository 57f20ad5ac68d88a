import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Combobox, Field, FieldValidationMessage, Input, useStyles2 } from '@grafana/ui';
import React, { useId } from 'react';

import { useAsync } from '../api/useAsync';
import { QueryType } from '../datasource/types';
import { hasImpact, RuleForm } from '../rules/build';
import { isSpan } from '../rules/form';
import { fetchContactPoints, fetchFolders, Folder } from '../rules/ruler';
import { NamedCombobox } from './NamedCombobox';

interface Props {
  type: QueryType;
  form: RuleForm;
  onChange: (change: Partial<RuleForm>) => void;
}

/** The folder that is made where nobody chose one; an empty uid stands for it. */
const OWN = '';

/** When to warn and whom, as a sentence with fields in it. */
export function RuleFields({ type, form, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const folders = useAsync<Folder[]>(fetchFolders, []);
  const points = useAsync<string[]>(fetchContactPoints, []);
  const problem = sentenceProblem(type, form);
  return (
    <div className={styles.box}>
      <div role="group" aria-label={t('rule.when', 'When to warn')} className={styles.sentence}>
        <Sentence type={type} form={form} onChange={onChange} />
        {problem && <FieldValidationMessage>{problem}</FieldValidationMessage>}
      </div>
      <div className={styles.grid}>
        <Text
          label={t('rule.title', 'Name of the rule')}
          value={form.title}
          onChange={(title) => onChange({ title })}
          invalid={form.title.trim() === ''}
          error={t('rule.title-needed', 'A rule needs a name')}
        />
        <Duration
          label={t('rule.keep', 'Keep firing for')}
          value={form.keepFiring}
          onChange={(keepFiring) => onChange({ keepFiring })}
        />
        <Choice
          label={t('rule.severity', 'Severity')}
          value={form.severity}
          options={[
            { value: 'critical', label: t('rule.critical', 'critical') },
            { value: 'warning', label: t('rule.warning', 'warning') },
            { value: 'info', label: t('rule.info', 'info') },
          ]}
          onChange={(severity) => onChange({ severity: severity as RuleForm['severity'] })}
        />
        <Choice
          label={t('rule.receiver', 'Notify')}
          value={form.receiver}
          loading={points.loading}
          options={[
            { value: '', label: t('rule.by-policy', 'as the notification policies say') },
            ...(points.value ?? []).map((name) => ({ value: name, label: name })),
          ]}
          onChange={(receiver) => onChange({ receiver })}
        />
        <Choice
          label={t('rule.folder', 'Folder')}
          value={form.folderUid}
          loading={folders.loading}
          options={[
            ...((folders.value ?? []).some((f) => f.title === 'Forewarn')
              ? []
              : [{ value: OWN, label: t('rule.own-folder', 'Forewarn (new)') }]),
            ...(folders.value ?? []).map((f) => ({ value: f.title === 'Forewarn' ? OWN : f.uid, label: f.title })),
          ]}
          onChange={(folderUid) => onChange({ folderUid })}
        />
      </div>
    </div>
  );
}

/** What keeps a rule from being made of the sentence, by the name of the field; the fields below say theirs themselves. */
function sentenceProblem(type: QueryType, form: RuleForm): string | undefined {
  const ahead = type === 'warning' || type === 'forecast';
  const value = ahead ? form.within : form.score;
  const plain = { interpolation: { escapeValue: false } };
  if (!(value > 0)) {
    const field = ahead ? t('rule.hours', 'Hours') : t('rule.score', 'Score');
    return t('rule.not-above', '{{field}}: {{value}} is not above 0', { field, value, ...plain });
  }
  return isSpan(form.pending)
    ? undefined
    : t('rule.pending-bad', 'Lasting: “{{value}}” is no duration such as 10m', { value: form.pending, ...plain });
}

/** The condition in words, fields in the places of its numbers. */
function Sentence({ type, form, onChange }: Props) {
  const pending = (
    <Small
      key="pending"
      label={t('rule.pending', 'Lasting')}
      value={form.pending}
      invalid={!isSpan(form.pending)}
      onChange={(pending) => onChange({ pending })}
    />
  );
  switch (type) {
    case 'warning':
      return (
        <>
          {t('rule.warn-when', 'when the limit may be reached within')}{' '}
          <Numeric label={t('rule.hours', 'Hours')} value={form.within} onChange={(within) => onChange({ within })} />{' '}
          {t('rule.hours-for', 'hours, lasting')} {pending}
        </>
      );
    case 'forecast':
      return (
        <>
          {t('rule.forecast-when', 'when the forecast is')}{' '}
          <Direction
            value={form.impact?.direction ?? 'above'}
            onChange={(direction) => onChange({ impact: { direction, value: form.limit } })}
          />{' '}
          <Numeric label={t('rule.limit', 'Limit')} value={form.limit} onChange={(limit) => onChange({ limit })} />{' '}
          {t('rule.within', 'within')}{' '}
          <Numeric label={t('rule.hours', 'Hours')} value={form.within} onChange={(within) => onChange({ within })} />{' '}
          {t('rule.hours-for', 'hours, lasting')} {pending}
        </>
      );
    default:
      return (
        <>
          {t('rule.score-when', 'when the score passes')}{' '}
          <Numeric label={t('rule.score', 'Score')} value={form.score} onChange={(score) => onChange({ score })} />{' '}
          {t('rule.for', 'for')} {pending}
          {hasImpact(type) && <Impact form={form} onChange={onChange} />}
        </>
      );
  }
}

/** The second half: an anomaly that has an impact too. */
function Impact({ form, onChange }: Omit<Props, 'type'>) {
  const { impact } = form;
  return (
    <>
      {' '}
      {t('rule.and', 'and the value is')}{' '}
      <NamedCombobox
        label={t('rule.impact', 'Impact')}
        width={18}
        value={impact?.direction ?? 'any'}
        options={[
          { value: 'any', label: t('rule.any', 'whatever it is') },
          { value: 'above', label: t('rule.over', 'over') },
          { value: 'below', label: t('rule.under', 'under') },
        ]}
        onChange={({ value }) =>
          onChange({
            impact: value === 'any' ? undefined : { direction: value as 'above' | 'below', value: impact?.value ?? 50 },
          })
        }
      />{' '}
      {impact && (
        <Numeric
          label={t('rule.impact-value', 'Impact value')}
          value={impact.value}
          onChange={(value) => onChange({ impact: { ...impact, value } })}
        />
      )}
    </>
  );
}

function Direction({ value, onChange }: { value: 'above' | 'below'; onChange: (d: 'above' | 'below') => void }) {
  return (
    <NamedCombobox
      label={t('rule.direction', 'Direction')}
      width={12}
      value={value}
      options={[
        { value: 'above', label: t('rule.over', 'over') },
        { value: 'below', label: t('rule.under', 'under') },
      ]}
      onChange={(o) => onChange(o.value as 'above' | 'below')}
    />
  );
}

function Numeric({ label, value, onChange }: { label: string; value: number; onChange: (n: number) => void }) {
  return (
    <Input
      aria-label={label}
      width={10}
      type="number"
      step="any"
      defaultValue={value}
      onChange={(e) => {
        const n = e.currentTarget.valueAsNumber;
        if (Number.isFinite(n)) {
          onChange(n);
        }
      }}
    />
  );
}

interface SmallProps {
  label: string;
  value: string;
  invalid?: boolean;
  onChange: (text: string) => void;
}

function Small({ label, value, invalid, onChange }: SmallProps) {
  return (
    <Input
      aria-label={label}
      width={8}
      value={value}
      invalid={invalid}
      aria-invalid={invalid}
      onChange={(e) => onChange(e.currentTarget.value.trim())}
    />
  );
}

function Text({ label, value, invalid, error, onChange }: SmallProps & { error: string }) {
  const id = useId();
  return (
    <Field noMargin label={label} htmlFor={id} invalid={invalid} error={error}>
      <Input id={id} value={value} onChange={(e) => onChange(e.currentTarget.value)} />
    </Field>
  );
}

function Duration({ label, value, onChange }: SmallProps) {
  const id = useId();
  return (
    <Field
      noMargin
      label={label}
      htmlFor={id}
      invalid={!isSpan(value)}
      error={t('validate.duration', 'Write a duration such as 5m, 24h or 14d')}
    >
      <Input id={id} value={value} onChange={(e) => onChange(e.currentTarget.value.trim())} />
    </Field>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  loading?: boolean;
  options: Array<{ value: string; label: string }>;
  onChange: (value: string) => void;
}

function Choice({ label, value, loading, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <Field noMargin label={label} htmlFor={id}>
      <Combobox id={id} value={value} loading={loading} options={options} onChange={(o) => onChange(o.value)} />
    </Field>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2) }),
  sentence: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(1.5),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  grid: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(200px, 1fr))',
    gap: theme.spacing(2),
  }),
});
