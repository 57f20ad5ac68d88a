import { createDataFrame, DataFrame, DataTopic, FieldType } from '@grafana/data';
import { render, screen, waitFor } from '@testing-library/react';
import React from 'react';

import { ForewarnQuery } from '../datasource/types';
import { NOW, panelData } from '../testing/data';
import { fakeGrafana } from '../testing/grafana';
import { Hindcast } from './Hindcast';
import { recordsOf, regionsOf } from './read';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const accuracy = { lead: '24h', points: 9, mae: 1.25, twinMae: 2.5, skill: 0.5, coverage: 0.951 };
const outcomes = { raised: 3, confirmed: 1, withdrawn: 1, open: 1, missed: 0, leadHours: 50.2 };

/** One field for each output of each series, and what is known of them. */
const frame = (series: Record<string, object | undefined>, outputs: string[]): DataFrame =>
  createDataFrame({
    meta: { custom: { series: Object.entries(series).map(([name, hindcast]) => ({ name, hindcast })) } },
    fields: [
      { name: 'time', type: FieldType.time, values: [NOW] },
      ...Object.keys(series).flatMap((host) =>
        outputs.map((output) => ({
          name: output,
          type: FieldType.number,
          labels: { host, output },
          config: { displayNameFromDS: output === 'actual' ? host : `${host} ${output}` },
          values: [1],
        }))
      ),
    ],
  });
const stood = (titles: string[]): DataFrame =>
  createDataFrame({
    meta: { dataTopic: DataTopic.Annotations },
    fields: [
      { name: 'time', type: FieldType.time, values: titles.map(() => NOW - 7_200_000) },
      { name: 'timeEnd', type: FieldType.time, values: titles.map(() => NOW) },
      { name: 'color', type: FieldType.string, values: titles.map(() => 'orange') },
      { name: 'title', type: FieldType.string, values: titles },
      { name: 'text', type: FieldType.string, values: titles.map((title) => `${title}: crossed 50 h later`) },
    ],
  });

describe('what is known of the past', () => {
  it('is told for each series, of forecasts and of warnings; those without a record are left out', () => {
    const data = panelData([frame({ a: accuracy, b: undefined }, []), frame({ c: outcomes }, [])]);
    expect(recordsOf(data)).toEqual([
      { name: 'a', accuracy },
      { name: 'c', outcomes },
    ]);
    expect(recordsOf(panelData([createDataFrame({ fields: [] })]))).toEqual([]);
  });

  it('marks each stretch on the chart of its own series, in words', () => {
    const data = {
      ...panelData([frame({ a: outcomes, b: outcomes }, ['actual', 'eta'])]),
      annotations: [stood(['b'])],
    };
    expect(regionsOf(data)).toEqual([
      { from: NOW - 7_200_000, to: NOW, title: 'b: crossed 50 h later', color: 'orange', labels: { host: 'b' } },
    ]);
    expect(regionsOf(panelData([]))).toEqual([]);
  });
});

describe('looking back', () => {
  const forecast: ForewarnQuery = { refId: 'A', queryType: 'forecast', model: { name: 'disk' } };
  const texts = () => screen.getAllByRole('cell').map((cell) => cell.textContent);

  it('compares a forecast with what came, in the metric’s unit', async () => {
    const { queries } = fakeGrafana({}, () => [frame({ a: accuracy }, ['actual', 'ahead'])]);
    render(<Hindcast uid="fw" query={forecast} lead="24h" unit="percent" />);
    expect(await screen.findByText('What was forecast 24h before, and what came')).toBeInTheDocument();
    await waitFor(() => expect(texts()).toEqual(['1.25%', '2.50%', '50 %', '95.1 %']));
    expect(queries).toEqual([expect.objectContaining({ output: 'hindcast', lead: '24h', model: { name: 'disk' } })]);
  });

  it('counts what became of warnings, of the one series that is asked about', async () => {
    const { queries } = fakeGrafana({}, () => [
      frame({ a: outcomes, 'a b': { ...outcomes, leadHours: null } }, ['actual', 'eta']),
    ]);
    render(<Hindcast uid="fw" query={{ ...forecast, queryType: 'warning' }} labels={{ host: 'a b' }} />);
    await waitFor(() => expect(texts()).toEqual(['3', '1', '1', '1', '0', '–']));
    expect(queries[0]).not.toHaveProperty('lead');
    expect(screen.getByText(/confirmed where the limit was crossed/)).toBeInTheDocument();
  });

  it('says which side failed, and what there is not', async () => {
    fakeGrafana({}, () => new Error('too many series'));
    const { unmount } = render(<Hindcast uid="fw" query={forecast} lead="1h" />);
    expect(await screen.findByText('too many series')).toBeInTheDocument();
    unmount();
    fakeGrafana({}, () => []);
    render(<Hindcast uid="fw" query={forecast} lead="1h" />);
    expect(await screen.findByText('The last week has too little history to look back on.')).toBeInTheDocument();
  });
});
