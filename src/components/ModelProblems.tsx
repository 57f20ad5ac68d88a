import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import React from 'react';

import { phrase } from '../api/phrases';

interface Props {
  problems?: string[];
  /** Whose models they are, where several data sources are spoken of. */
  source?: string;
}

/** What is wrong with the models that a data source's settings list. */
export function ModelProblems({ problems = [], source }: Props) {
  const title = t('models.problem', 'A provisioned model cannot be used');
  return problems.map((problem) => (
    <Alert key={problem} severity="warning" title={source ? `${source}: ${title}` : title}>
      {phrase(problem)}
    </Alert>
  ));
}
