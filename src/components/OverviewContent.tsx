import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { FilterInput, LinkButton, Stack, Text } from '@grafana/ui';
import React, { useState } from 'react';

import { withoutRule } from '../api/overview';
import { DASHBOARDS } from '../constants';
import { Overview, WITH_CHART } from '../pages/useOverview';
import { AttentionList } from './AttentionList';
import { EmptyPage } from './EmptyPage';
import { OpenWarnings } from './OpenWarnings';
import { Problems } from './Problems';
import { RunsOutTable } from './RunsOutTable';
import { ScoreStrip } from './ScoreStrip';
import { Section } from './Section';
import { Tiles } from './Tiles';

/** What needs me now: what fires, what runs out first, and whether the rules themselves are well. */
export function OverviewContent({ overview, onChange }: { overview?: Overview; onChange?: () => void }) {
  const [filter, setFilter] = useState('');
  if (overview?.hasDataSource === false) {
    return <EmptyPage missing="datasource" />;
  }
  const rules = overview?.rules;
  const open = withoutRule(overview?.sources ?? [], rules ?? []);
  const recorded = open.length > 0 && (rules || overview?.rulesError) && (
    <Section title={t('overview.open', 'Also open')}>
      <OpenWarnings warnings={open} />
    </Section>
  );
  if (overview && (rules?.length === 0 || (overview.rulesError && !rules))) {
    return (
      <Stack direction="column" gap={2}>
        <Problems overview={overview} />
        {recorded}
        {rules && <EmptyPage missing="rules" />}
      </Stack>
    );
  }
  return (
    <Stack direction="column" gap={2}>
      <Tiles overview={overview} />
      {overview && <Problems overview={overview} />}
      <Stack gap={2} wrap="wrap" justifyContent="space-between">
        <FilterInput
          escapeRegex={false}
          width={40}
          value={filter}
          onChange={setFilter}
          placeholder={t('overview.filter', 'Filter by entity, rule or model')}
        />
        <LinkButton variant="secondary" icon="apps" href={DASHBOARDS}>
          {t('overview.dashboards', 'Open the dashboards')}
        </LinkButton>
      </Stack>
      <Section title={t('overview.attention', 'Needs attention')} loading={!rules} height={180}>
        {rules && (
          <AttentionList
            rules={rules}
            charts={overview.charts}
            silences={overview.silences ?? []}
            sources={overview.sources}
            filter={filter}
            most={WITH_CHART}
            onChange={onChange}
          />
        )}
      </Section>
      {recorded}
      <Section title={t('overview.runs-out', 'What runs out first')} loading={!overview?.warnings}>
        {overview?.warnings && (
          <RunsOutTable warnings={overview.warnings} units={overview.units} filter={filter} now={overview.at} />
        )}
      </Section>
      {overview?.strip !== null && (
        <Section title={t('overview.strip', 'How unusual, over time')} loading={!overview?.strip} height={240}>
          {overview?.strip && <ScoreStrip data={overview.strip} filter={filter} />}
        </Section>
      )}
      {overview && (
        <div role="status">
          <Text color="secondary" variant="bodySmall">
            {t('overview.as-of', 'As of {{time}}', {
              time: dateTimeFormat(overview.at),
              interpolation: { escapeValue: false },
            })}
          </Text>
        </div>
      )}
    </Stack>
  );
}
