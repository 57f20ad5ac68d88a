import { Field, Input, Switch } from '@grafana/ui';
import React from 'react';

interface Common {
  id: string;
  label: string;
  description?: string;
  disabled?: boolean;
}

interface TextProps extends Common {
  value?: string;
  placeholder?: string;
  error?: string;
  width?: number;
  onChange: (value: string) => void;
}

/** A setting that is a text. */
export function TextSetting({ id, label, description, error, width = 50, value, onChange, ...input }: TextProps) {
  return (
    <Field label={label} description={description} htmlFor={id} invalid={Boolean(error)} error={error}>
      <Input
        {...input}
        id={id}
        width={width}
        value={value ?? ''}
        onChange={(e) => onChange(e.currentTarget.value.trim())}
      />
    </Field>
  );
}

interface NumberProps extends Common {
  value?: number;
  placeholder?: string;
  error?: string;
  onChange: (value?: number) => void;
}

/** A setting that is a number; empty means the default. */
export function NumberSetting({ id, label, description, error, value, onChange, ...input }: NumberProps) {
  return (
    <Field label={label} description={description} htmlFor={id} invalid={Boolean(error)} error={error}>
      <Input
        {...input}
        id={id}
        width={20}
        type="number"
        step="any"
        value={value ?? ''}
        onChange={(e) => onChange(e.currentTarget.value === '' ? undefined : Number(e.currentTarget.value))}
      />
    </Field>
  );
}

interface SwitchProps extends Common {
  value?: boolean;
  onChange: (value: boolean) => void;
}

/** A setting that is on or off. */
export function SwitchSetting({ id, label, description, value, disabled, onChange }: SwitchProps) {
  return (
    <Field label={label} description={description} htmlFor={id}>
      <Switch id={id} value={Boolean(value)} disabled={disabled} onChange={(e) => onChange(e.currentTarget.checked)} />
    </Field>
  );
}
