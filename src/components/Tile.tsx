import { css } from '@emotion/css';
import { GrafanaTheme2, IconName } from '@grafana/data';
import { Icon, Text, useStyles2 } from '@grafana/ui';
import React from 'react';

export type Tone = 'good' | 'warning' | 'bad' | 'neutral';

interface Props {
  title: string;
  value: string;
  note?: string;
  tone: Tone;
}

const ICONS: Record<Tone, IconName> = { good: 'check-circle', warning: 'clock-nine', bad: 'exclamation-circle', neutral: 'info-circle' };

/** One figure that matters; its tone is said by an icon as well as by colour. */
export function Tile({ title, value, note, tone }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <section className={styles.tile} aria-label={title}>
      <Text variant="bodySmall" color="secondary">
        {title}
      </Text>
      <div className={styles.value}>
        <Icon name={ICONS[tone]} className={styles[tone]} size="xl" aria-hidden />
        <span className={styles.figure}>{value}</span>
      </div>
      <div className={styles.note}>
        <Text variant="bodySmall" color="secondary" truncate>
          {note ?? ' '}
        </Text>
      </div>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tile: css({
    flex: '1 1 220px',
    minWidth: 0,
    padding: theme.spacing(2),
    background: theme.colors.background.primary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
  }),
  value: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), margin: theme.spacing(0.5, 0) }),
  figure: css({ fontSize: theme.typography.h1.fontSize, fontWeight: theme.typography.fontWeightMedium, lineHeight: 1.2 }),
  note: css({ minHeight: theme.spacing(2.5) }),
  good: css({ color: theme.colors.success.text }),
  warning: css({ color: theme.colors.warning.text }),
  bad: css({ color: theme.colors.error.text }),
  neutral: css({ color: theme.colors.text.secondary }),
});
