import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Text, useStyles2 } from '@grafana/ui';
import React from 'react';

import { hoursLeft, plainNumber } from '../api/format';
import { NEVER, Warning } from '../api/warnings';

/** Rows that are shown; a fleet's remainder is in the dashboards. */
const MOST = 20;

/** Series by the time left until their threshold, the soonest first. */
export function RunsOutTable({ warnings, now }: { warnings: Warning[]; now: number }) {
  const styles = useStyles2(getStyles);
  if (warnings.length === 0) {
    return <Text color="secondary">{t('overview.no-warnings', 'No early-warning rule is set up yet.')}</Text>;
  }
  const head = [
    t('overview.col-series', 'Series'),
    t('overview.col-current', 'Now'),
    t('overview.col-threshold', 'Threshold'),
    t('overview.col-left', 'Time left'),
    t('overview.col-earliest', 'Earliest'),
    t('overview.col-date', 'Date'),
    t('overview.col-growth', 'Growth per day'),
    t('overview.col-chance', 'Chance within the horizon'),
  ];
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {head.map((text) => (
            <th key={text} scope="col">
              {text}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {warnings.slice(0, MOST).map((w) => (
          <tr key={`${w.rule}/${w.series}`}>
            <td>{w.series}</td>
            <td>{plainNumber(w.current)}</td>
            <td>{plainNumber(w.threshold)}</td>
            <td>{hoursLeft(w.eta)}</td>
            <td className={w.etaEarly <= 72 ? styles.soon : undefined}>{hoursLeft(w.etaEarly)}</td>
            <td>{w.eta < NEVER ? dateTimeFormat(now + w.eta * 3_600_000) : '–'}</td>
            <td>{plainNumber(w.growth)}</td>
            <td>
              <div className={styles.bar} role="img" aria-label={`${Math.round(100 * w.probability)} %`}>
                <div className={styles.fill} style={{ width: `${Math.round(100 * w.probability)}%` }} />
                <span>{Math.round(100 * w.probability)} %</span>
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: '100%',
    'th, td': { textAlign: 'left', padding: theme.spacing(0.75, 1), borderBottom: `1px solid ${theme.colors.border.weak}` },
    th: { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
  }),
  soon: css({ color: theme.colors.warning.text, fontWeight: theme.typography.fontWeightBold }),
  bar: css({ position: 'relative', width: 140, background: theme.colors.background.secondary, borderRadius: theme.shape.radius.default, '& span': { position: 'relative', paddingLeft: theme.spacing(1) } }),
  fill: css({ position: 'absolute', inset: 0, background: theme.colors.warning.transparent, borderRadius: theme.shape.radius.default }),
});
