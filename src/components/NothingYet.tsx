import { t } from '@grafana/i18n';
import { EmptyState, LinkButton, Stack } from '@grafana/ui';
import React, { ReactNode } from 'react';

import { canEdit } from '../api/role';
import { DASHBOARDS, PAGES } from '../constants';

interface Props {
  message: string;
  /** The data source that a model would be trained for; empty leaves the choice to the wizard. */
  uid?: string;
  /** Another way to begin, for those who may change things. */
  more?: ReactNode;
  children: ReactNode;
}

/** There is nothing to show before a model is trained: the wizard for those who may, the dashboards for everybody. */
export function NothingYet({ message, uid, more, children }: Props) {
  return (
    <EmptyState
      variant="call-to-action"
      message={message}
      button={
        <Stack gap={1} justifyContent="center" wrap="wrap">
          {canEdit() && (
            <>
              <LinkButton icon="plus" href={uid ? `${PAGES.train}?ds=${uid}` : PAGES.train}>
                {t('models.train', 'Train a model')}
              </LinkButton>
              {more}
            </>
          )}
          <LinkButton variant="secondary" icon="apps" href={DASHBOARDS}>
            {t('overview.dashboards', 'Open the dashboards')}
          </LinkButton>
        </Stack>
      }
    >
      {children}
    </EmptyState>
  );
}
