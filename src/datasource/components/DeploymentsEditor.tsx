import { t } from '@grafana/i18n';
import { InlineFieldRow } from '@grafana/ui';
import React, { useId } from 'react';

import { deploymentExamples } from '../examples';
import { SAMPLE } from '../samples';
import { ForewarnQuery } from '../types';
import { DurationField, FIRST } from './fields';
import { SourceEditor } from './SourceEditor';

interface Props {
  query: ForewarnQuery;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
  onRun: () => void;
}

/** How long it is quiet after a deployment, and where a query learns of one; without a time of none. */
export function DeploymentsEditor({ query, onChange, onRun }: Props) {
  const id = useId();
  const { deployments } = query;
  const set = (quiet?: string) => {
    const kind = query.source?.kind === 'mysql' ? ('mysql' as const) : ('prometheus' as const);
    onChange({ ...query, deployments: quiet ? { kind, ...deployments, quiet } : undefined });
  };
  return (
    <>
      <InlineFieldRow>
        <DurationField
          label={t('query.deployment-quiet', 'Quiet after deployments')}
          field="deployments.quiet"
          labelWidth={FIRST + 6}
          tooltip={t('query.deployment-quiet-help', 'For so long after a deployment nothing is marked.')}
          placeholder={SAMPLE.quiet}
          value={deployments?.quiet}
          onChange={set}
          onBlur={onRun}
        />
      </InlineFieldRow>
      {deployments && (
        <SourceEditor
          id={`${id}-deployments`}
          path="deployments"
          label={t('query.deployments', 'Deployments from')}
          source={deployments}
          examples={deploymentExamples(deployments.kind)}
          onChange={(next, run) => onChange({ ...query, deployments: { ...next, quiet: deployments.quiet } }, run)}
          onRun={onRun}
        />
      )}
    </>
  );
}
