import { css } from '@emotion/css';
import { DataFrame, FieldType, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { LoadingPlaceholder, Text, useStyles2 } from '@grafana/ui';
import React from 'react';

import { ask } from '../api/ask';
import { onlyOf } from '../api/charts';
import { Client } from '../api/client';
import { Entry } from '../api/contract';
import { inUnit } from '../api/format';
import { around } from '../api/ranges';
import { useAsync } from '../api/useAsync';

const HOUR = 3_600_000;

/** One moment: the value, and what was expected of it. */
export interface Moment {
  actual: number | null;
  expected: number | null;
}

/** The values of a frame nearest before a time, at most an hour old. */
export function momentAt(frames: DataFrame[], at: number): Moment {
  const find = (output: string): number | null => {
    for (const frame of frames) {
      const times = frame.fields.find((f) => f.type === FieldType.time)?.values ?? [];
      const field = frame.fields.find((f) => f.labels?.output === output);
      for (let i = times.length - 1; field && i >= 0; i--) {
        const value = field.values[i];
        if (times[i] <= at && at - times[i] < HOUR && typeof value === 'number' && Number.isFinite(value)) {
          return value;
        }
      }
    }
    return null;
  };
  return { actual: find('actual'), expected: find('expected') };
}

/** What the series was then, the same hour yesterday and last week, beside what was expected. */
export function ValuesThen({ client, entry }: { client: Client; entry: Entry }) {
  const styles = useStyles2(getStyles);
  const { value, error, loading } = useAsync(async () => {
    const at = Date.parse(entry.time);
    const { definition } = await client.model(entry.model);
    const asked = {
      refId: 'A',
      queryType: definition.query.queryType,
      // the version that judged it
      model: { name: entry.model, ...(entry.version > 0 && { version: entry.version }) },
    };
    return Promise.all(
      [0, 24, 168].map(async (back) => {
        const then = at - back * HOUR;
        const data = await ask(client.uid, asked, around(1, 0.1, then));
        return momentAt(onlyOf(data, entry.labels).series, then);
      })
    );
  }, [client, entry]);
  if (loading) {
    return <LoadingPlaceholder text={t('history.then-loading', 'Reading what was usual then…')} />;
  }
  if (error || !value) {
    return (
      <Text color="secondary" variant="bodySmall">
        {t('history.then-failed', 'What was usual then cannot be read: {{error}}', {
          error: error ?? '',
          interpolation: { escapeValue: false },
        })}
      </Text>
    );
  }
  const names = [
    t('history.then', 'then'),
    t('history.yesterday', 'same hour the day before'),
    t('history.last-week', 'same hour the week before'),
  ];
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('history.actual', 'Value')}</th>
          <th scope="col">{t('history.expected', 'Expected')}</th>
        </tr>
      </thead>
      <tbody>
        {value.map((moment, i) => (
          <tr key={names[i]}>
            <th scope="row">{names[i]}</th>
            <td>{inUnit(moment.actual)}</td>
            <td>{inUnit(moment.expected)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  table: css({
    width: 'max-content',
    'th, td': { textAlign: 'left', padding: theme.spacing(0.25, 2, 0.25, 0), fontWeight: 'normal' },
    'thead th, tbody th': { color: theme.colors.text.secondary },
  }),
});
