import { t } from '@grafana/i18n';
import { InlineField, Input } from '@grafana/ui';
import React, { useId, useState } from 'react';

import { durationError, numberError } from '../validate';

/** Width of the first label of each line, so that the lines stand under each other. */
export const FIRST = 18;

interface FieldProps {
  id?: string;
  label: string;
  tooltip?: string;
  placeholder?: string;
  labelWidth?: number | 'auto';
  width?: number;
  required?: boolean;
  onBlur?: () => void;
}

interface NumberProps extends FieldProps {
  value?: number;
  min?: number;
  max?: number;
  integer?: boolean;
  /** Said instead of what the limits say. */
  problem?: string;
  onChange: (value?: number) => void;
}

/** A number; empty means the default. What is out of its limits is said beside the field. */
export function NumberField({
  id,
  label,
  tooltip,
  labelWidth = FIRST,
  width = 12,
  value,
  min,
  max,
  integer,
  problem,
  required,
  onChange,
  ...input
}: NumberProps) {
  const own = useId();
  const inputId = id ?? own;
  const error =
    required && value === undefined
      ? t('validate.required', 'A number is needed')
      : (problem ?? numberError(value, min, max, integer));
  return (
    <InlineField
      htmlFor={inputId}
      label={label}
      labelWidth={labelWidth}
      tooltip={tooltip}
      invalid={Boolean(error)}
      error={error}
    >
      <Input
        {...input}
        id={inputId}
        aria-label={label}
        width={width}
        type="number"
        step="any"
        value={value ?? ''}
        onChange={(e) => onChange(e.currentTarget.value === '' ? undefined : Number(e.currentTarget.value))}
      />
    </InlineField>
  );
}

interface TextProps extends FieldProps {
  value?: string;
  onChange: (value?: string) => void;
}

/** A duration such as 5m; empty means the default. */
export function DurationField({
  id,
  label,
  tooltip,
  labelWidth = FIRST,
  width = 12,
  value,
  onChange,
  required,
  ...input
}: TextProps) {
  const own = useId();
  const inputId = id ?? own;
  const error = durationError(value);
  return (
    <InlineField
      htmlFor={inputId}
      label={label}
      labelWidth={labelWidth}
      tooltip={tooltip}
      invalid={Boolean(error)}
      error={error}
    >
      <Input
        {...input}
        id={inputId}
        aria-label={label}
        width={width}
        value={value ?? ''}
        onChange={(e) => onChange(e.currentTarget.value.trim() || undefined)}
      />
    </InlineField>
  );
}

/** A line of text; empty means nothing. */
export function TextField({
  id,
  label,
  tooltip,
  labelWidth = FIRST,
  width = 20,
  value,
  required,
  onChange,
  ...input
}: TextProps) {
  const own = useId();
  const inputId = id ?? own;
  const missing = required && !value ? t('validate.text-required', 'Needed') : undefined;
  return (
    <InlineField
      htmlFor={inputId}
      label={label}
      labelWidth={labelWidth}
      tooltip={tooltip}
      invalid={Boolean(missing)}
      error={missing}
    >
      <Input
        {...input}
        id={inputId}
        aria-label={label}
        width={width}
        value={value ?? ''}
        onChange={(e) => onChange(e.currentTarget.value || undefined)}
      />
    </InlineField>
  );
}

const parts = (text: string) =>
  text
    .split(/[,，]/)
    .map((part) => part.trim())
    .filter((part) => part !== '');

interface ListProps extends FieldProps {
  value?: string[];
  onChange: (value: string[]) => void;
}

/** Several texts separated by commas. What is being typed stays as typed, so that a comma can be entered at all. */
export function ListField({
  id,
  label,
  tooltip,
  labelWidth = FIRST,
  width = 40,
  value = [],
  required,
  onChange,
  ...input
}: ListProps) {
  const own = useId();
  const inputId = id ?? own;
  const [typed, setTyped] = useState(value.join(', '));
  const same = parts(typed).join('\n') === value.join('\n');
  const missing = required && value.length === 0 ? t('validate.text-required', 'Needed') : undefined;
  return (
    <InlineField
      htmlFor={inputId}
      label={label}
      labelWidth={labelWidth}
      tooltip={tooltip}
      invalid={Boolean(missing)}
      error={missing}
    >
      <Input
        {...input}
        id={inputId}
        aria-label={label}
        width={width}
        value={same ? typed : value.join(', ')}
        onChange={(e) => {
          setTyped(e.currentTarget.value);
          onChange(parts(e.currentTarget.value));
        }}
      />
    </InlineField>
  );
}
