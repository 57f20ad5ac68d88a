import { CoreApp, PanelData, TimeRange } from '@grafana/data';
import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { QueryEditor } from '../datasource/components/QueryEditor';
import { ForewarnDataSource } from '../datasource/datasource';
import { Algorithms, ForewarnOptions, ForewarnQuery, TrainedModel } from '../datasource/types';
import { settle } from './settle';

/** Algorithms as a back end lists them, with a parameter of each kind. */
export const ALGORITHMS: Algorithms = {
  forecast: [
    {
      id: 'ets',
      title: 'Exponential smoothing',
      summary: 'Level, trend and season.',
      reference: 'Hyndman 2008',
      minPoints: 10,
      params: [
        { name: 'cycles', kind: 'integer', default: 2, min: 0, max: 5, help: 'How many.' },
        { name: 'window', kind: 'duration', default: '1d', help: 'How long.' },
        { name: 'trend', kind: 'choice', default: 'auto', choices: ['auto', 'none'], help: 'Which.' },
        { name: 'damped', kind: 'boolean', default: false, help: 'Whether.' },
      ],
    },
  ],
  anomaly: [
    { id: 'threshold', title: 'Fixed threshold', summary: 'A limit.', reference: '', minPoints: 1, params: null },
  ],
  outlier: [{ id: 'kmeans', title: 'K-means', summary: 'Groups.', reference: '', minPoints: 1, params: [] }],
};

/** A source that is complete. */
export const up = { kind: 'prometheus' as const, expr: 'up' };

/** What stands around the query. */
interface Given {
  app?: CoreApp;
  algorithms?: () => Promise<Algorithms>;
  trained?: TrainedModel[];
  /** What the back end said when the query last ran. */
  error?: string;
  range?: TimeRange;
  defaults?: ForewarnOptions['defaults'];
}

/** Renders the editor as Grafana does, with the algorithms read: what it writes comes back as its next query. */
export async function editQuery(query: Partial<ForewarnQuery> = {}, given: Given = {}) {
  const run = jest.fn();
  let current: ForewarnQuery = {
    refId: 'A',
    queryType: 'forecast',
    source: { kind: 'prometheus', expr: '' },
    ...query,
  };
  const trained = given.trained ? async () => given.trained : () => Promise.reject(new Error('no right'));
  const algorithms = given.algorithms ?? (async () => ALGORITHMS);
  const datasource = {
    algorithms,
    trained,
    defaults: given.defaults ?? {},
    uid: 'fw',
  } as unknown as ForewarnDataSource;
  const data = given.error && ({ errors: [{ refId: 'A', message: given.error }] } as PanelData);
  function Host() {
    const [q, setQ] = useState(current);
    const change = (next: ForewarnQuery) => {
      current = next;
      setQ(next);
    };
    return (
      <QueryEditor
        query={q}
        onChange={change}
        onRunQuery={run}
        datasource={datasource}
        app={given.app ?? CoreApp.Explore}
        data={data || undefined}
        range={given.range}
      />
    );
  }
  render(<Host />);
  await settle();
  return { run, query: () => current, user: userEvent.setup() };
}
