import { css } from '@emotion/css';
import { GrafanaTheme2, IconName } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, Text, TextLink, useStyles2 } from '@grafana/ui';
import React from 'react';

import { surface } from './surface';

type Tone = 'good' | 'warning' | 'bad' | 'neutral';

interface Props {
  title: string;
  /** Undefined while it is being read. */
  value?: string;
  note?: string;
  tone: Tone;
  /** Where more is told. */
  href?: string;
}

const ICONS: Record<Tone, IconName> = {
  good: 'check-circle',
  warning: 'clock-nine',
  bad: 'exclamation-circle',
  neutral: 'info-circle',
};

/** One figure that matters; its tone is said by an icon as well as by colour. */
export function Tile({ title, value, note, tone, href }: Props) {
  const styles = useStyles2(getStyles);
  const loading = value === undefined;
  const icon = loading ? 'hourglass' : ICONS[tone];
  return (
    <section className={styles.tile} aria-label={title} aria-busy={loading}>
      {href ? (
        <TextLink href={href} variant="bodySmall" color="secondary">
          {title}
        </TextLink>
      ) : (
        <Text variant="bodySmall" color="secondary">
          {title}
        </Text>
      )}
      <div className={styles.value}>
        <Icon key={icon} name={icon} className={loading ? styles.neutral : styles[tone]} size="xl" aria-hidden />
        <span className={styles.figure}>{loading ? t('overview.reading', '…') : value}</span>
      </div>
      <div className={styles.note} title={note}>
        {note}
      </div>
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tile: css(surface(theme), { flex: '1 1 180px', minWidth: 0 }),
  value: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), margin: theme.spacing(0.5, 0) }),
  figure: css({
    fontSize: theme.typography.h1.fontSize,
    fontWeight: theme.typography.fontWeightMedium,
    lineHeight: 1.2,
  }),
  note: css({
    minHeight: theme.spacing(2.5),
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    display: '-webkit-box',
    WebkitLineClamp: 3,
    WebkitBoxOrient: 'vertical',
    overflow: 'hidden',
    overflowWrap: 'anywhere',
  }),
  good: css({ color: theme.colors.success.text }),
  warning: css({ color: theme.colors.warning.text }),
  bad: css({ color: theme.colors.error.text }),
  neutral: css({ color: theme.colors.text.secondary }),
});
