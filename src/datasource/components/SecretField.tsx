import { Field, SecretInput, SecretTextArea } from '@grafana/ui';
import React from 'react';

import { ForewarnSecrets } from '../types';

interface Props {
  name: keyof ForewarnSecrets;
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
export function SecretField({ name, label, description, multiline, placeholder, configured, value, disabled, onChange, onReset }: Props) {
  const shared = { id: name, isConfigured: Boolean(configured), value: value ?? '', placeholder, disabled, onReset };
  return (
    <Field label={label} description={description} htmlFor={name}>
      {multiline ? (
        <SecretTextArea {...shared} rows={5} cols={60} onChange={(e) => onChange(e.currentTarget.value)} />
      ) : (
        <SecretInput {...shared} width={50} onChange={(e) => onChange(e.currentTarget.value)} />
      )}
    </Field>
  );
}
