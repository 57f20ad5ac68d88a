import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Stack, Text, TextLink } from '@grafana/ui';
import React, { useState } from 'react';

import { Entry } from '../api/contract';
import { fromNow } from '../api/format';
import { OpenWarning } from '../api/overview';
import { PAGES } from '../constants';
import { told } from '../history/told';
import { ModelLink } from './ModelLink';
import { ShowAll } from './ShowAll';

/** Rows shown before "show all". */
const MOST = 5;

/** The sentence of a recorded warning, without what is said below it. */
export const firstLine = (entry: Entry) => told(entry, 'note').split('\n')[0];

/** Warnings that the trail knows to be open although no rule on the page tells of them. */
export function OpenWarnings({ warnings }: { warnings: OpenWarning[] }) {
  const [all, setAll] = useState(false);
  return (
    <Stack direction="column" gap={1.5}>
      <Text color="secondary">
        {t('overview.open-help', 'Recorded as raised and not as resolved; their rules cannot be seen here.')}
      </Text>
      {warnings.slice(0, all ? undefined : MOST).map(({ entry, source }) => (
        <Stack key={`${source.uid} ${entry.seq}`} direction="column" gap={0}>
          <Text weight="medium">{entry.subject}</Text>
          {entry.note && <Text color="secondary">{firstLine(entry)}</Text>}
          <Text color="secondary" variant="bodySmall">
            {String(entry.values.rule ?? '')}
            <span title={dateTimeFormat(entry.time)}>
              {' · '}
              {t('overview.since', 'since {{ago}}', { ago: fromNow(entry.time) })}
            </span>
            <ModelLink entry={entry} uid={source.uid} />
            {' · '}
            <TextLink href={`${PAGES.history}?ds=${source.uid}`} inline variant="bodySmall">
              {t('history.title', 'History')}
            </TextLink>
          </Text>
        </Stack>
      ))}
      <ShowAll count={warnings.length} most={MOST} all={all} onChange={setAll} />
    </Stack>
  );
}
