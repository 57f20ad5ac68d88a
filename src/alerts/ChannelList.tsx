import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, Button, LoadingPlaceholder, Stack, Text, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { messageOf } from '../api/message';
import { Client } from '../api/client';
import { Channel, ChannelTest } from '../api/contract';
import { fromNow } from '../api/format';
import { canAdmin } from '../api/role';
import { useAsync } from '../api/useAsync';
import { Failed } from '../components/Failed';

/** The relay's channels with what happened last, and a button that sends a test and shows what the receiver answered. */
export function ChannelList({ client }: { client: Client }) {
  const { value, error, reload } = useAsync(() => client.channels(), [client]);
  if (error && !value) {
    return <Failed title={t('channels.failed', 'The channels cannot be read')} error={error} onRetry={reload} />;
  }
  if (!value) {
    return <LoadingPlaceholder text={t('page.loading', 'Loading…')} />;
  }
  if (value.channels.length === 0) {
    return (
      <Text color="secondary">
        {t(
          'channels.none',
          'No channel goes through the relay. Signed robots and gateways are set in the data source’s settings; Grafana’s own contact points work without it.'
        )}
      </Text>
    );
  }
  return (
    <Stack direction="column" gap={1}>
      {value.channels.map((c) => (
        <One key={c.name} client={client} channel={c} onTested={reload} />
      ))}
    </Stack>
  );
}

function One({ client, channel: c, onTested }: { client: Client; channel: Channel; onTested: () => void }) {
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<ChannelTest | { error: string }>();
  const test = async () => {
    setBusy(true);
    try {
      setAnswer(await client.testChannel(c.name));
    } catch (e) {
      setAnswer({ error: messageOf(e) });
    }
    setBusy(false);
    onTested();
  };
  const well = c.lastStatus === 'ok';
  return (
    <div role="group" aria-label={c.name}>
      <Stack justifyContent="space-between" alignItems="center" wrap="wrap">
        <Stack gap={1} alignItems="center" wrap="wrap">
          <Text weight="medium">{c.name}</Text>
          <Text color="secondary">{[c.kind, c.host].filter(Boolean).join(' · ')}</Text>
          {!c.enabled && <Badge color="darkgrey" text={t('channels.off', 'switched off')} />}
          {c.lastStatus !== '' && (
            <span title={c.lastAt ? dateTimeFormat(c.lastAt) : undefined}>
              <Badge
                color={well ? 'green' : 'red'}
                icon={well ? 'check' : 'exclamation-triangle'}
                text={
                  well
                    ? t('channels.delivered', 'delivered {{ago}}', { ago: c.lastAt ? fromNow(c.lastAt) : '' })
                    : c.lastStatus
                }
              />
            </span>
          )}
        </Stack>
        {canAdmin() && (
          <Button size="sm" variant="secondary" icon="message" disabled={busy || !c.enabled} onClick={test}>
            {busy ? t('channels.testing', 'Sending…') : t('channels.test', 'Send a test')}
          </Button>
        )}
      </Stack>
      {answer && <Answer answer={answer} />}
    </div>
  );
}

/** What came back, word for word, since a receiver may refuse with a friendly status. */
function Answer({ answer }: { answer: ChannelTest | { error: string } }) {
  const styles = useStyles2(getStyles);
  if ('error' in answer) {
    return <Failed title={t('channels.test-failed', 'The test could not be sent')} error={answer.error} />;
  }
  return (
    <div className={styles.answer} role="status">
      <Badge
        color={answer.ok ? 'green' : 'red'}
        icon={answer.ok ? 'check' : 'times'}
        text={answer.ok ? t('channels.accepted', 'accepted') : t('channels.refused', 'refused')}
      />{' '}
      {t('channels.answer', 'status {{status}} after {{ms}} ms', { status: answer.status, ms: answer.milliseconds })}{' '}
      <code>{answer.answer}</code>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  answer: css({
    marginTop: theme.spacing(0.5),
    fontSize: theme.typography.bodySmall.fontSize,
    overflowWrap: 'anywhere',
  }),
});
