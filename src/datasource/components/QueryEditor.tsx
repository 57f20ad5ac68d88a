import { CoreApp, QueryEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Combobox, InlineField, InlineFieldRow, Input, RadioButtonGroup, Stack } from '@grafana/ui';
import React, { useCallback, useState } from 'react';

import { ForewarnDataSource } from '../datasource';
import { alertOutput } from '../outputs';
import { ForewarnOptions, ForewarnQuery, QueryType } from '../types';
import { durationError, isComplete } from '../validate';
import { AdvancedEditor } from './AdvancedEditor';
import { CompositeEditor } from './CompositeEditor';
import { ModelEditor } from './ModelEditor';
import { exampleFor, SourceEditor } from './SourceEditor';

type Props = QueryEditorProps<ForewarnDataSource, ForewarnQuery, ForewarnOptions>;

/** The query, one line per idea: what for, source, model, window and horizon; the rest folded away. */
export function QueryEditor({ query, onChange, onRunQuery, datasource, app }: Props) {
  const [advanced, setAdvanced] = useState(false);
  const type: QueryType = query.queryType ?? 'forecast';
  const source = query.source ?? { kind: 'prometheus' as const };
  const forAlert = app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting;
  const load = useCallback(() => datasource.algorithms(), [datasource]);

  /** Changes that complete an idea run at once; typing waits for the field to be left. */
  const change = (next: ForewarnQuery, run = false) => {
    onChange(next);
    if (run) {
      onRunQuery();
    }
  };
  const chooseType = (queryType: QueryType) => {
    const next: ForewarnQuery = { ...query, queryType, model: undefined, output: forAlert ? alertOutput(queryType) : undefined };
    if (queryType === 'composite') {
      const { source: _, ...rest } = next;
      return change({ ...rest, sources: query.sources ?? [{ ...source, name: 'a' }, { kind: source.kind, name: 'b' }], join: query.join ?? ['instance'] });
    }
    const { sources: _, join: __, ...rest } = next;
    return change({ ...rest, source, threshold: queryType === 'warning' ? (query.threshold ?? { value: 90, direction: 'above' }) : query.threshold }, true);
  };
  const duration = (name: 'trainingWindow' | 'horizon', label: string, placeholder: string) => (
    <InlineField label={label} labelWidth={16} invalid={Boolean(durationError(query[name]))} error={durationError(query[name])}>
      <Input aria-label={label} width={12} placeholder={placeholder} value={query[name] ?? ''} onChange={(e) => change({ ...query, [name]: e.currentTarget.value || undefined })} onBlur={onRunQuery} />
    </InlineField>
  );
  return (
    <Stack direction="column" gap={0.5}>
      <InlineFieldRow>
        <InlineField label={t('query.what', 'What for')} labelWidth={12}>
          <RadioButtonGroup<QueryType>
            value={type}
            onChange={chooseType}
            options={[
              { value: 'forecast', label: t('query.type-forecast', 'Forecast') },
              { value: 'anomaly', label: t('query.type-anomaly', 'Anomaly') },
              { value: 'warning', label: t('query.type-warning', 'Early warning') },
              { value: 'outlier', label: t('query.type-outlier', 'Outlier in a group') },
              { value: 'composite', label: t('query.type-composite', 'Several signals') },
              { value: 'series', label: t('query.type-series', 'As it is') },
            ]}
          />
        </InlineField>
      </InlineFieldRow>
      {type === 'composite' ? (
        <CompositeEditor query={query} onChange={change} onBlur={onRunQuery} />
      ) : (
        <>
          <SourceEditor id={query.refId} source={source} onChange={(s) => change({ ...query, source: s })} onBlur={onRunQuery} />
          {!isComplete(source) && (
            <div>
              <Button size="sm" variant="secondary" icon="info-circle" onClick={() => change({ ...query, source: exampleFor(source.kind) }, true)}>
                {t('query.example', 'Use an example')}
              </Button>
            </div>
          )}
        </>
      )}
      {(type === 'warning' || (type === 'anomaly' && query.model?.algorithm === 'threshold')) && (
        <InlineFieldRow>
          <InlineField label={t('query.threshold', 'Threshold')} labelWidth={12}>
            <Combobox
              aria-label={t('query.threshold-direction', 'Direction of the threshold')}
              width={16}
              value={query.threshold?.direction ?? 'above'}
              options={[
                { value: 'above', label: t('query.above', 'rises above') },
                { value: 'below', label: t('query.below', 'falls below') },
              ]}
              onChange={(o) => change({ ...query, threshold: { value: query.threshold?.value ?? 90, direction: o.value as 'above' | 'below' } }, true)}
            />
          </InlineField>
          <Input
            aria-label={t('query.threshold', 'Threshold')}
            width={12}
            type="number"
            value={query.threshold?.value ?? ''}
            onChange={(e) => {
              const value = e.currentTarget.value;
              change({ ...query, threshold: value === '' ? undefined : { direction: query.threshold?.direction ?? 'above', value: Number(value) } });
            }}
            onBlur={onRunQuery}
          />
        </InlineFieldRow>
      )}
      {type !== 'composite' && type !== 'series' && (
        <ModelEditor key={type} type={type} model={query.model ?? {}} load={load} onChange={(model) => change({ ...query, model }, true)} />
      )}
      <InlineFieldRow>
        {duration('trainingWindow', t('query.window', 'Training window'), '14d')}
        {(type === 'forecast' || type === 'warning') && duration('horizon', t('query.horizon', 'Horizon'), type === 'warning' ? '72h' : '24h')}
        <Button size="sm" fill="text" icon={advanced ? 'angle-down' : 'angle-right'} aria-expanded={advanced} onClick={() => setAdvanced(!advanced)}>
          {t('query.advanced', 'Advanced')}
        </Button>
      </InlineFieldRow>
      {(advanced || forAlert) && <AdvancedEditor query={query} type={type} forAlert={forAlert} onChange={(q) => change(q)} onBlur={onRunQuery} />}
    </Stack>
  );
}
