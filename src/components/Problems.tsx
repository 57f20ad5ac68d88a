import { css } from '@emotion/css';
import { t, Trans } from '@grafana/i18n';
import { Alert, TextLink } from '@grafana/ui';
import React from 'react';

import { canAdmin } from '../api/role';
import { Overview } from '../pages/useOverview';
import { SourceProblems } from './SourceProblems';

/** Takes no room where there is nothing to say. */
const LIST = css({ '&:empty': { display: 'none' } });

/** What could not be read: which side failed, and what to try. */
export function Problems({ overview }: { overview: Overview }) {
  const { rulesError, historyError, failures, rules, sources } = overview;
  const broken = (rules ?? []).filter((r) => r.error !== undefined && !failures.some((f) => f.rule.uid === r.uid));
  const sides = new Map<string, { names: string[]; uid: string }>();
  for (const f of [...failures, ...broken.map((rule) => ({ rule, message: rule.error ?? '' }))]) {
    const side = sides.get(f.message) ?? { names: [], uid: f.rule.datasourceUid };
    side.names.push(f.rule.name);
    sides.set(f.message, side);
  }
  return (
    <div className={LIST}>
      {rulesError && (
        <Alert severity="error" title={t('overview.error-rules', 'Grafana’s alert rules could not be read')}>
          <p>{rulesError}</p>
          <Trans i18nKey="overview.error-rules-try">
            Check that Grafana’s alerting is on and that you may read its rules; what is shown below may be old.
          </Trans>
        </Alert>
      )}
      {[...sides].map(([message, { names, uid }]) => (
        <Alert
          key={message}
          severity="warning"
          title={t('overview.error-query', 'The data source could not answer: {{names}}', {
            names: names.join(', '),
            interpolation: { escapeValue: false },
          })}
        >
          <p>{message}</p>
          {canAdmin() && (
            <TextLink href={`/connections/datasources/edit/${uid}`}>
              {t('overview.error-query-try', 'Test the data source’s connections')}
            </TextLink>
          )}
        </Alert>
      ))}
      {sources && <SourceProblems sources={sources} />}
      {historyError && (
        <Alert severity="info" title={t('overview.error-history', 'Grafana’s history of alerts could not be read')}>
          {historyError}
        </Alert>
      )}
    </div>
  );
}
