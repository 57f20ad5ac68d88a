import { t, Trans } from '@grafana/i18n';
import { EmptyState, LinkButton, Stack } from '@grafana/ui';
import React from 'react';

import { canEdit } from '../api/role';
import { DASHBOARDS, PAGES } from '../constants';

/** Nothing is set up yet: what to do first. */
export function EmptyPage({ missing }: { missing: 'datasource' | 'rules' }) {
  const dashboards = (
    <LinkButton variant="secondary" icon="apps" href={DASHBOARDS}>
      {t('overview.dashboards', 'Open the dashboards')}
    </LinkButton>
  );
  if (missing === 'datasource') {
    return (
      <EmptyState
        variant="call-to-action"
        message={t('overview.no-datasource', 'Forewarn has no data source yet')}
        button={
          <Stack gap={1} justifyContent="center" wrap="wrap">
            <LinkButton icon="plus" href="/connections/datasources/new?filter=Forewarn">
              {t('overview.add-datasource', 'Add the Forewarn data source')}
            </LinkButton>
            {dashboards}
          </Stack>
        }
      >
        <Trans i18nKey="overview.no-datasource-text">
          It reads Prometheus, MySQL, or both; you need an address and a user.
        </Trans>
      </EmptyState>
    );
  }
  return (
    <EmptyState
      variant="call-to-action"
      message={t('overview.no-rules', 'No alert rule asks Forewarn yet')}
      button={
        <Stack gap={1} justifyContent="center" wrap="wrap">
          {canEdit() && (
            <>
              <LinkButton icon="plus" href={PAGES.train}>
                {t('models.train', 'Train a model')}
              </LinkButton>
              <LinkButton variant="secondary" icon="bell" href="/alerting/new/alerting">
                {t('overview.add-rule', 'New alert rule')}
              </LinkButton>
            </>
          )}
          {dashboards}
        </Stack>
      }
    >
      <Trans i18nKey="overview.no-rules-text">
        Train a model and let the wizard make its rule, or look at the dashboards first.
      </Trans>
    </EmptyState>
  );
}
