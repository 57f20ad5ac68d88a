import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Text, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { ReplayAlert } from '../api/contract';
import { hoursLeft, inUnit } from '../api/format';
import { phrase } from '../api/phrases';
import { ShowAll } from '../components/ShowAll';
import { Verdict } from '../components/Verdict';

/** Rows shown before "show all". */
const MOST = 8;

const MINUTES = { format: 'YYYY-MM-DD HH:mm' };

interface Props {
  client: Client;
  model: string;
  alerts: ReplayAlert[];
  /** Shows an alert's series on the chart. */
  onShow: (alert: ReplayAlert) => void;
}

/** Each alert that would have fired, the newest first: when, how long, how bad, why; each can be marked right or wrong. */
export function ReplayAlerts({ client, model, alerts, onShow }: Props) {
  const styles = useStyles2(getStyles);
  const [all, setAll] = useState(false);
  if (alerts.length === 0) {
    return <Text color="secondary">{t('replay.none', 'Nothing would have fired.')}</Text>;
  }
  const rows = [...alerts].reverse().slice(0, all ? undefined : MOST);
  return (
    <>
      <ul className={styles.list} aria-label={t('replay.list', 'Would-be alerts')}>
        {rows.map((a) => (
          <li key={`${a.series} ${a.from}`} className={styles.row}>
            <div className={styles.what}>
              <Button fill="text" size="sm" className={styles.name} onClick={() => onShow(a)}>
                {a.series}
              </Button>
              <Text color="secondary" variant="bodySmall">
                {dateTimeFormat(a.from, MINUTES)} · {hoursLeft(a.minutes / 60)}
                {a.actual !== null && ` · ${sizes(a)}`}
              </Text>
              {a.reason && (
                <Text color="secondary" variant="bodySmall">
                  {phrase(a.reason)}
                </Text>
              )}
            </div>
            <Verdict client={client} about={{ model, series: a.labels, from: a.from, to: a.to }} />
          </li>
        ))}
      </ul>
      <ShowAll count={alerts.length} most={MOST} all={all} onChange={setAll} />
    </>
  );
}

/** The value beside what was expected, as far as it is known. */
function sizes({ actual, expected }: ReplayAlert): string {
  return expected === null
    ? inUnit(actual)
    : t('replay.sizes', '{{actual}}, expected {{expected}}', { actual: inUnit(actual), expected: inUnit(expected) });
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  row: css({
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1),
    padding: theme.spacing(0.75, 0),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
  }),
  name: css({ alignSelf: 'flex-start', padding: 0, height: 'auto' }),
  what: css({ display: 'flex', flexDirection: 'column', flex: '1 1 220px', minWidth: 0 }),
});
