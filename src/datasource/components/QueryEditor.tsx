import { CoreApp, QueryEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, InlineField, InlineFieldRow, LinkButton, RadioButtonGroup, Stack } from '@grafana/ui';
import React, { useCallback, useEffect, useState } from 'react';

import { forRule, withType } from '../change';
import { ForewarnDataSource } from '../datasource';
import { usualHorizon } from '../samples';
import { ForewarnOptions, ForewarnQuery, QueryType } from '../types';
import { wizardUrl } from '../../train/handOver';
import { isRunnable, needsThreshold } from '../validate';
import { AdvancedEditor } from './AdvancedEditor';
import { CompositeEditor } from './CompositeEditor';
import { DurationField, FIRST } from './fields';
import { ModelEditor } from './ModelEditor';
import { OutputEditor } from './OutputEditor';
import { SourceEditor } from './SourceEditor';
import { ThresholdEditor } from './ThresholdEditor';

type Props = QueryEditorProps<ForewarnDataSource, ForewarnQuery, ForewarnOptions>;

/** The query, one line per idea: source, what for, model, window and horizon; the rest is folded away. */
export function QueryEditor({ query, onChange, onRunQuery, datasource, app }: Props) {
  const [advanced, setAdvanced] = useState(false);
  const type: QueryType = query.queryType ?? 'forecast';
  const forAlert = app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting;
  const load = useCallback(() => datasource.algorithms(), [datasource]);
  const defaults = datasource.defaults;

  useEffect(() => {
    const next = forAlert ? forRule(query) : query;
    if (next !== query) {
      onChange(next);
    }
  }, [forAlert, query, onChange]);

  /** Changes that complete an idea run at once; typing waits until the field is left. */
  const change = (next: ForewarnQuery, run = false) => {
    onChange(next);
    if (run) {
      onRunQuery();
    }
  };
  const ahead = type === 'forecast' || type === 'warning';
  return (
    <Stack direction="column" gap={0.5}>
      {type === 'composite' ? (
        <CompositeEditor query={query} onChange={change} onRun={onRunQuery} />
      ) : (
        <SourceEditor
          id={query.refId}
          source={query.source ?? { kind: 'prometheus' }}
          onChange={(source, run) => change({ ...query, source }, run)}
          onRun={onRunQuery}
        />
      )}
      <InlineFieldRow>
        <InlineField label={t('query.what', 'What for')} labelWidth={FIRST}>
          <RadioButtonGroup<QueryType>
            aria-label={t('query.what', 'What for')}
            value={type}
            onChange={(next) => change(withType(query, next, forAlert), true)}
            options={purposes()}
          />
        </InlineField>
      </InlineFieldRow>
      {needsThreshold({ ...query, queryType: type }) && (
        <ThresholdEditor
          threshold={query.threshold}
          onChange={(threshold, run) => change({ ...query, threshold }, run)}
          onRun={onRunQuery}
        />
      )}
      {type !== 'composite' && type !== 'series' && (
        <ModelEditor
          key={type}
          type={type}
          model={query.model ?? {}}
          load={load}
          onChange={(model, run) => change({ ...query, model }, run)}
          onRun={onRunQuery}
        />
      )}
      <InlineFieldRow>
        {type !== 'series' && (
          <DurationField
            label={t('query.window', 'Training window')}
            tooltip={t('query.window-help', 'History that is learnt from; two weeks show a daily and a weekly rhythm.')}
            placeholder={defaults.trainingWindow || '14d'}
            value={query.trainingWindow}
            onChange={(trainingWindow) => change({ ...query, trainingWindow })}
            onBlur={onRunQuery}
          />
        )}
        {ahead && (
          <DurationField
            label={t('query.horizon', 'Horizon')}
            tooltip={t('query.horizon-help', 'How far to look ahead.')}
            labelWidth={12}
            placeholder={defaults.horizon || usualHorizon(type)}
            value={query.horizon}
            onChange={(horizon) => change({ ...query, horizon })}
            onBlur={onRunQuery}
          />
        )}
        {forAlert && (
          <OutputEditor
            type={type}
            output={query.output}
            forAlert
            onChange={(output) => change({ ...query, output }, true)}
          />
        )}
        <Button
          fill="text"
          icon={advanced ? 'angle-down' : 'angle-right'}
          aria-expanded={advanced}
          onClick={() => setAdvanced(!advanced)}
        >
          {t('query.advanced', 'Advanced')}
        </Button>
        {type !== 'series' && !query.model?.name && isRunnable(query) && (
          <LinkButton fill="text" icon="cog" href={wizardUrl(query, datasource.uid)} target="_blank">
            {t('query.wizard', 'Open in the wizard')}
          </LinkButton>
        )}
      </InlineFieldRow>
      {advanced && (
        <>
          <AdvancedEditor query={query} type={type} onChange={change} onRun={onRunQuery} />
          {!forAlert && (
            <InlineFieldRow>
              <OutputEditor
                type={type}
                output={query.output}
                forAlert={false}
                onChange={(output) => change({ ...query, output }, true)}
              />
            </InlineFieldRow>
          )}
        </>
      )}
    </Stack>
  );
}

const purposes = (): Array<{ value: QueryType; label: string; description: string }> => [
  {
    value: 'forecast',
    label: t('query.type-forecast', 'Forecast'),
    description: t('query.type-forecast-help', 'The next hours or days with a band'),
  },
  {
    value: 'anomaly',
    label: t('query.type-anomaly', 'Anomaly'),
    description: t('query.type-anomaly-help', 'What is unusual for this hour'),
  },
  {
    value: 'warning',
    label: t('query.type-warning', 'Early warning'),
    description: t('query.type-warning-help', 'How long is left until a limit'),
  },
  {
    value: 'outlier',
    label: t('query.type-outlier', 'Outlier in a group'),
    description: t('query.type-outlier-help', 'Which series is unlike the others'),
  },
  {
    value: 'composite',
    label: t('query.type-composite', 'Several signals'),
    description: t('query.type-composite-help', 'One score from several sources for each entity'),
  },
  {
    value: 'series',
    label: t('query.type-series', 'As it is'),
    description: t('query.type-series-help', 'The values, with no model'),
  },
];
