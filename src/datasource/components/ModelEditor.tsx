import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineFieldRow, InlineSwitch, Input } from '@grafana/ui';
import React, { useEffect, useId, useState } from 'react';

import { Algorithm, Algorithms, ModelSpec, ParamSpec, QueryType } from '../types';
import { paramError } from '../validate';
import { FIRST } from './fields';

interface Props {
  type: QueryType;
  model: ModelSpec;
  load: () => Promise<Algorithms>;
  onChange: (model: ModelSpec, run?: boolean) => void;
  onRun: () => void;
}

/** The algorithms that suit a query type. */
export function suitable(all: Algorithms | undefined, type: QueryType): Algorithm[] {
  switch (type) {
    case 'forecast':
    case 'warning':
      return all?.forecast ?? [];
    case 'anomaly':
      return all?.anomaly ?? [];
    case 'outlier':
      return all?.outlier ?? [];
    default:
      return [];
  }
}

/** Algorithm and its own parameters; the form comes from what the back end declares. */
export function ModelEditor({ type, model, load, onChange, onRun }: Props) {
  const [all, setAll] = useState<Algorithms>();
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let live = true;
    load()
      .then((a) => live && setAll(a))
      .catch(() => live && setFailed(true));
    return () => {
      live = false;
    };
  }, [load]);
  const list = suitable(all, type);
  const inputId = useId();
  const id = model.algorithm ?? 'auto';
  const chosen = list.find((a) => a.id === id);
  const error = failed
    ? t('query.model-unread', 'The data source did not say which algorithms it has; auto still works')
    : all && id !== 'auto' && !chosen
      ? t('query.model-unknown', 'No algorithm of this name suits this kind of query')
      : undefined;
  const setOption = (name: string, value: unknown, run?: boolean) => {
    const { [name]: _, ...rest } = model.options ?? {};
    onChange({ ...model, options: value === undefined ? rest : { ...rest, [name]: value } }, run);
  };
  return (
    <InlineFieldRow>
      <InlineField
        htmlFor={inputId}
        label={t('query.model', 'Model')}
        labelWidth={FIRST}
        tooltip={chosen && `${chosen.summary} ${chosen.reference}`}
        invalid={Boolean(error)}
        error={error}
      >
        <Combobox
          id={inputId}
          width={32}
          value={id}
          options={[
            {
              value: 'auto',
              label: t('query.model-auto', 'Auto'),
              description: t('query.model-auto-description', 'Chosen for each series'),
            },
            ...list
              .filter((a) => a.id !== 'auto')
              .map((a) => ({ value: a.id, label: a.title, description: a.summary })),
            ...(id !== 'auto' && !chosen ? [{ value: id, label: id }] : []),
          ]}
          onChange={(o) => onChange({ algorithm: o.value }, true)}
        />
      </InlineField>
      {(chosen?.params ?? []).map((p) => (
        <Param
          key={p.name}
          param={p}
          value={model.options?.[p.name]}
          onChange={(v, run) => setOption(p.name, v, run)}
          onRun={onRun}
        />
      ))}
    </InlineFieldRow>
  );
}

interface ParamProps {
  param: ParamSpec;
  value: unknown;
  onChange: (value: unknown, run?: boolean) => void;
  onRun: () => void;
}

/** One declared parameter; an empty field means its default. */
function Param({ param, value, onChange, onRun }: ParamProps) {
  const id = useId();
  const error = paramError(param, value);
  const label = param.unit ? `${param.name} (${param.unit})` : param.name;
  return (
    <InlineField label={label} tooltip={param.help} labelWidth="auto" invalid={Boolean(error)} error={error}>
      <ParamInput id={id} param={param} value={value} onChange={onChange} onRun={onRun} />
    </InlineField>
  );
}

function ParamInput({ id, param, value, onChange, onRun }: ParamProps & { id: string }) {
  switch (param.kind) {
    case 'boolean':
      return (
        <InlineSwitch
          id={id}
          aria-label={param.name}
          value={Boolean(value ?? param.default)}
          onChange={(e) => onChange(e.currentTarget.checked, true)}
        />
      );
    case 'choice':
      return (
        <Combobox
          id={id}
          width={16}
          value={String(value ?? param.default)}
          options={(param.choices ?? []).map((c) => ({ value: c, label: c }))}
          onChange={(o) => onChange(o.value, true)}
        />
      );
    default: {
      const isText = param.kind === 'duration';
      return (
        <Input
          id={id}
          aria-label={param.name}
          width={12}
          type={isText ? 'text' : 'number'}
          step={param.kind === 'integer' ? 1 : 'any'}
          placeholder={String(param.default)}
          value={value === undefined ? '' : String(value)}
          onChange={(e) => {
            const text = e.currentTarget.value.trim();
            onChange(text === '' ? undefined : isText ? text : Number(text));
          }}
          onBlur={onRun}
        />
      );
    }
  }
}
