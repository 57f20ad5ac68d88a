import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import React from 'react';

import { ModelTrial } from '../api/contract';
import { fromNow, inUnit } from '../api/format';

/** Series that "same as last season" answers for, because the model has been further off; nothing where it wins. */
export function Trial({ trial }: { trial?: ModelTrial }) {
  if (!trial || trial.demoted.length === 0) {
    return null;
  }
  return (
    <Alert
      severity="info"
      title={t('trial.title', 'The simpler model answers for {{n}} series until this one is closer again', {
        n: trial.demoted.length,
      })}
    >
      <ul>
        {trial.demoted.map((d) => (
          <li key={d.series}>
            {t('trial.series', '{{series}}: {{ratio}} times as far off as “same as last season”, {{since}}', {
              series: d.series,
              ratio: inUnit(d.ratio),
              since: fromNow(d.since),
              interpolation: { escapeValue: false },
            })}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
