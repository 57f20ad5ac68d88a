import { t } from '@grafana/i18n';
import { PluginPage } from '@grafana/runtime';
import { Stack } from '@grafana/ui';
import React, { ReactNode } from 'react';

import { Source } from '../api/useSource';
import { NamedCombobox } from './NamedCombobox';
import { EmptyPage } from './EmptyPage';

interface Props {
  title: string;
  subTitle: string;
  source: Source;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of the app about one Forewarn data source; where there are several, it is chosen beside the title. */
export function Page({ title, subTitle, source, actions, children }: Props) {
  return (
    <PluginPage
      renderTitle={() => <h1>{title}</h1>}
      subTitle={subTitle}
      actions={
        <Stack gap={1}>
          {source.sources.length > 1 && (
            <NamedCombobox
              label={t('page.source', 'Data source')}
              width={24}
              value={source.uid}
              options={source.sources.map((s) => ({ value: s.uid, label: s.name }))}
              onChange={(o) => source.choose(o.value)}
            />
          )}
          {actions}
        </Stack>
      }
    >
      {source.client ? children : <EmptyPage missing="datasource" />}
    </PluginPage>
  );
}
