import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

import { hoursLeft } from '../api/format';

interface Props {
  /** Hours until the threshold: the pessimistic and the median time. */
  early: number;
  eta: number;
  /** Hours that the whole bar stands for. */
  span: number;
}

/** From the earliest to the expected time, on a bar that starts now. */
export function TimeBar({ early, eta, span }: Props) {
  const styles = useStyles2(getStyles);
  const share = (hours: number) => Math.min(100, Math.max(0, (100 * hours) / span));
  const from = share(early);
  const label = t('overview.bar', '{{early}} to {{eta}}, on a bar of {{span}}', {
    early: hoursLeft(early),
    eta: hoursLeft(eta),
    span: hoursLeft(span),
  });
  return (
    <div className={styles.bar} role="img" aria-label={label} title={label}>
      {early <= span && (
        <div className={styles.fill} style={{ left: `${from}%`, width: `max(3px, ${share(eta) - from}%)` }} />
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  bar: css({
    position: 'relative',
    width: 120,
    height: theme.spacing(1),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
    overflow: 'hidden',
  }),
  fill: css({ position: 'absolute', top: 0, bottom: 0, background: theme.colors.warning.main }),
});
