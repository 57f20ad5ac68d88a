import { t } from '@grafana/i18n';
import { Combobox, ComboboxOption, InlineField, Input } from '@grafana/ui';
import React, { ComponentProps, ReactElement, useId, useState } from 'react';

import { durationError, numberError } from '../validate';
import { useFieldError } from './fieldErrors';

/** Width of the first label of each line, so that the lines stand under each other. */
export const FIRST = 18;

interface FrameProps {
  id?: string;
  label: string;
  tooltip?: string;
  labelWidth?: number | 'auto';
  required?: boolean;
  /** The query's field that it fills in, such as threshold.value: what the back end says of it is said here. */
  field?: string;
  /** What the field is a part of, where the back end may speak of that. */
  partOf?: string;
}

/** What is wrong with a field: what its own check says, otherwise what the back end said of it. */
function useProblem({ field, partOf }: FrameProps, own?: string): string | undefined {
  const said = useFieldError(field, partOf);
  return own ?? said;
}

/** A labelled field, with what is wrong with it. */
function Framed({
  id,
  label,
  tooltip,
  labelWidth = FIRST,
  required,
  error,
  children,
}: FrameProps & { error?: string; children: ReactElement }) {
  return (
    <InlineField
      htmlFor={id}
      label={label}
      labelWidth={labelWidth}
      tooltip={tooltip}
      required={required}
      invalid={Boolean(error)}
      error={error}
    >
      {children}
    </InlineField>
  );
}

interface FieldProps extends FrameProps {
  placeholder?: string;
  width?: number;
  onBlur?: () => void;
}

type LineProps = FieldProps & { error?: string } & Pick<
    ComponentProps<typeof Input>,
    'type' | 'step' | 'value' | 'suffix'
  > & { onText: (text: string) => void };

/** A field of one line; Enter says that it is complete, as leaving it does. */
function Line({
  id,
  label,
  tooltip,
  labelWidth,
  field,
  partOf,
  error: own,
  required: _,
  onText,
  onBlur,
  ...input
}: LineProps) {
  const made = useId();
  const inputId = id ?? made;
  const error = useProblem({ label, field, partOf }, own);
  return (
    <Framed id={inputId} label={label} tooltip={tooltip} labelWidth={labelWidth} error={error}>
      <Input
        {...input}
        id={inputId}
        aria-label={label}
        aria-invalid={Boolean(error)}
        onChange={(e) => onText(e.currentTarget.value)}
        onBlur={onBlur}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && onBlur) {
            // in the rule editor it would send the whole form
            e.preventDefault();
            onBlur();
          }
        }}
      />
    </Framed>
  );
}

interface NumberProps extends FieldProps {
  value?: number;
  min?: number;
  max?: number;
  integer?: boolean;
  /** Said instead of what the limits say. */
  problem?: string;
  /** The unit, after the number. */
  unit?: string;
  onChange: (value?: number) => void;
}

/** A number; empty means the default. What is out of its limits is said beside the field. */
export function NumberField({ value, min, max, integer, problem, unit, onChange, width = 12, ...line }: NumberProps) {
  const error =
    line.required && value === undefined
      ? t('validate.required', 'A number is needed')
      : (problem ?? numberError(value, min, max, integer));
  return (
    <Line
      {...line}
      width={width}
      type="number"
      step="any"
      suffix={unit}
      value={value ?? ''}
      error={error}
      onText={(text) => onChange(text === '' ? undefined : Number(text))}
    />
  );
}

interface TextProps extends FieldProps {
  value?: string;
  onChange: (value?: string) => void;
}

/** A duration such as 5m; empty means the default. */
export function DurationField({ value, onChange, width = 12, ...line }: TextProps) {
  return (
    <Line
      {...line}
      width={width}
      value={value ?? ''}
      error={durationError(value)}
      onText={(text) => onChange(text.trim() || undefined)}
    />
  );
}

const needed = (missing: boolean) => (missing ? t('validate.text-required', 'Needed') : undefined);

/** A line of text; empty means nothing. */
export function TextField({ value, onChange, width = 20, problem, ...line }: TextProps & { problem?: string }) {
  return (
    <Line
      {...line}
      width={width}
      value={value ?? ''}
      error={needed(Boolean(line.required && !value)) ?? problem}
      onText={(text) => onChange(text || undefined)}
    />
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
export function ListField({ value = [], onChange, width = 40, ...line }: ListProps) {
  const [typed, setTyped] = useState(value.join(', '));
  const same = parts(typed).join('\n') === value.join('\n');
  return (
    <Line
      {...line}
      width={width}
      value={same ? typed : value.join(', ')}
      error={needed(Boolean(line.required && value.length === 0))}
      onText={(text) => {
        setTyped(text);
        onChange(parts(text));
      }}
    />
  );
}

interface SelectProps<T extends string> extends FrameProps {
  width?: number;
  value: T;
  options: Array<ComboboxOption<T>>;
  error?: string;
  onChange: (value: T) => void;
}

/** One of several. */
export function SelectField<T extends string>({
  width = 20,
  value,
  options,
  error: own,
  onChange,
  ...frame
}: SelectProps<T>) {
  const id = useId();
  const error = useProblem(frame, own);
  return (
    <Framed {...frame} id={id} error={error}>
      <Combobox id={id} width={width} value={value} options={options} onChange={(o) => onChange(o.value)} />
    </Framed>
  );
}
