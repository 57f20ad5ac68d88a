import { t } from '@grafana/i18n';
import { Button, InlineFieldRow, Stack } from '@grafana/ui';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { Definition } from '../api/contract';
import { withType } from '../datasource/change';
import { AdvancedEditor } from '../datasource/components/AdvancedEditor';
import { DurationField } from '../datasource/components/fields';
import { ModelEditor } from '../datasource/components/ModelEditor';
import { ThresholdEditor } from '../datasource/components/ThresholdEditor';
import { usualHorizon } from '../datasource/samples';
import { ForewarnQuery, QueryType } from '../datasource/types';
import { needsThreshold } from '../datasource/validate';
import { CalendarFields } from './CalendarFields';
import { modelQuery } from './draft';
import { Exclusions } from './Exclusions';
import { PurposeCards } from './PurposeCards';

interface Props {
  client: Client;
  definition: Definition;
  onChange: (change: Partial<Definition>, run?: boolean) => void;
  onRun: () => void;
}

/** Step 2: what for, with which algorithm, by which calendar, and what is not to be learnt from. */
export function ModelStep({ client, definition, onChange, onRun }: Props) {
  const [advanced, setAdvanced] = useState(false);
  const query: ForewarnQuery = { ...definition.query, refId: 'train' };
  const type: QueryType = query.queryType ?? 'forecast';
  const change = (next: ForewarnQuery, run?: boolean) => onChange({ query: modelQuery(next) }, run);
  const ahead = type === 'forecast' || type === 'warning';
  return (
    <Stack direction="column" gap={2}>
      <PurposeCards value={type} onChange={(next) => change(withType(query, next, false), true)} />
      <div>
        {needsThreshold(query) && (
          <ThresholdEditor
            threshold={query.threshold}
            of={type === 'warning' ? query.source : undefined}
            onChange={(threshold, run) => change({ ...query, threshold }, run)}
            onRun={onRun}
          />
        )}
        {ahead && (
          <InlineFieldRow>
            <DurationField
              label={t('query.horizon', 'Horizon')}
              tooltip={t('query.horizon-help', 'How far to look ahead.')}
              placeholder={usualHorizon(type)}
              value={query.horizon}
              onChange={(horizon) => change({ ...query, horizon })}
              onBlur={onRun}
            />
          </InlineFieldRow>
        )}
        {type !== 'composite' && (
          <ModelEditor
            key={type}
            type={type}
            model={query.model ?? {}}
            load={client.algorithms}
            onChange={(model, run) => change({ ...query, model }, run)}
            onRun={onRun}
          />
        )}
      </div>
      <Exclusions excluded={definition.excluded} onChange={(excluded) => onChange({ excluded })} />
      <div>
        <Button
          fill="text"
          size="sm"
          icon={advanced ? 'angle-down' : 'angle-right'}
          aria-expanded={advanced}
          onClick={() => setAdvanced(!advanced)}
        >
          {t('train.advanced', 'Calendar, limits and guards')}
        </Button>
        {advanced && (
          <Stack direction="column" gap={2}>
            <CalendarFields definition={definition} onChange={onChange} />
            <div>
              <AdvancedEditor query={query} type={type} forModel onChange={change} onRun={onRun} />
            </div>
          </Stack>
        )}
      </div>
    </Stack>
  );
}
