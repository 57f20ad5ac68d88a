import { t } from '@grafana/i18n';
import { Text } from '@grafana/ui';
import React, { useMemo } from 'react';

import { ask } from '../api/ask';
import { entitiesOf, onlyOf } from '../api/charts';
import { inUnit, percent } from '../api/format';
import { around } from '../api/ranges';
import { useAsync } from '../api/useAsync';
import { Chart } from '../components/Chart';
import { ForewarnQuery } from '../datasource/types';
import { FigureTable } from './FigureTable';
import { outcomeTexts } from './outcomes';
import { Past, recordsOf, regionsOf, worstFirst } from './read';

interface Props {
  uid: string;
  /** A forecast or an early warning. */
  query: ForewarnQuery;
  /** How long before a point it was forecast, such as 24h; of a forecast only. */
  lead?: string;
  /** Only the series of these labels. */
  labels?: Record<string, string>;
  unit?: string;
}

/** Hours that are looked back on. */
const BACK = 7 * 24;
const CHART = 280;

/** What was said before, beside what then came. */
export function Hindcast({ uid, query, lead, labels, unit }: Props) {
  const key = JSON.stringify({ ...query, output: 'hindcast', ...(lead && { lead }) });
  const { value, error, loading } = useAsync(() => ask(uid, JSON.parse(key), around(BACK, 0)), [uid, key]);
  const data = useMemo(() => (value && labels ? onlyOf(value, labels) : value), [value, labels]);
  const regions = useMemo(() => (value ? regionsOf(value) : []), [value]);
  const entities = useMemo(() => entitiesOf(data), [data]);
  const mine = (past: Past) => !labels || entities.some((e) => e.name === past.name);
  const records = value && !error ? worstFirst(recordsOf(value).filter(mine)) : [];
  const worst = entities.find((e) => e.name === records[0]?.name);
  return (
    <>
      <Chart
        title={
          lead
            ? t('hindcast.forecast', 'What was forecast {{lead}} before, and what came', { lead })
            : t('hindcast.warning', 'Time left as it was said then, and as it was')
        }
        data={data}
        error={error}
        loading={loading}
        height={CHART}
        regions={regions}
        first={worst}
        empty={t('hindcast.empty', 'The last week has too little history to look back on.')}
      />
      {records.length > 0 && (
        <FigureTable
          head={t('train.col-series', 'Series')}
          rows={records.map((past) => [past.name, figures(past, unit)])}
        />
      )}
      {!lead && records.length > 0 && (
        <Text color="secondary" variant="bodySmall">
          {t(
            'hindcast.how',
            'A warning is confirmed where the limit was crossed while it stood or within six days of its raising.'
          )}
        </Text>
      )}
    </>
  );
}

/** Figures of a series with their names. */
function figures({ accuracy: a, outcomes: o }: Past, unit?: string): Array<[string, string]> {
  if (o) {
    return outcomeTexts(o);
  }
  return [
    [t('hindcast.error', 'Off by, on average'), inUnit(a?.mae ?? null, unit)],
    [t('hindcast.twin', '“Same as last week” is off by'), inUnit(a?.twinMae ?? null, unit)],
    [t('models.skill', 'Closer than last week'), percent(a?.skill)],
    [t('models.coverage', 'Band held'), percent(a?.coverage, 1)],
  ];
}
