import { t } from '@grafana/i18n';
import { Badge, Stack, Text } from '@grafana/ui';
import React from 'react';

import { Client } from '../api/client';
import { Entry } from '../api/contract';
import { useAsync } from '../api/useAsync';
import { ErrorLine } from '../components/ErrorLine';
import { valueText } from './words';

/** Messages of a warning leave within this time of it, ms. */
const WITHIN = 30 * 60_000;

/** The deliveries that belong to a warning: soon after it, and about the same series or rule. */
export function belonging(entry: Entry, deliveries: Entry[]): Entry[] {
  const rule = entry.values?.rule;
  return deliveries.filter(
    (d) =>
      (entry.subject !== '' && d.subject === entry.subject) ||
      (rule !== undefined && d.values?.rule === rule) ||
      (Object.keys(entry.labels).length > 0 &&
        Object.entries(entry.labels).every(([name, value]) => d.labels?.[name] === value))
  );
}

/** What was sent to whom, and what came back. */
export function Deliveries({ client, entry }: { client: Client; entry: Entry }) {
  const { value, error } = useAsync(async () => {
    const at = Date.parse(entry.time);
    const { entries } = await client.audit({
      kind: 'delivery',
      from: new Date(at - 60_000).toISOString(),
      to: new Date(at + WITHIN).toISOString(),
      limit: 100,
    });
    return belonging(entry, entries);
  }, [client, entry]);
  if (!value) {
    return <ErrorLine error={error} />;
  }
  if (value.length === 0) {
    return (
      <Text color="secondary" variant="bodySmall">
        {t(
          'history.no-delivery',
          'Nothing went through the relay; Grafana’s own contact points keep their own record.'
        )}
      </Text>
    );
  }
  return (
    <Stack direction="column" gap={0.5}>
      {value.map((d) => {
        const sent = d.action === 'delivery.sent';
        return (
          <Stack key={d.seq} gap={1} alignItems="center">
            <Badge
              color={sent ? 'green' : 'red'}
              icon={sent ? 'check' : 'exclamation-triangle'}
              text={sent ? t('history.sent', 'delivered') : t('history.not-sent', 'not delivered')}
            />
            <Text>{valueText(d.values?.channel ?? d.subject)}</Text>
            <Text color="secondary" variant="bodySmall">
              {d.note}
            </Text>
          </Stack>
        );
      })}
    </Stack>
  );
}
