import { t } from '@grafana/i18n';
import { Collapse, Stack, Switch } from '@grafana/ui';
import React, { useId, useState } from 'react';

import { Client } from '../api/client';
import { Definition, ReplayAlert, VersionDetail } from '../api/contract';
import { Figures } from './Figures';
import { ReplayPanel } from './ReplayPanel';
import { Results } from './Results';

interface Props {
  client: Client;
  definition: Definition;
  version: VersionDetail;
  /** Whether the chart shows what the forecast is made of. */
  components: boolean;
  onComponents: (shown: boolean) => void;
  onBudget: (perWeek: number) => void;
  onAlerts: (alerts: ReplayAlert[]) => void;
  onShow: (alert: ReplayAlert) => void;
}

/** Whether a model of this kind raises alerts of its own that can be replayed. */
export const canReplay = (definition: Definition) => definition.query.queryType !== 'forecast';

/** Whether a model of this kind can show what its forecast is made of. */
export const hasComponents = (definition: Definition) => definition.query.queryType === 'forecast';

/** Step 3: how good the model is on what it has not seen, and what would have fired. */
export function CheckStep({
  client,
  definition,
  version,
  components,
  onComponents,
  onBudget,
  onAlerts,
  onShow,
}: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  return (
    <Stack direction="column" gap={2}>
      <Figures version={version} />
      {hasComponents(definition) && (
        <Stack gap={1} alignItems="center">
          <Switch id={id} value={components} onChange={(e) => onComponents(e.currentTarget.checked)} />
          <label htmlFor={id}>{t('train.components', 'Show trend, seasons and remainder on the chart')}</label>
        </Stack>
      )}
      <Collapse
        label={t('train.results', 'Each series ({{n}})', { n: version.results.length })}
        isOpen={open}
        onToggle={setOpen}
      >
        <Results results={version.results} />
      </Collapse>
      {canReplay(definition) && (
        <ReplayPanel
          client={client}
          model={definition.name}
          version={version.number}
          budget={definition.alertBudget}
          onBudget={onBudget}
          onAlerts={onAlerts}
          onShow={onShow}
        />
      )}
    </Stack>
  );
}
