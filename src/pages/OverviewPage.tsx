import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2 } from '@grafana/data';
import { t, Trans } from '@grafana/i18n';
import { PluginPage } from '@grafana/runtime';
import { Alert, Button, EmptyState, LinkButton, LoadingPlaceholder, Stack, Text, useStyles2 } from '@grafana/ui';
import React from 'react';

import { hoursLeft, runsOutWithin } from '../api/format';
import { AttentionList } from '../components/AttentionList';
import { RunsOutTable } from '../components/RunsOutTable';
import { Tile } from '../components/Tile';
import { Overview, useOverview } from './useOverview';

const DASHBOARDS = '/dashboards?query=Forewarn';

/** What needs me now: what fires, what runs out first, and whether the rules themselves are well. */
export function OverviewPage() {
  const { overview, loading, error, refresh } = useOverview();
  return (
    <PluginPage
      actions={
        <Button icon="sync" variant="secondary" onClick={refresh} disabled={loading}>
          {t('overview.refresh', 'Refresh')}
        </Button>
      }
    >
      {error && (
        <Alert severity="error" title={t('overview.error', 'Grafana’s alert rules could not be read')}>
          {error}
        </Alert>
      )}
      {!overview && !error && <LoadingPlaceholder text={t('overview.loading', 'Asking the rules…')} />}
      {overview && <Content overview={overview} />}
    </PluginPage>
  );
}

function Content({ overview }: { overview: Overview }) {
  const styles = useStyles2(getStyles);
  if (!overview.hasDataSource) {
    return (
      <EmptyState variant="call-to-action" message={t('overview.no-datasource', 'Forewarn has no data source yet')} button={<LinkButton href="/connections/datasources/new">{t('overview.add-datasource', 'Add the Forewarn data source')}</LinkButton>}>
        <Trans i18nKey="overview.no-datasource-text">It reads Prometheus, MySQL, or both; you need an address and a user.</Trans>
      </EmptyState>
    );
  }
  const rules = overview.rules ?? [];
  if (rules.length === 0) {
    return (
      <EmptyState variant="call-to-action" message={t('overview.no-rules', 'No alert rule asks Forewarn yet')} button={<LinkButton href="/alerting/new/alerting">{t('overview.add-rule', 'New alert rule')}</LinkButton>}>
        <Stack direction="column" alignItems="center">
          <Trans i18nKey="overview.no-rules-text">Make a rule with the Forewarn data source, or look at the dashboards first.</Trans>
          <LinkButton variant="secondary" href={DASHBOARDS}>
            {t('overview.dashboards', 'Open the dashboards')}
          </LinkButton>
        </Stack>
      </EmptyState>
    );
  }
  return (
    <Stack direction="column" gap={3}>
      <Tiles overview={overview} />
      {overview.errors.map((e) => (
        <Alert key={e} severity="warning" title={t('overview.rule-failed', 'A rule’s query failed')}>
          {e}
        </Alert>
      ))}
      <section className={styles.panel}>
        <h3>{t('overview.attention', 'Needs attention')}</h3>
        <AttentionList rules={rules} />
      </section>
      <section className={styles.panel}>
        <h3>{t('overview.runs-out', 'What runs out first')}</h3>
        <RunsOutTable warnings={overview.warnings ?? []} now={overview.at} />
      </section>
      <Stack justifyContent="space-between">
        <LinkButton variant="secondary" icon="apps" href={DASHBOARDS}>
          {t('overview.dashboards', 'Open the dashboards')}
        </LinkButton>
        <Text color="secondary" variant="bodySmall">
          {t('overview.as-of', 'As of {{time}}; refreshed each minute', { time: dateTimeFormat(overview.at) })}
        </Text>
      </Stack>
    </Stack>
  );
}

function Tiles({ overview }: { overview: Overview }) {
  const rules = overview.rules ?? [];
  const firing = rules.flatMap((r) => r.instances).filter((i) => i.state === 'firing').length;
  const pending = rules.flatMap((r) => r.instances).length - firing;
  const soon = (overview.warnings ?? []).filter((w) => runsOutWithin(w, 72));
  const healthy = rules.filter((r) => r.health === 'ok' || r.health === 'nodata').length;
  return (
    <Stack direction="row" gap={2} wrap="wrap">
      <Tile
        title={t('overview.tile-now', 'Abnormal now')}
        value={String(firing)}
        tone={firing > 0 ? 'bad' : 'good'}
        note={firing > 0 ? rules.filter((r) => r.instances.some((i) => i.state === 'firing')).map((r) => r.name).join(', ') : t('overview.tile-now-none', 'nothing fires')}
      />
      <Tile
        title={t('overview.tile-soon', 'Runs out within 72 h')}
        value={String(soon.length)}
        tone={soon.length > 0 ? 'warning' : 'good'}
        note={soon.length > 0 ? t('overview.tile-soon-first', '{{series}} in {{left}}', { series: soon[0].series, left: hoursLeft(soon[0].etaEarly), interpolation: { escapeValue: false } }) : t('overview.tile-soon-none', 'nothing in sight')}
      />
      <Tile
        title={t('overview.tile-health', 'Rules healthy')}
        value={t('overview.tile-health-of', '{{healthy}} of {{all}}', { healthy, all: rules.length })}
        tone={healthy === rules.length ? 'good' : 'bad'}
        note={rules.find((r) => r.health === 'error')?.error}
      />
      <Tile title={t('overview.tile-pending', 'Pending')} value={String(pending)} tone={pending > 0 ? 'warning' : 'neutral'} note={t('overview.tile-pending-note', 'not yet long enough to be told')} />
    </Stack>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  panel: css({
    padding: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
});
