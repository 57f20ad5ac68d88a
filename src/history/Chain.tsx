import { t } from '@grafana/i18n';
import { Badge, Button, Stack } from '@grafana/ui';
import React from 'react';

import { Client } from '../api/client';
import { count } from '../api/format';
import { phrase } from '../api/phrases';
import { useAsync } from '../api/useAsync';

/** Whether the trail is whole: every line's hash covers all before it. */
export function Chain({ client }: { client: Client }) {
  const { value, error, loading, reload } = useAsync(() => client.verify(), [client]);
  return (
    <Stack gap={1} alignItems="center">
      {value && (
        <div role="status">
          <Badge
            color={value.ok ? 'green' : 'red'}
            icon={value.ok ? 'shield' : 'exclamation-triangle'}
            text={
              value.ok
                ? t('history.whole', '{{n}} lines, chain whole', { n: count(value.entries) })
                : t('history.broken', 'chain broken at line {{n}}', { n: value.firstBroken })
            }
            tooltip={phrase(value.message) || undefined}
          />
        </div>
      )}
      {error && (
        <div role="alert">
          <Badge
            color="red"
            icon="exclamation-triangle"
            text={t('history.unverified', 'not verified')}
            tooltip={error}
          />
        </div>
      )}
      <Button size="sm" fill="text" icon="sync" disabled={loading} onClick={reload}>
        {t('history.verify', 'Verify')}
      </Button>
    </Stack>
  );
}
