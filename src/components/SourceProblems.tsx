import { t } from '@grafana/i18n';
import React from 'react';

import { SourceState } from '../api/overview';
import { Failed } from './Failed';
import { ModelProblems } from './ModelProblems';
import { StoreNotice } from './StoreNotice';

/** What is wrong with the data sources' stores and the models in their settings; a source is named where there are several. */
export function SourceProblems({ sources }: { sources: SourceState[] }) {
  return (
    <>
      {sources.map(({ uid, name, overview, error }) => {
        const named = sources.length > 1 ? name : undefined;
        const of = named ? `${named}: ` : '';
        return (
          <React.Fragment key={uid}>
            {error !== undefined && (
              <Failed title={of + t('train.unreachable', 'The models cannot be read')} error={error} />
            )}
            <StoreNotice store={overview?.store} source={named} />
            <ModelProblems problems={overview?.problems} source={named} />
          </React.Fragment>
        );
      })}
    </>
  );
}
