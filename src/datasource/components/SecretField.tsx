import { Field, SecretInput, SecretTextArea } from '@grafana/ui';
import React from 'react';

interface Props {
  id: string;
  label: string;
  description?: string;
  multiline?: boolean;
  placeholder?: string;
  configured?: boolean;
  value?: string;
  disabled?: boolean;
  onChange: (value: string) => void;
  onReset: () => void;
}

/** A secret: shown as "configured" once saved, never again as text. */
export function SecretField({
  id,
  label,
  description,
  multiline,
  placeholder,
  configured,
  value,
  disabled,
  onChange,
  onReset,
}: Props) {
  const shared = { id, isConfigured: Boolean(configured), value: value ?? '', placeholder, disabled, onReset };
  return (
    <Field label={label} description={description} htmlFor={id}>
      {multiline ? (
        <SecretTextArea {...shared} rows={5} cols={60} onChange={(e) => onChange(e.currentTarget.value)} />
      ) : (
        <SecretInput
          {...shared}
          width={50}
          autoComplete="new-password"
          onChange={(e) => onChange(e.currentTarget.value)}
        />
      )}
    </Field>
  );
}
