import { t } from '@grafana/i18n';
import { Combobox, InlineField, InlineFieldRow, InlineSwitch, Input } from '@grafana/ui';
import React, { useEffect, useState } from 'react';

import { Algorithm, Algorithms, ModelSpec, ParamSpec, QueryType } from '../types';

interface Props {
  type: QueryType;
  model: ModelSpec;
  load: () => Promise<Algorithms>;
  onChange: (model: ModelSpec) => void;
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
export function ModelEditor({ type, model, load, onChange }: Props) {
  const [all, setAll] = useState<Algorithms>();
  useEffect(() => {
    let live = true;
    load()
      .then((a) => live && setAll(a))
      .catch(() => undefined); // auto still works; the query itself reports what is wrong with the back end
    return () => {
      live = false;
    };
  }, [load]);
  const list = suitable(all, type);
  const chosen = list.find((a) => a.id === model.algorithm);
  return (
    <InlineFieldRow>
      <InlineField label={t('query.model', 'Model')} labelWidth={12} tooltip={chosen?.summary}>
        <Combobox
          id={`model-${type}`}
          aria-label={t('query.model', 'Model')}
          width={32}
          value={model.algorithm ?? 'auto'}
          options={[
            { value: 'auto', label: t('query.model-auto', 'Auto'), description: t('query.model-auto-description', 'Chosen for each series') },
            ...list.map((a) => ({ value: a.id, label: a.title, description: a.summary })),
          ]}
          onChange={(o) => onChange({ algorithm: o.value })}
        />
      </InlineField>
      {(chosen?.params ?? []).map((p) => (
        <InlineField key={p.name} label={p.name} tooltip={p.help} labelWidth="auto">
          <ParamInput
            param={p}
            value={model.options?.[p.name]}
            onChange={(v) => {
              const options = { ...model.options, [p.name]: v };
              if (v === undefined) {
                delete options[p.name];
              }
              onChange({ ...model, options });
            }}
          />
        </InlineField>
      ))}
    </InlineFieldRow>
  );
}

/** One declared parameter; an empty field means its default. */
function ParamInput({ param, value, onChange }: { param: ParamSpec; value: unknown; onChange: (value: unknown) => void }) {
  switch (param.kind) {
    case 'boolean':
      return <InlineSwitch id={param.name} label={param.name} value={Boolean(value ?? param.default)} onChange={(e) => onChange(e.currentTarget.checked)} />;
    case 'choice':
      return (
        <Combobox
          aria-label={param.name}
          width={16}
          value={String(value ?? param.default)}
          options={(param.choices ?? []).map((c) => ({ value: c, label: c }))}
          onChange={(o) => onChange(o.value)}
        />
      );
    default: {
      const isText = param.kind === 'duration';
      return (
        <Input
          id={param.name}
          aria-label={param.name}
          width={12}
          type={isText ? 'text' : 'number'}
          min={param.min}
          max={param.max}
          placeholder={String(param.default)}
          value={value === undefined ? '' : String(value)}
          onChange={(e) => {
            const text = e.currentTarget.value;
            onChange(text === '' ? undefined : isText ? text : Number(text));
          }}
        />
      );
    }
  }
}
