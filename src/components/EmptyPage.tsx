import { t, Trans } from '@grafana/i18n';
import { EmptyState, LinkButton } from '@grafana/ui';
import React from 'react';

import { canAdmin } from '../api/role';
import { NothingYet } from './NothingYet';

/** Nothing is set up yet: what to do first. */
export function EmptyPage({ missing }: { missing: 'datasource' | 'rules' }) {
  if (missing === 'rules') {
    return (
      <NothingYet
        message={t('overview.no-rules', 'No alert rule asks Forewarn yet')}
        more={
          <LinkButton variant="secondary" icon="bell" href="/alerting/new/alerting">
            {t('overview.add-rule', 'New alert rule')}
          </LinkButton>
        }
      >
        <Trans i18nKey="overview.no-rules-text">
          Train a model and let the wizard make its rule, or look at the dashboards first.
        </Trans>
      </NothingYet>
    );
  }
  return (
    <EmptyState
      variant="call-to-action"
      message={t('overview.no-datasource', 'Forewarn has no data source yet')}
      button={
        canAdmin() ? (
          <LinkButton icon="plus" href="/connections/datasources/new?filter=Forewarn">
            {t('overview.add-datasource', 'Add the Forewarn data source')}
          </LinkButton>
        ) : undefined
      }
    >
      {canAdmin() ? (
        <Trans i18nKey="overview.no-datasource-text">
          It reads Prometheus, MySQL, or both; you need an address and a user.
        </Trans>
      ) : (
        <Trans i18nKey="overview.no-datasource-ask">
          It reads Prometheus, MySQL, or both. An administrator of your Grafana can add it.
        </Trans>
      )}
    </EmptyState>
  );
}
