import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, Badge, BadgeColor, IconName, LoadingPlaceholder, Stack, Text, TextLink, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { Preview, PreviewSeries, Readiness } from '../api/contract';
import { count, seconds } from '../api/format';
import { phrase } from '../api/phrases';
import { canAdmin } from '../api/role';
import { ShowAll } from '../components/ShowAll';
import { Previewed } from './usePreview';

/** Rows shown before "show all". */
const MOST = 5;

/** What the query finds: series and gaps, what training costs, and what this much history is enough for. */
export function PreviewCard({
  uid,
  preview: { value, error, field, down, loading },
}: {
  uid: string;
  preview: Previewed;
}) {
  if (error) {
    return (
      <Alert
        severity="error"
        title={
          down
            ? t('train.source-down', 'The data source’s server cannot be reached')
            : t('train.preview-failed', 'This query cannot be read')
        }
      >
        <p>
          {field && !error.includes(field) ? `${field}: ` : ''}
          {error}
        </p>
        {down && canAdmin() && (
          <TextLink href={`/connections/datasources/edit/${uid}`}>
            {t('overview.error-query-try', 'Test the data source’s connections')}
          </TextLink>
        )}
      </Alert>
    );
  }
  if (!value) {
    return loading ? <LoadingPlaceholder text={t('train.preview-loading', 'Reading history…')} /> : null;
  }
  return <Card preview={value} busy={loading} />;
}

function Card({ preview, busy }: { preview: Preview; busy: boolean }) {
  const styles = useStyles2(getStyles);
  const [all, setAll] = useState(false);
  const { series, cost, readiness, notices } = preview;
  const rows = all ? series : series.slice(0, MOST);
  const joined = series.some(({ signal }) => signal !== '');
  return (
    <section className={styles.card} aria-label={t('train.preview', 'What the query finds')} aria-busy={busy}>
      <Stack gap={1} alignItems="center" wrap="wrap">
        <ReadinessBadge readiness={readiness} />
        <Text color="secondary">{phrase(readiness.message)}</Text>
      </Stack>
      {series.length === 0 ? (
        <Text>
          {t(
            'train.no-series',
            'The source answers, but has no series for this query in the training window. Check names and labels, or find a metric or a table anew with an empty query.'
          )}
        </Text>
      ) : (
        <Text>
          {t(
            'train.cost',
            '{{series}} series, {{points}} points. Reading takes the source {{source}}, fitting takes {{fit}}.',
            {
              series: count(cost.series),
              points: count(cost.points),
              source: seconds(cost.sourceSeconds),
              fit: seconds(cost.fitSeconds),
              interpolation: { escapeValue: false },
            }
          )}
        </Text>
      )}
      {series.length > 0 && (
        <table className={styles.table}>
          <thead>
            <tr>
              {joined && <th scope="col">{t('query.signal', 'Signal')}</th>}
              <th scope="col">{t('train.col-series', 'Series')}</th>
              <th scope="col">{t('train.col-points', 'Points')}</th>
              <th scope="col">{t('train.col-gaps', 'Missing')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((s) => (
              <Row key={JSON.stringify([s.signal, s.name, s.labels])} series={s} joined={joined} />
            ))}
          </tbody>
        </table>
      )}
      <ShowAll count={series.length} most={MOST} all={all} onChange={setAll} />
      {notices.map((notice) => (
        <Alert key={notice} severity="info" title={phrase(notice)} />
      ))}
    </section>
  );
}

function Row({ series: { name, signal, points, missing }, joined }: { series: PreviewSeries; joined: boolean }) {
  const share = points + missing > 0 ? missing / (points + missing) : 0;
  return (
    <tr>
      {joined && <th scope="row">{signal}</th>}
      <th scope="row">{name}</th>
      <td>{count(points)}</td>
      <td>{t('format.percent', '{{n}} %', { n: Number((100 * share).toFixed(share > 0 && share < 0.1 ? 1 : 0)) })}</td>
    </tr>
  );
}

interface Words {
  color: BadgeColor;
  icon: IconName;
  text: string;
}

/** What this much history is enough for, as a word. */
function ReadinessBadge({ readiness: { level } }: { readiness: Readiness }) {
  const words: Record<Readiness['level'], Words> = {
    none: { color: 'red', icon: 'exclamation-circle', text: t('train.ready-none', 'no data') },
    short: { color: 'orange', icon: 'hourglass', text: t('train.ready-short', 'short history') },
    basic: { color: 'orange', icon: 'clock-nine', text: t('train.ready-basic', 'level and trend') },
    daily: { color: 'green', icon: 'check', text: t('train.ready-daily', 'daily rhythm') },
    weekly: { color: 'green', icon: 'check-circle', text: t('train.ready-weekly', 'daily and weekly rhythm') },
  };
  const { color, icon, text } = words[level];
  return <Badge color={color} icon={icon} text={text} />;
}

const getStyles = (theme: GrafanaTheme2) => ({
  card: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    padding: theme.spacing(2),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  table: css({
    width: '100%',
    'th, td': { textAlign: 'left', padding: theme.spacing(0.25, 1, 0.25, 0), fontWeight: 'normal' },
    'thead th': { color: theme.colors.text.secondary },
    'td, thead th:nth-last-child(-n + 2)': { textAlign: 'right', whiteSpace: 'nowrap' },
  }),
});
