import { t } from '@grafana/i18n';
import { InteractiveTable, Tooltip } from '@grafana/ui';
import React, { useMemo } from 'react';

import { SeriesResult } from '../api/contract';
import { percent } from '../api/format';
import { phrase } from '../api/phrases';
import { byNumber } from '../components/sorting';
import { algorithmText } from '../models/words';

interface Row extends SeriesResult {
  id: string;
}

/** Why the algorithm was taken, and what else is to be known, a line each. */
function why({ reason, notices, algorithm }: SeriesResult) {
  const lines = [reason, ...notices].filter(Boolean).map(phrase);
  return lines.length > 0 ? (
    <>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
    </>
  ) : (
    algorithmText(algorithm)
  );
}

/** What training found for each series: algorithm and why, error against "same as last week", band. */
export function Results({ results }: { results: SeriesResult[] }) {
  const rows = useMemo<Row[]>(() => results.map((r) => ({ ...r, id: JSON.stringify(r.labels) + r.name })), [results]);
  const columns = useMemo(
    () => [
      { id: 'name', header: t('train.col-series', 'Series'), sortType: 'string' as const },
      {
        id: 'algorithm',
        header: t('train.col-algorithm', 'Algorithm'),
        cell: ({ row: { original: r } }: { row: { original: Row } }) => (
          <Tooltip content={why(r)}>
            <span tabIndex={0}>{r.algorithm ? algorithmText(r.algorithm) : t('train.too-short', 'too short')}</span>
          </Tooltip>
        ),
      },
      {
        id: 'skill',
        header: t('train.col-skill', 'Closer than last week'),
        sortType: byNumber,
        cell: ({ row: { original: r } }: { row: { original: Row } }) => <>{percent(r.skill)}</>,
      },
      {
        id: 'coverage',
        header: t('train.col-coverage', 'Band held'),
        sortType: byNumber,
        cell: ({ row: { original: r } }: { row: { original: Row } }) => <>{percent(r.coverage, 1)}</>,
      },
    ],
    []
  );
  return <InteractiveTable columns={columns} data={rows} getRowId={(r) => r.id} pageSize={8} />;
}
