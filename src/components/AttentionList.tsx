import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2, PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, Button, Icon, LinkButton, Stack, Text, Toggletip, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { attention, Attention, matches } from '../api/entity';
import { ago } from '../api/format';
import { Rule } from '../api/rules';
import { Sparkline } from './Sparkline';

interface Props {
  rules: Rule[];
  charts: Record<string, PanelData>;
  filter: string;
  /** Rows shown before "show all". */
  most: number;
}

/** What needs somebody now. */
export function AttentionList({ rules, charts, filter, most }: Props) {
  const styles = useStyles2(getStyles);
  const [all, setAll] = useState(false);
  const rows = attention(rules);
  const found = rows.filter((row) => matches(filter, row.entity, row.rule.name, row.instance.summary));
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
          <Row key={`${row.rule.uid} ${JSON.stringify(row.instance.labels)}`} row={row} chart={charts[row.rule.uid]} />
        ))}
      </ul>
      {found.length > most && (
        <Button fill="text" size="sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t('overview.show-fewer', 'Show fewer') : t('overview.show-all', 'Show all {{n}}', { n: found.length })}
        </Button>
      )}
    </>
  );
}

function Row({ row: { rule, instance, entity }, chart }: { row: Attention; chart?: PanelData }) {
  const styles = useStyles2(getStyles);
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
        <Text color="secondary">{instance.summary}</Text>
        <Text color="secondary" variant="bodySmall">
          {rule.name}
          {instance.since && (
            <span title={dateTimeFormat(instance.since)}>
              {' · '}
              {t('overview.since', 'since {{ago}}', { ago: ago(instance.since) })}
            </span>
          )}
        </Text>
      </div>
      <Sparkline data={chart} labels={instance.labels} entity={entity} />
      <div className={styles.actions}>
        {instance.description && (
          <Toggletip content={instance.description}>
            <Button size="sm" variant="secondary" fill="text" icon="question-circle">
              {t('overview.why', 'Why')}
            </Button>
          </Toggletip>
        )}
        {rule.panel && (
          <LinkButton
            size="sm"
            variant="secondary"
            icon="graph-bar"
            href={`/d/${rule.panel.dashboardUid}?viewPanel=${rule.panel.id}`}
          >
            {t('overview.open-panel', 'Open panel')}
          </LinkButton>
        )}
        <LinkButton size="sm" variant="secondary" icon="bell" href={`/alerting/grafana/${rule.uid}/view`}>
          {t('overview.open-rule', 'Open rule')}
        </LinkButton>
      </div>
    </li>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  row: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    padding: theme.spacing(1, 0),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '&:last-child': { borderBottom: 'none' },
  }),
  state: css({ flex: '0 0 80px' }),
  what: css({ display: 'flex', flexDirection: 'column', flex: '1 1 280px', minWidth: 0 }),
  actions: css({ display: 'flex', flex: '0 0 auto', justifyContent: 'flex-end', gap: theme.spacing(1), minWidth: 280 }),
});
