import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2, PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, Button, Icon, LinkButton, Stack, Text, Toggletip, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { Client } from '../api/client';
import { panelUrl } from '../api/dashboards';
import { attention, Attention, matches } from '../api/entity';
import { fromNow } from '../api/format';
import { recordedOf, SourceState } from '../api/overview';
import { Instance, Rule } from '../api/rules';
import { Silence } from '../rules/silences';
import { ModelLink } from './ModelLink';
import { NotifyButton } from './NotifyButton';
import { firstLine } from './OpenWarnings';
import { ShowAll } from './ShowAll';
import { Sparkline } from './Sparkline';
import { Verdict } from './Verdict';

interface Props {
  rules: Rule[];
  charts: Record<string, PanelData>;
  silences: Silence[];
  /** What the data sources recorded of the same. */
  sources?: SourceState[];
  filter: string;
  /** After notifications were turned on or off. */
  onChange?: () => void;
  /** Rows shown before "show all". */
  most: number;
}

/** What needs somebody now. */
export function AttentionList({ rules, charts, silences, sources, filter, onChange, most }: Props) {
  const styles = useStyles2(getStyles);
  const [all, setAll] = useState(false);
  const rows = attention(rules);
  const found = rows.filter((row) =>
    matches(filter, row.entity, row.rule.name, row.rule.query.model?.name, row.instance.summary)
  );
  if (found.length === 0) {
    return (
      <Stack alignItems="center" gap={1}>
        <Icon name={rows.length === 0 ? 'check-circle' : 'search'} aria-hidden />
        <Text color="secondary">
          {rows.length === 0
            ? t('overview.quiet', 'Nothing is abnormal and no rule fires.')
            : t('overview.filtered', 'Nothing here matches the filter.')}
        </Text>
      </Stack>
    );
  }
  return (
    <>
      <ul className={styles.list}>
        {found.slice(0, all ? undefined : most).map((row) => (
          <Row
            key={`${row.rule.uid} ${JSON.stringify(row.instance.labels)}`}
            row={row}
            chart={charts[row.rule.uid]}
            silences={silences}
            sources={sources}
            onChange={onChange}
          />
        ))}
      </ul>
      <ShowAll count={found.length} most={most} all={all} onChange={setAll} />
    </>
  );
}

interface RowProps extends Pick<Props, 'silences' | 'sources' | 'onChange'> {
  row: Attention;
  chart?: PanelData;
}

function Row({ row: { rule, instance, entity }, chart, silences, sources, onChange }: RowProps) {
  const styles = useStyles2(getStyles);
  const recorded = recordedOf(rule, instance, sources);
  // after a restart a rule has no text of its own until it is evaluated; what was told when it began is known
  const sentence = instance.summary !== rule.name ? instance.summary : recorded && firstLine(recorded);
  const firing = instance.state === 'firing';
  return (
    <li className={styles.row}>
      <div className={styles.state}>
        <Badge
          color={firing ? 'red' : 'orange'}
          icon={firing ? 'exclamation-circle' : 'clock-nine'}
          text={firing ? t('overview.firing', 'firing') : t('overview.pending', 'pending')}
        />
      </div>
      <div className={styles.what}>
        <Text weight="medium">{entity}</Text>
        {sentence && <Text color="secondary">{sentenceOf(sentence, entity)}</Text>}
        <Text color="secondary" variant="bodySmall">
          {rule.name}
          {instance.since && (
            <span title={dateTimeFormat(instance.since)}>
              {' · '}
              {t('overview.since', 'since {{ago}}', { ago: fromNow(instance.since) })}
            </span>
          )}
          {recorded && <ModelLink entry={recorded} uid={rule.datasourceUid} />}
        </Text>
      </div>
      <div className={styles.chart}>
        <Sparkline data={chart} labels={instance.labels} entity={entity} />
      </div>
      <div className={styles.actions}>
        {instance.description && (
          <Toggletip content={instance.description}>
            <Button size="sm" variant="secondary" icon="question-circle">
              {t('overview.why', 'Why')}
            </Button>
          </Toggletip>
        )}
        {rule.panel && (
          <LinkButton size="sm" variant="secondary" icon="graph-bar" href={panelUrl(rule.panel)}>
            {t('overview.open-panel', 'Open panel')}
          </LinkButton>
        )}
        <LinkButton size="sm" variant="secondary" icon="bell" href={`/alerting/grafana/${rule.uid}/view`}>
          {t('overview.open-rule', 'Open rule')}
        </LinkButton>
        <NotifyButton
          rule={rule}
          silences={silences}
          labels={instance.labels}
          onChange={onChange ?? (() => undefined)}
        />
        {rule.query.model?.name && <Judge rule={rule} instance={instance} model={rule.query.model.name} />}
      </div>
    </li>
  );
}

/** A summary without the entity that it begins with, which stands above it; messages elsewhere need it. */
export function sentenceOf(summary: string, entity: string): string {
  const rest = summary.startsWith(entity) ? /^\s*[:：]\s*(.+)$/s.exec(summary.slice(entity.length)) : null;
  return rest ? rest[1] : summary;
}

/** Whether a warning of a trained model was right: from its beginning until it is judged. */
function Judge({ rule, instance, model }: { rule: Rule; instance: Instance; model: string }) {
  const client = useMemo(() => new Client(rule.datasourceUid), [rule.datasourceUid]);
  const [until] = useState(() => new Date().toISOString());
  return (
    <Verdict
      client={client}
      about={{ model, series: seriesOf(instance.labels), from: instance.since || until, to: until }}
    />
  );
}

/** The labels that the series itself has, without those of the rule. */
function seriesOf(labels: Record<string, string>): Record<string, string> {
  const ofRule = ['alertname', 'grafana_folder', 'severity', 'kind', 'model'];
  return Object.fromEntries(
    Object.entries(labels).filter(([name]) => !ofRule.includes(name) && !name.startsWith('__'))
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  row: css({
    display: 'grid',
    gridTemplateColumns: '88px minmax(0, 1fr) auto',
    gridTemplateAreas: '"state what chart" ". actions chart"',
    alignItems: 'start',
    gap: theme.spacing(0.75, 2),
    padding: theme.spacing(1.25, 0),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '&:last-child': { borderBottom: 'none' },
    [theme.breakpoints.down('md')]: {
      gridTemplateColumns: 'minmax(0, 1fr)',
      gridTemplateAreas: '"state" "what" "chart" "actions"',
    },
  }),
  state: css({ gridArea: 'state' }),
  what: css({ gridArea: 'what', display: 'flex', flexDirection: 'column', minWidth: 0 }),
  chart: css({ gridArea: 'chart', alignSelf: 'center' }),
  actions: css({ gridArea: 'actions', display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1) }),
});
