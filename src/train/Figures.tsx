import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, IconName, useStyles2 } from '@grafana/ui';
import React from 'react';

import { VersionDetail } from '../api/contract';
import { percent } from '../api/format';

/** How much closer the model was than "same as last season", in words. */
export function skillText(skill: number | null): string {
  if (skill === null) {
    return t('figures.no-skill', 'the error was not measured');
  }
  const share = percent(Math.abs(skill));
  const options = { share, interpolation: { escapeValue: false } };
  return skill >= 0
    ? t('figures.closer', '{{share}} closer than “same as last week”', options)
    : t('figures.further', '{{share}} further off than “same as last week”', options);
}

/** How often the band held, in words. */
export function coverageText(coverage: number | null, confidence = 0.95): string {
  return coverage === null
    ? t('figures.no-coverage', 'the band was not measured')
    : t('figures.coverage', 'the {{nominal}} band held {{share}} of the time', {
        nominal: percent(confidence),
        share: percent(coverage, 1),
        interpolation: { escapeValue: false },
      });
}

/** The rhythms that were found, in words. */
export function seasonsText(seasons: string[]): string {
  const words: Record<string, string> = {
    '1h': t('figures.hour', 'hour'),
    '24h': t('figures.day', 'day'),
    '1d': t('figures.day', 'day'),
    '168h': t('figures.week', 'week'),
    '7d': t('figures.week', 'week'),
  };
  const found = [...new Set(seasons)].map((s) => words[s] ?? s);
  return found.length === 0
    ? t('figures.no-seasons', 'no rhythm found')
    : t('figures.seasons', 'rhythm: {{seasons}}', {
        seasons: found.join(', '),
        interpolation: { escapeValue: false },
      });
}

/** Three plain figures: error, band, rhythm. */
export function Figures({ version }: { version: VersionDetail }) {
  const styles = useStyles2(getStyles);
  const { error, coverage, results, definition } = version;
  const figures: Array<[IconName, string]> = [
    [(error.skill ?? 0) >= 0 ? 'check-circle' : 'exclamation-triangle', skillText(error.skill)],
    ['chart-line', coverageText(coverage, definition.query.confidence)],
    ['clock-nine', seasonsText(results.flatMap((r) => r.seasons))],
  ];
  return (
    <ul className={styles.list} aria-label={t('figures.title', 'How good the model is')}>
      {figures.map(([icon, text]) => (
        <li key={text} className={styles.item}>
          <Icon name={icon} aria-hidden /> {text}
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none', display: 'flex', flexDirection: 'column', gap: theme.spacing(0.5) }),
  item: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), fontSize: theme.typography.h5.fontSize }),
});
