import { t } from '@grafana/i18n';
import { EmptyState, LinkButton, Stack } from '@grafana/ui';
import React from 'react';

import { panelUrl } from '../api/dashboards';
import { PAGES } from '../constants';
import { Done } from './save';

/** What was made, and where to see it. */
export function Finished({ done, uid }: { done: Done; uid: string }) {
  const model = encodeURIComponent(done.model ?? '');
  return (
    <EmptyState
      variant="completed"
      message={
        done.ruleUid
          ? t('finished.with-rule', '“{{name}}” is saved and watched', {
              name: done.model ?? '',
              interpolation: { escapeValue: false },
            })
          : t('finished.saved', '“{{name}}” is saved', {
              name: done.model ?? '',
              interpolation: { escapeValue: false },
            })
      }
      button={
        <Stack gap={1} justifyContent="center" wrap="wrap">
          <LinkButton icon="cube" href={`${PAGES.models}?ds=${uid}&model=${model}`}>
            {t('finished.model', 'Open the model')}
          </LinkButton>
          {done.panel && (
            <LinkButton variant="secondary" icon="apps" href={panelUrl(done.panel)}>
              {t('finished.panel', 'Open the panel')}
            </LinkButton>
          )}
          {done.ruleUid && (
            <LinkButton variant="secondary" icon="bell" href={`/alerting/grafana/${done.ruleUid}/view`}>
              {t('finished.rule', 'Open the rule')}
            </LinkButton>
          )}
          <LinkButton variant="secondary" icon="plus" href={`${PAGES.train}?ds=${uid}&after=${model}`}>
            {t('finished.again', 'Train another')}
          </LinkButton>
        </Stack>
      }
    />
  );
}
