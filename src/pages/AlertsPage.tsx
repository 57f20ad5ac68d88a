import { t } from '@grafana/i18n';
import { FilterInput, LinkButton, Stack, Text } from '@grafana/ui';
import React, { useCallback, useMemo, useState } from 'react';

import { ChannelList } from '../alerts/ChannelList';
import { PreparedRules } from '../alerts/PreparedRules';
import { RulesTable } from '../alerts/RulesTable';
import { SilenceList } from '../alerts/SilenceList';
import { Client } from '../api/client';
import { matches } from '../api/entity';
import { canEdit } from '../api/role';
import { fetchRules, Rule } from '../api/rules';
import { useAsync } from '../api/useAsync';
import { useSource } from '../api/useSource';
import { Failed } from '../components/Failed';
import { NothingYet } from '../components/NothingYet';
import { Page } from '../components/Page';
import { Section } from '../components/Section';
import { fetchSilences, Silence } from '../rules/silences';

/** How often rules and silences are asked anew, ms. */
const EVERY = 30_000;

/** The rules on Forewarn's answers, what is silenced until when, and the channels that messages go through. */
export default function AlertsPage() {
  const source = useSource();
  return (
    <Page
      title={t('alerts.title', 'Alerts')}
      subTitle={t('alerts.subtitle', 'Who is warned of what, through which channel.')}
      source={source}
      actions={
        <LinkButton variant="secondary" icon="bell" href="/alerting/list">
          {t('alerts.grafana', 'Grafana’s alerting')}
        </LinkButton>
      }
    >
      {source.client && <Content key={source.uid} client={source.client} />}
    </Page>
  );
}

function Content({ client }: { client: Client }) {
  const [filter, setFilter] = useState('');
  const rules = useAsync<Rule[]>(() => fetchRules({ paused: true }), [client], EVERY);
  const silences = useAsync<Silence[]>(fetchSilences, [client], EVERY);
  const mine = useMemo(() => (rules.value ?? []).filter((r) => r.datasourceUid === client.uid), [rules.value, client]);
  const found = useMemo(
    () => mine.filter((r) => matches(filter, r.name, r.query.model?.name, r.folder)),
    [mine, filter]
  );
  const held = useMemo(() => silences.value ?? [], [silences.value]);
  const { reload: again } = silences;
  const { reload: anew } = rules;
  // the same function each time: the table's cells keep what they say as long as its columns stay
  const reload = useCallback(() => {
    anew();
    again();
  }, [anew, again]);
  return (
    <Stack direction="column" gap={2}>
      {rules.error && (
        <Failed
          title={t('overview.error-rules', 'Grafana’s alert rules could not be read')}
          error={rules.error}
          onRetry={rules.reload}
        />
      )}
      <Section title={t('alerts.rules', 'Rules')} loading={!rules.value && !rules.error}>
        {rules.value && mine.length === 0 && (
          <NothingYet uid={client.uid} message={t('alerts.none', 'No rule asks this data source yet')}>
            {t('alerts.none-text', 'The last step of the wizard makes a complete rule of a model.')}
          </NothingYet>
        )}
        {mine.length > 0 && (
          <Stack direction="column" gap={1}>
            <FilterInput
              escapeRegex={false}
              width={40}
              value={filter}
              onChange={setFilter}
              placeholder={t('alerts.filter', 'Filter by rule, model or folder')}
            />
            <RulesTable uid={client.uid} rules={found} silences={held} onChange={reload} />
          </Stack>
        )}
      </Section>
      {rules.value && (
        <Section title={t('prepared.title', 'Prepared rules')}>
          <PreparedRules uid={client.uid} rules={mine} onChange={reload} />
        </Section>
      )}
      <Section title={t('alerts.silences', 'Silences')} loading={!silences.value && !silences.error} height={40}>
        {silences.error && (
          <Failed
            title={t('alerts.silences-failed', 'The silences cannot be read')}
            error={silences.error}
            onRetry={silences.reload}
          />
        )}
        {silences.value && <SilenceList silences={held} rules={rules.value ?? []} onChange={reload} />}
      </Section>
      <Section title={t('alerts.channels', 'Channels')}>
        {canEdit() ? (
          <ChannelList client={client} />
        ) : (
          <Text color="secondary">{t('alerts.channels-viewer', 'Channels are shown to editors.')}</Text>
        )}
      </Section>
    </Stack>
  );
}
