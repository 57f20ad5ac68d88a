import { createDataFrame, DataFrame, DataTopic, FieldType } from '@grafana/data';
import { render, screen, waitFor } from '@testing-library/react';
import React from 'react';

import { ForewarnQuery } from '../datasource/types';
import { englishOn, signInChinese } from '../testing/chinese';
import { NOW, panelData } from '../testing/data';
import { fakeGrafana } from '../testing/grafana';
import { Hindcast } from './Hindcast';
import { Past, recordsOf, regionsOf, worstFirst } from './read';

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

describe('several series', () => {
  const past = (name: string, change: object): Past => ({ name, outcomes: { ...outcomes, crossings: 0, ...change } });
  const was = (name: string, skill: number | null): Past => ({ name, accuracy: { ...accuracy, skill } });

  it('that warned come before those that only crossed their limit, and those before the quiet ones', () => {
    const quiet = past('quiet', { raised: 0 });
    const order = worstFirst([
      quiet,
      past('crossed', { raised: 0, crossings: 2 }),
      past('twice', { raised: 2 }),
      past('once', { raised: 1 }),
    ]);
    expect(order.map((one) => one.name)).toEqual(['twice', 'once', 'crossed', 'quiet']);
  });

  it('that were forecast worst come first, and those of which nothing is known last', () => {
    const order = worstFirst([was('unknown', null), was('good', 0.4), was('bad', -2), was('also unknown', null)]);
    expect(order.map((one) => one.name)).toEqual(['bad', 'good', 'unknown', 'also unknown']);
  });

  it('stay in their order where they are alike, and the given list stays as it is', () => {
    const given = [past('b', { raised: 0 }), past('a', { raised: 0 })];
    expect(worstFirst(given).map((one) => one.name)).toEqual(['b', 'a']);
    expect(given[0].name).toBe('b');
  });

  const many = ['a', 'b', 'c', 'd', 'e', 'f'];
  const choice = () => screen.findByRole('combobox', { name: 'Series' });
  const heads = () => screen.getAllByRole('rowheader').map((head) => head.textContent);

  it('open on the one that warned, which also leads the table', async () => {
    const records = Object.fromEntries(
      many.map((name) => [name, { ...outcomes, raised: name === 'e' ? 1 : 0, crossings: 0 }])
    );
    fakeGrafana({}, () => [frame(records, ['actual', 'eta'])]);
    render(<Hindcast uid="fw" query={{ refId: 'A', queryType: 'warning' }} />);
    expect(await choice()).toHaveValue('e');
    expect(heads()).toEqual(['e', 'a', 'b', 'c', 'd', 'f']);
  });

  it('of a forecast open on the one that was forecast worst', async () => {
    const records = Object.fromEntries(many.map((name) => [name, { ...accuracy, skill: name === 'c' ? -1 : 0.5 }]));
    fakeGrafana({}, () => [frame(records, ['actual', 'ahead'])]);
    render(<Hindcast uid="fw" query={{ refId: 'A', queryType: 'forecast' }} lead="24h" />);
    expect(await choice()).toHaveValue('c');
  });

  it('of which nothing is known open on the first', async () => {
    fakeGrafana({}, () => [frame(Object.fromEntries(many.map((name) => [name, undefined])), ['actual'])]);
    render(<Hindcast uid="fw" query={{ refId: 'A', queryType: 'warning' }} />);
    expect(await choice()).toHaveValue('a');
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
  });
});

it('looks back in Chinese', async () => {
  await signInChinese('Viewer');
  fakeGrafana({}, () => [frame({ a: outcomes }, ['actual', 'eta'])]);
  const { container } = render(<Hindcast uid="fw" query={{ refId: 'A', queryType: 'warning' }} />);
  await screen.findByRole('table');
  expect(screen.getAllByRole('columnheader')).toHaveLength(7);
  expect(screen.getByText('50 小时')).toBeInTheDocument();
  expect(englishOn(container)).toEqual([]);
});
