import { css } from '@emotion/css';
import { dateTimeFormatTimeAgo, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, LinkButton, Text, useStyles2 } from '@grafana/ui';
import React from 'react';

import { Instance, Rule } from '../api/rules';

/** Labels that say nothing about which entity is meant. */
const NOISE = new Set(['alertname', 'grafana_folder', 'output', 'severity', 'kind', 'job', 'app', 'team']);

/** The entity an instance is about. */
export function entityOf(instance: Instance): string {
  const parts = Object.entries(instance.labels)
    .filter(([name]) => !NOISE.has(name) && !name.startsWith('__'))
    .map(([, value]) => value);
  return parts.join(' ') || instance.labels.alertname || '';
}

/** Active instances of all rules, firing before pending, the longest-lasting first. */
export function attention(rules: Rule[]): Array<{ rule: Rule; instance: Instance }> {
  return rules
    .flatMap((rule) => rule.instances.map((instance) => ({ rule, instance })))
    .sort((a, b) => a.instance.state.localeCompare(b.instance.state) || a.instance.since.localeCompare(b.instance.since));
}

/** What needs somebody now. */
export function AttentionList({ rules }: { rules: Rule[] }) {
  const styles = useStyles2(getStyles);
  const rows = attention(rules);
  if (rows.length === 0) {
    return <Text color="secondary">{t('overview.quiet', 'Nothing is abnormal and no rule fires.')}</Text>;
  }
  return (
    <ul className={styles.list}>
      {rows.map(({ rule, instance }, i) => (
        <li key={`${rule.uid}-${i}`} className={styles.row}>
          <Badge
            color={instance.state === 'firing' ? 'red' : 'orange'}
            icon={instance.state === 'firing' ? 'exclamation-circle' : 'clock-nine'}
            text={instance.state === 'firing' ? t('overview.firing', 'firing') : t('overview.pending', 'pending')}
          />
          <div className={styles.what}>
            <Text weight="medium">{entityOf(instance)}</Text>
            <Text color="secondary">{instance.summary}</Text>
          </div>
          <Text color="secondary" variant="bodySmall">
            {t('overview.since', 'since {{ago}}', { ago: dateTimeFormatTimeAgo(instance.since) })}
          </Text>
          <LinkButton size="sm" variant="secondary" href={`/alerting/grafana/${rule.uid}/view`}>
            {t('overview.open-rule', 'Open rule')}
          </LinkButton>
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  row: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(2), padding: theme.spacing(1, 0), borderBottom: `1px solid ${theme.colors.border.weak}` }),
  what: css({ display: 'flex', flexDirection: 'column', flex: 1, minWidth: 0 }),
});
