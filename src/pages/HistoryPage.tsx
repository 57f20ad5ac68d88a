import { dateTime, TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, EmptyState, FilterInput, LinkButton, LoadingPlaceholder, Stack, TimeRangeInput } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { Client } from '../api/client';
import { matches } from '../api/entity';
import { useAsync } from '../api/useAsync';
import { useSource } from '../api/useSource';
import { NamedCombobox } from '../components/NamedCombobox';
import { Failed } from '../components/Failed';
import { Page } from '../components/Page';
import { Section } from '../components/Section';
import { StoreNotice } from '../components/StoreNotice';
import { Chain } from '../history/Chain';
import { PrecisionTable } from '../history/PrecisionTable';
import { Timeline } from '../history/Timeline';
import { WarningOutcomes } from '../history/WarningOutcomes';
import { told } from '../history/told';
import { useTrail } from '../history/useTrail';
import { actionText, kinds } from '../history/words';

/** The week up to now. */
const lastWeek = (): TimeRange => {
  const to = dateTime();
  return { from: dateTime(to).subtract(7, 'day'), to, raw: { from: 'now-7d', to: 'now' } };
};

/** Warnings and changes on one timeline: who did what, which warning was raised by which model, and whether it was right. */
export default function HistoryPage() {
  const source = useSource();
  return (
    <Page
      title={t('history.title', 'History')}
      subTitle={t('history.subtitle', 'Every warning and every change, in a chain that cannot be altered unseen.')}
      source={source}
      actions={
        source.client && (
          <Stack gap={1}>
            {['csv', 'json'].map((format) => (
              <LinkButton
                key={format}
                variant="secondary"
                icon="download-alt"
                href={source.client?.url(`audit/export?format=${format}`)}
                target="_blank"
              >
                {format.toUpperCase()}
              </LinkButton>
            ))}
          </Stack>
        )
      }
    >
      {source.client && <Content key={source.uid} client={source.client} />}
    </Page>
  );
}

function Content({ client }: { client: Client }) {
  const [range, setRange] = useState(lastWeek);
  const [kind, setKind] = useState('');
  const [model, setModel] = useState('');
  const [text, setText] = useState('');
  const filter = useMemo(() => ({ range, kind, model }), [range, kind, model]);
  const { entries, more, loading, error, reload, older } = useTrail(client, filter);
  const models = useAsync(() => client.models(), [client]);
  const labels = useAsync(() => client.labels(), [client]);
  const found = (entries ?? []).filter((e) =>
    matches(text, e.subject, e.model, e.who, told(e, 'note'), actionText(e.action), ...Object.values(e.labels ?? {}))
  );
  return (
    <Stack direction="column" gap={2}>
      <Stack gap={1} wrap="wrap" alignItems="center">
        <TimeRangeInput value={range} onChange={setRange} clearable={false} />
        <NamedCombobox
          label={t('history.kind', 'Kind')}
          width={18}
          value={kind}
          options={kinds()}
          onChange={(o) => setKind(o.value)}
        />
        <NamedCombobox
          label={t('alerts.model', 'Model')}
          width={24}
          value={model}
          options={[
            { value: '', label: t('history.all-models', 'all models') },
            ...(models.value?.models ?? []).map((m) => ({ value: m.definition.name })),
          ]}
          onChange={(o) => setModel(o.value)}
        />
        <FilterInput
          escapeRegex={false}
          width={30}
          value={text}
          onChange={setText}
          placeholder={t('history.filter', 'Filter by series, person or text')}
        />
        <Chain client={client} />
      </Stack>
      {!error && (
        <>
          <StoreNotice store={models.value?.store} />
          <PrecisionTable client={client} />
          <WarningOutcomes client={client} />
        </>
      )}
      {error && <Failed title={t('history.failed', 'The history cannot be read')} error={error} onRetry={reload} />}
      {(entries || !error) && (
        <Section title={t('history.timeline', 'Timeline')} loading={!entries} height={300}>
          {entries && found.length === 0 && (
            <EmptyState
              variant="not-found"
              message={
                entries.length === 0
                  ? t('history.none', 'Nothing happened in this time')
                  : t('history.filtered', 'Nothing here matches the filter')
              }
            />
          )}
          <Timeline client={client} entries={found} labels={labels.value?.labels ?? []} />
          {more && (
            <Button fill="text" disabled={loading} onClick={older}>
              {t('history.older', 'Show older ones')}
            </Button>
          )}
          {loading && entries && <LoadingPlaceholder text={t('page.loading', 'Loading…')} />}
        </Section>
      )}
    </Stack>
  );
}
