import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Text, useStyles2 } from '@grafana/ui';
import React, { ReactNode } from 'react';

import { isWeekly, weekdayName } from '../api/calendar';
import { Model } from '../api/contract';
import { bytes, count, NOTHING } from '../api/format';
import { Calendar, CalendarSpan } from '../datasource/types';
import { Changes } from './Versions';
import { algorithmText, purposeName, sourceText } from './words';

/** The definition in words, and what has changed in it since the live version was trained. */
export function Details({ model }: { model: Model }) {
  const styles = useStyles2(getStyles);
  const { definition: d, pending } = model;
  const algorithm = d.query.model?.algorithm ?? 'auto';
  const rows: Array<[string, ReactNode]> = [
    [t('models.for', 'For'), purposeName(d.query.queryType)],
    [t('details.source', 'Source'), <code key="source">{sourceText(d.query)}</code>],
    [
      t('details.algorithm', 'Algorithm'),
      algorithm === 'auto' ? t('details.auto', 'chosen for each series') : algorithmText(algorithm),
    ],
    [t('details.window', 'Training window'), d.query.trainingWindow ?? NOTHING],
    [t('details.interval', 'Interval'), d.query.interval ?? NOTHING],
    [t('details.retrain', 'Train again'), d.retrainEvery || t('save.never', 'never')],
    [
      t('details.budget', 'Alerts a week at most'),
      d.alertBudget > 0 ? count(d.alertBudget) : t('details.own', 'the detector’s own sensitivity'),
    ],
    [t('details.zone', 'Time zone'), d.timezone || 'UTC'],
    [t('query.holidays', 'Holidays'), holidaysText(d.holidays)],
    ...calendarRows(d.query.calendar),
    [
      t('details.excluded', 'Left out of training'),
      d.excluded.length === 0 ? NOTHING : lines(d.excluded.map(spanText)),
    ],
    [t('details.size', 'Size'), model.bytes > 0 ? bytes(model.bytes) : NOTHING],
    [t('details.created', 'Created'), `${dateTimeFormat(model.created)} · ${model.createdBy}`],
    [t('details.updated', 'Changed'), `${dateTimeFormat(model.updated)} · ${model.updatedBy}`],
  ];
  return (
    <>
      {d.description && <Text element="p">{d.description}</Text>}
      <dl className={styles.list}>
        {rows.map(([name, value]) => (
          <React.Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </React.Fragment>
        ))}
      </dl>
      {pending.length > 0 && (
        <section aria-label={t('details.pending', 'Changed since the live version was trained')}>
          <Text element="h3" variant="h6">
            {t('details.pending', 'Changed since the live version was trained')}
          </Text>
          <Changes changes={pending} />
        </section>
      )}
    </>
  );
}

const MINUTES = { format: 'YYYY-MM-DD HH:mm' };

const withReason = (text: string, reason?: string) => (reason ? `${text}: ${reason}` : text);

const spanText = ({ from, to, reason }: CalendarSpan) =>
  withReason(`${dateTimeFormat(from, MINUTES)} – ${dateTimeFormat(to, MINUTES)}`, reason);

const lines = (texts: string[]) => texts.map((text) => <div key={text}>{text}</div>);

function holidaysText(holidays: string): string {
  return holidays === 'CN' ? t('query.holidays-cn', 'China, with make-up workdays') : holidays || NOTHING;
}

/** What a calendar lists, line by line; nothing of what it does not list. */
function calendarRows({ days = [], maintenance = [], events = [] }: Calendar = {}): Array<[string, ReactNode]> {
  const kinds = { holiday: t('calendar.holiday', 'holiday'), workday: t('calendar.workday', 'workday') };
  const rows: Array<[string, string[]]> = [
    [
      t('calendar.days', 'Days of your own'),
      days.map(({ date, to, kind, name }) =>
        [`${to ? `${date} – ${to}` : date} ${kinds[kind]}`, name].filter(Boolean).join(', ')
      ),
    ],
    [
      t('calendar.maintenance', 'Maintenance'),
      maintenance.map((window) => {
        if (!isWeekly(window)) {
          return spanText(window);
        }
        const on = window.days?.map(weekdayName).join(', ') || t('calendar.every-day', 'every day');
        return withReason(`${on} ${window.start}, ${window.duration}`, window.reason);
      }),
    ],
    [t('calendar.events', 'Events'), events.map(spanText)],
  ];
  return rows.filter(([, texts]) => texts.length > 0).map(([name, texts]) => [name, lines(texts)]);
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: theme.spacing(0.5, 2),
    margin: theme.spacing(1, 0, 2),
    dt: { color: theme.colors.text.secondary, fontWeight: 'normal' },
    dd: { margin: 0, minWidth: 0, overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' },
    code: { whiteSpace: 'pre-wrap' },
  }),
});
