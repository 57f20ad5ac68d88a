import { t } from '@grafana/i18n';
import { Button, InlineFieldRow, Stack, Text } from '@grafana/ui';
import React from 'react';

import { ModelQuery } from '../api/contract';
import { withType } from '../datasource/change';
import { CompositeEditor } from '../datasource/components/CompositeEditor';
import { DurationField, FIRST } from '../datasource/components/fields';
import { SourceEditor } from '../datasource/components/SourceEditor';
import { SAMPLE, usualInterval } from '../datasource/samples';
import { ForewarnQuery, QueryType } from '../datasource/types';
import { isComplete } from '../datasource/validate';
import { Browse } from './Browse';
import { modelQuery } from './draft';
import { PreviewCard } from './PreviewCard';
import { Previewed } from './usePreview';

interface Props {
  uid: string;
  query: ModelQuery;
  preview: Previewed;
  /** `run` is set where an idea is complete; typing waits until the field is left. */
  onChange: (query: ModelQuery, run?: boolean) => void;
  onRun: () => void;
}

/** Step 1: where the data come from, how far back and how fine, and what that costs. */
export function DataStep({ uid, query, preview, onChange, onRun }: Props) {
  const full: ForewarnQuery = { ...query, refId: 'train' };
  const type: QueryType = query.queryType ?? 'forecast';
  const source = query.source ?? { kind: 'prometheus' as const };
  const change = (next: ForewarnQuery, run?: boolean) => onChange(modelQuery(next), run);
  return (
    <Stack direction="column" gap={2}>
      {type === 'composite' ? (
        <div>
          <CompositeEditor query={full} onChange={change} onRun={onRun} />
          <Button
            fill="text"
            size="sm"
            icon="arrow-left"
            onClick={() => change(withType(full, 'anomaly', false), true)}
          >
            {t('train.single', 'Back to a single source')}
          </Button>
        </div>
      ) : (
        <div>
          <SourceEditor
            id="train"
            source={source}
            onChange={(next, run) => onChange({ ...query, source: next }, run)}
            onRun={onRun}
            onSeveral={() => change(withType(full, 'composite', false), true)}
          />
          {!isComplete(source) && (
            <Browse uid={uid} kind={source.kind} onPick={(next) => onChange({ ...query, source: next }, true)} />
          )}
        </div>
      )}
      <InlineFieldRow>
        <DurationField
          label={t('query.window', 'Training window')}
          tooltip={t('query.window-help', 'History that is learnt from; two weeks show a daily and a weekly rhythm.')}
          placeholder={SAMPLE.window}
          value={query.trainingWindow}
          onChange={(trainingWindow) => onChange({ ...query, trainingWindow })}
          onBlur={onRun}
        />
        <DurationField
          label={t('query.interval', 'Interval')}
          tooltip={t('query.interval-help', 'Time between two points; the panel’s width has no say in it.')}
          labelWidth={FIRST / 2 + 3}
          placeholder={usualInterval(type)}
          value={query.interval}
          onChange={(interval) => onChange({ ...query, interval })}
          onBlur={onRun}
        />
      </InlineFieldRow>
      <PreviewCard uid={uid} preview={preview} />
      {!preview.value && !preview.error && !preview.loading && (
        <Text color="secondary">
          {t('train.data-empty', 'Write or choose a query: its last two weeks appear here, with what training costs.')}
        </Text>
      )}
    </Stack>
  );
}
