import { t } from '@grafana/i18n';
import { Combobox, ComboboxOption, InlineField, InlineFieldRow, InlineSwitch, Input } from '@grafana/ui';
import React, { useEffect, useId, useState } from 'react';

import { algorithmName, choiceName, paramName } from '../names';
import { Algorithm, Algorithms, ModelSpec, ParamSpec, QueryType, TrainedModel } from '../types';
import { paramError } from '../validate';
import { useFieldError } from './fieldErrors';
import { NumberField, SelectField } from './fields';

interface Props {
  type: QueryType;
  model: ModelSpec;
  load: () => Promise<Algorithms>;
  /** The models that can answer instead, where one of them may be chosen. */
  trained?: TrainedModel[];
  onTrained?: (name: string) => void;
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

const TRAINED = 'trained:';

/** Algorithm and its own parameters, whose form comes from what the back end declares; or one of the trained models. */
export function ModelEditor({ type, model, load, trained = [], onTrained, onChange, onRun }: Props) {
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
  const id = model.algorithm ?? 'auto';
  const chosen = model.name ? undefined : list.find((a) => a.id === id);
  const error = failed
    ? t('query.model-unread', 'The data source did not say which algorithms it has; auto still works')
    : all && id !== 'auto' && !chosen
      ? t('query.model-unknown', 'No algorithm of this name suits this kind of query')
      : undefined;
  const setOption = (name: string, value: unknown, run?: boolean) => {
    const { [name]: _, ...rest } = model.options ?? {};
    onChange({ ...model, options: value === undefined ? rest : { ...rest, [name]: value } }, run);
  };
  const models = trained.filter(
    (m) => m.live > 0 && (m.definition.query.queryType === type || m.definition.name === model.name)
  );
  const group = models.length > 0 || model.name ? t('query.model-on-request', 'Fitted on request') : undefined;
  const names = models.map((m) => m.definition.name);
  const options: Array<ComboboxOption<string>> = [
    {
      value: 'auto',
      label: t('query.model-auto', 'Auto'),
      description: t('query.model-auto-description', 'Chosen for each series'),
      group,
    },
    ...list
      .filter((a) => a.id !== 'auto')
      .map((a) => ({ value: a.id, label: algorithmName(a), description: a.summary, group })),
    ...(id !== 'auto' && !chosen ? [{ value: id, label: id, group }] : []),
    ...[...names, ...(model.name && !names.includes(model.name) ? [model.name] : [])].map((name) => ({
      value: TRAINED + name,
      label: name,
      group: t('query.model-trained', 'Trained models'),
    })),
  ];
  return (
    <InlineFieldRow>
      <SelectField
        label={t('query.model', 'Model')}
        tooltip={chosen && `${chosen.summary} ${chosen.reference}`}
        field="model.algorithm"
        partOf="model"
        error={error}
        width={32}
        value={model.name ? TRAINED + model.name : id}
        options={options}
        onChange={(next) =>
          next.startsWith(TRAINED) ? onTrained?.(next.slice(TRAINED.length)) : onChange({ algorithm: next }, true)
        }
      />
      {model.name && (
        <NumberField
          label={t('query.model-version', 'Version')}
          tooltip={t('query.model-version-help', 'Empty: the live one.')}
          field="model.version"
          labelWidth={10}
          min={1}
          integer
          placeholder={t('query.model-version-live', 'live')}
          value={model.version}
          onChange={(version) => onChange({ name: model.name, ...(version !== undefined && { version }) })}
          onBlur={onRun}
        />
      )}
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
  const said = useFieldError(`model.options.${param.name}`);
  const error = paramError(param, value) ?? said;
  return (
    <InlineField label={paramName(param)} tooltip={param.help} labelWidth="auto" invalid={Boolean(error)} error={error}>
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
          aria-label={paramName(param)}
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
          options={(param.choices ?? []).map((c) => ({ value: c, label: choiceName(c) }))}
          onChange={(o) => onChange(o.value, true)}
        />
      );
    default: {
      const isText = param.kind === 'duration';
      return (
        <Input
          id={id}
          aria-label={paramName(param)}
          aria-invalid={Boolean(paramError(param, value))}
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
          onKeyDown={(e) => e.key === 'Enter' && (e.preventDefault(), onRun())}
        />
      );
    }
  }
}
