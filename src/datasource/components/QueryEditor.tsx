import { CoreApp, QueryEditorProps } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, InlineField, InlineFieldRow, LinkButton, RadioButtonGroup, Stack, Text } from '@grafana/ui';
import React, { useCallback, useEffect, useState } from 'react';

import { forRule, withoutTrained, withTrained, withType } from '../change';
import { ForewarnDataSource } from '../datasource';
import { endsNow, showFuture } from '../future';
import { purposes, queryLine } from '../purposes';
import { SAMPLE, usualHorizon } from '../samples';
import { ForewarnOptions, ForewarnQuery, QueryType, TrainedModel } from '../types';
import { wizardUrl } from '../../train/handOver';
import { isRunnable, needsThreshold } from '../validate';
import { AdvancedEditor } from './AdvancedEditor';
import { CompositeEditor } from './CompositeEditor';
import { FieldErrors, useHasError } from './fieldErrors';
import { DurationField, FIRST } from './fields';
import { FiltersLine } from './FiltersLine';
import { ModelEditor } from './ModelEditor';
import { OutputEditor } from './OutputEditor';
import { SourceEditor } from './SourceEditor';
import { ThresholdEditor } from './ThresholdEditor';

type Props = QueryEditorProps<ForewarnDataSource, ForewarnQuery, ForewarnOptions>;

/** The query, one line per idea: source, what for, model, window and horizon; the rest is folded away. */
export function QueryEditor(props: Props) {
  return (
    <FieldErrors data={props.data} query={props.query}>
      <Editor {...props} />
    </FieldErrors>
  );
}

/** Fields that are folded away. */
const FOLDED = [
  'interval',
  'confidence',
  'bounds',
  'guards',
  'volume',
  'agreement',
  'deployments',
  'whatIf',
  'calendar',
  'direction',
  'style',
  'output',
  'signal',
  'lead',
];

function Editor({ query, onChange, onRunQuery, datasource, app, range }: Props) {
  const [unfolded, setUnfolded] = useState(false);
  const wrongInside = useHasError(...FOLDED);
  const advanced = unfolded || wrongInside;
  const type: QueryType = query.queryType ?? 'forecast';
  const forAlert = app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting;
  const load = useCallback(() => datasource.algorithms(), [datasource]);
  const trained = useTrained(datasource);
  const { defaults } = datasource;

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
  const model = query.model?.name ? trained.find((m) => m.definition.name === query.model?.name) : undefined;
  const onRequest = !query.model?.name;
  const horizon = query.horizon || (onRequest && defaults.horizon) || usualHorizon(type);
  const output = <OutputEditor query={query} forAlert={forAlert} onChange={change} onRun={onRunQuery} />;
  return (
    <Stack direction="column" gap={0.5}>
      {onRequest &&
        (type === 'composite' ? (
          <CompositeEditor query={query} onChange={change} onRun={onRunQuery} />
        ) : (
          <SourceEditor
            id={query.refId}
            source={query.source ?? { kind: 'prometheus' }}
            onChange={(source, run) => change({ ...query, source }, run)}
            onRun={onRunQuery}
          />
        ))}
      {query.adhocFilters && query.adhocFilters.length > 0 && (
        <FiltersLine
          filters={query.adhocFilters}
          onRemove={() => change({ ...query, adhocFilters: undefined }, true)}
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
      {(onRequest || type === 'forecast') && needsThreshold({ ...query, queryType: type }) && (
        <ThresholdEditor
          threshold={query.threshold}
          of={type === 'warning' ? query.source : undefined}
          onChange={(threshold, run) => change({ ...query, threshold }, run)}
          onRun={onRunQuery}
        />
      )}
      {type !== 'series' && (!onRequest || type !== 'composite' || trained.some(isComposite)) && (
        <ModelEditor
          key={type}
          type={type}
          model={query.model ?? {}}
          load={load}
          trained={trained}
          onTrained={(name) => change(withTrained(query, name), true)}
          onChange={(next, run) =>
            change(
              next.name || onRequest
                ? { ...query, model: next }
                : withoutTrained(query, next.algorithm ?? 'auto', model),
              run
            )
          }
          onRun={onRunQuery}
        />
      )}
      {model && (
        <Text variant="bodySmall" color="secondary">
          {t('query.model-reads', 'It reads {{source}}', {
            source: queryLine({ ...model.definition.query, model: undefined, refId: '' }),
            interpolation: { escapeValue: false },
          })}
        </Text>
      )}
      <InlineFieldRow>
        {type !== 'series' && onRequest && (
          <DurationField
            label={t('query.window', 'Training window')}
            tooltip={t('query.window-help', 'History that is learnt from; two weeks show a daily and a weekly rhythm.')}
            field="trainingWindow"
            placeholder={defaults.trainingWindow || SAMPLE.window}
            value={query.trainingWindow}
            onChange={(trainingWindow) => change({ ...query, trainingWindow })}
            onBlur={onRunQuery}
          />
        )}
        {ahead && (
          <DurationField
            label={t('query.horizon', 'Horizon')}
            tooltip={t('query.horizon-help', 'How far to look ahead.')}
            field="horizon"
            labelWidth={onRequest ? 12 : FIRST}
            placeholder={horizon}
            value={query.horizon}
            onChange={(next) => change({ ...query, horizon: next })}
            onBlur={onRunQuery}
          />
        )}
        {forAlert && output}
        {onRequest && (
          <Button
            fill="text"
            icon={advanced ? 'angle-down' : 'angle-right'}
            aria-expanded={advanced}
            onClick={() => setUnfolded(!advanced)}
          >
            {t('query.advanced', 'Advanced')}
          </Button>
        )}
        {type !== 'series' && onRequest && isRunnable(query) && (
          <LinkButton fill="text" icon="cog" href={wizardUrl(query, datasource.uid)} target="_blank">
            {t('query.wizard', 'Open in the wizard')}
          </LinkButton>
        )}
      </InlineFieldRow>
      {onRequest && advanced && (
        <AdvancedEditor query={query} type={type} defaults={defaults} onChange={change} onRun={onRunQuery} />
      )}
      {!forAlert && (advanced || !onRequest) && <InlineFieldRow>{output}</InlineFieldRow>}
      {ahead && !forAlert && isRunnable(query) && endsNow(range) && (
        <Stack alignItems="center" gap={1}>
          <Text variant="bodySmall" color="secondary">
            {t('query.ends-now', 'The time range ends now, so what is to come is not in sight.')}
          </Text>
          <Button size="sm" variant="secondary" icon="clock-nine" onClick={() => showFuture(horizon)}>
            {t('query.show-future', 'Show the next {{horizon}}', { horizon })}
          </Button>
        </Stack>
      )}
    </Stack>
  );
}

const isComposite = ({ definition }: TrainedModel) => definition.query.queryType === 'composite';

/** The trained models of the data source; none until they are read, or where they cannot be. */
function useTrained(datasource: ForewarnDataSource): TrainedModel[] {
  const [models, setModels] = useState<TrainedModel[]>([]);
  useEffect(() => {
    let live = true;
    datasource
      .trained()
      .then((all) => live && setModels(all))
      // a query of its own needs none of them, and one that names a model shows its name all the same
      .catch(() => undefined);
    return () => {
      live = false;
    };
  }, [datasource]);
  return models;
}
