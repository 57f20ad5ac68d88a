import { createDataFrame, FieldType } from '@grafana/data';
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';

import { NEVER, Warning } from '../api/warnings';
import { ForewarnQuery } from '../datasource/types';
import { englishOn, signInChinese } from '../testing/chinese';
import { NOW, panelData, rule, warning, warningTable } from '../testing/data';
import { fakeGrafana, Reply, signIn } from '../testing/grafana';
import { limitOf, reach, tell } from './useWhatIf';
import { WarningDrawer } from './WarningDrawer';
import { capacityOf, isAsked, withWhatIf } from './whatif';
import { guardTexts } from './words';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const query = (change: Partial<ForewarnQuery> = {}): ForewarnQuery => ({
  ...rule().query,
  bounds: { min: 0, max: 100 },
  ...change,
});
const disk = (change: Partial<Warning> = {}): Warning =>
  warning({
    rule: rule({ query: query() }),
    series: 'db-1',
    labels: { instance: 'db-1' },
    eta: 40,
    etaEarly: 30,
    probability: 0.9,
    state: 'rising',
    ...change,
  });

/** The chart of two disks with the limit asked for, or their table. */
const answers: Reply = (q) => {
  const limit = q.whatIf?.capacity ?? 90;
  if (q.output === 'table') {
    const eta = limit > 90 ? 80 : 20;
    return [warningTable(['db-1', 'db-2'].map((series) => ({ series, instance: series, eta, eta_early: eta - 5 })))];
  }
  const field = (instance: string, output: string, values: Array<number | null>) => ({
    name: output,
    type: FieldType.number,
    labels: { instance, output },
    config: { displayNameFromDS: output === 'actual' ? instance : `${instance} ${output}` },
    values,
  });
  return [
    createDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: [NOW - 3_600_000, NOW] },
        ...['db-1', 'db-2'].flatMap((i) => [
          field(i, 'actual', [80, 81]),
          field(i, 'threshold', [limit, limit + (i === 'db-1' ? 0 : 7)]),
        ]),
      ],
    }),
  ];
};

describe('the question', () => {
  it.each([
    [{}, false],
    [{ from: '2026-03-02T00:00:00Z' }, false],
    [{ capacity: 0 }, true],
    [{ growth: 0 }, true],
  ])('%j is asked: %s', (asked, is) => expect(isAsked(asked)).toBe(is));

  it('is no part of the query while nothing is asked', () => {
    const q = query();
    expect(withWhatIf(q, {})).toBe(q);
  });

  it('takes the metric’s end along where the limit goes beyond it, and only there', () => {
    expect(withWhatIf(query(), { capacity: 120 }).bounds).toEqual({ min: 0, max: undefined });
    expect(withWhatIf(query(), { capacity: 95 }).bounds).toEqual({ min: 0, max: 100 });
    expect(withWhatIf(query(), { growth: 50 }).bounds).toEqual({ min: 0, max: 100 });
    expect(withWhatIf(query({ bounds: undefined }), { capacity: 120 })).not.toHaveProperty('bounds.max');
  });

  it('is about the capacity where the limit is a share of one, otherwise about the limit', () => {
    const size = { kind: 'prometheus' as const, expr: 'size' };
    expect(capacityOf(query({ threshold: { value: 90, direction: 'above', capacity: size } }), 720)).toBe(800);
    expect(capacityOf(query(), 90)).toBe(90);
    expect(capacityOf(query({ threshold: undefined }), 90)).toBe(90);
  });
});

describe('the chart', () => {
  it.each([
    ['the horizon', query({ horizon: '48h' }), [], 48],
    ['three days where none is said', query(), [], 72],
    ['past the crossing', query(), [disk({ eta: 200 })], 221],
    ['two weeks at most', query(), [disk({ eta: 900 })], 336],
    ['not to never', query(), [disk({ eta: 1e6, etaEarly: 2e6 })], 72],
  ])('reaches as far as %s', (_, q, warnings, hours) => expect(reach(q, ...warnings)).toBe(hours));

  it('has the newest limit that is known, and none where nothing is', () => {
    const frames = answers(query()) as Array<ReturnType<typeof createDataFrame>>;
    expect(limitOf(panelData(frames))).toBe(90);
    frames[0].fields[2].values = [90, null];
    expect(limitOf(panelData(frames))).toBe(90);
    expect(limitOf(panelData([]))).toBeNull();
  });

  it('holds only the series of the warning, with its own limit', async () => {
    fakeGrafana({}, answers);
    const { chart, limit } = await tell(disk({ series: 'db-2', labels: { instance: 'db-2' } }), {});
    expect(chart.series[0].fields.map((f) => f.labels?.instance)).toEqual([undefined, 'db-2', 'db-2']);
    expect(limit).toBe(97);
  });

  it('does not change the horizon of a trained model', async () => {
    const { queries } = fakeGrafana({}, answers);
    await tell(disk({ eta: 200, rule: rule({ query: query({ model: { name: 'disk' } }) }) }), {});
    await tell(disk({ eta: 200 }), {});
    expect(queries.map((q) => q.horizon)).toEqual([undefined, '221h']);
  });

  it('tells when the series is not among what is answered', async () => {
    fakeGrafana({}, (q) => (q.output === 'table' ? [warningTable([])] : answers(q)));
    expect((await tell(disk(), { growth: 10 })).warning).toBeUndefined();
  });
});

describe('what holds a warning back', () => {
  it.each([
    ['', []],
    ['season', ['it is the course of the day or week']],
    ['slowing, no-trend', ['the growth is slowing down', 'the growth is within what chance makes, or has stopped']],
    ['something-new', ['something-new']],
  ])('%p is %j', (names, texts) => expect(guardTexts(names)).toEqual(texts));
});

describe('the drawer', () => {
  const show = (w: Warning = disk(), reply: Reply = answers) => {
    const grafana = fakeGrafana({}, reply);
    const onClose = jest.fn();
    const drawer = <WarningDrawer warning={w} unit="percent" now={NOW} onClose={onClose} />;
    render(drawer, { wrapper: MemoryRouter });
    return { ...grafana, onClose, container: document.body, user: userEvent.setup() };
  };
  const cell = (row: string, column = 0) =>
    within(screen.getByRole('row', { name: new RegExp(`^${row}`) })).getAllByRole('cell')[column];

  beforeEach(() => signIn('Viewer'));

  it('says how it is before anything is asked, and asks nothing but the chart', async () => {
    const { queries } = show();
    await waitFor(() => expect(cell('Threshold')).toHaveTextContent('90%'));
    expect(cell('Time left')).toHaveTextContent('40 h');
    expect(cell('Earliest')).toHaveTextContent('30 h');
    expect(cell('Chance')).toHaveTextContent('90 %');
    expect(screen.queryByRole('columnheader', { name: 'As it would be' })).not.toBeInTheDocument();
    expect(new Set(queries.map((q) => q.output))).toEqual(new Set(['all']));
    expect(screen.getByTestId('panel')).toHaveAttribute('data-regions', '1');
  });

  it('answers another limit at once, beside what is, and goes back', async () => {
    const { queries, user } = show();
    await screen.findByTestId('panel');
    fireEvent.change(screen.getByLabelText('If the limit were'), { target: { value: '120' } });
    await waitFor(() => expect(cell('Time left', 1)).toHaveTextContent('3 d'));
    expect(cell('Time left')).toHaveTextContent('40 h');
    expect(cell('Threshold', 1)).toHaveTextContent('120%');
    expect(screen.getByTestId('panel')).toHaveAttribute('data-regions', '2');
    expect(queries.find((q) => q.whatIf)).toMatchObject({ whatIf: { capacity: 120 }, bounds: { min: 0 } });
    await user.click(screen.getByRole('button', { name: 'As it is' }));
    expect(screen.queryByRole('columnheader', { name: 'As it would be' })).not.toBeInTheDocument();
  });

  it('takes the limit as a share of today’s', async () => {
    const { queries } = show();
    fireEvent.change(await screen.findByLabelText('In per cent of today’s'), { target: { value: '150' } });
    expect(screen.getByLabelText('If the limit were')).toHaveValue(135);
    await waitFor(() => expect(queries.some((q) => q.whatIf?.capacity === 135)).toBe(true));
  });

  it('asks for another growth', async () => {
    const { queries } = show();
    await screen.findByTestId('panel');
    fireEvent.change(screen.getByLabelText('If it grew faster by'), { target: { value: '-20' } });
    await waitFor(() => expect(queries.some((q) => q.whatIf?.growth === -20)).toBe(true));
  });

  it('says why nothing is raised, and why the source cannot answer', async () => {
    show(disk({ heldBack: 'season' }), () => new Error('no such host'));
    expect(screen.getByText('No warning is raised: it is the course of the day or week.')).toBeInTheDocument();
    expect(await screen.findByText('no such host')).toBeInTheDocument();
  });

  it('says that a series is not among what is answered any more', async () => {
    show(disk({ series: 'db-9', labels: { instance: 'db-9' } }));
    fireEvent.change(await screen.findByLabelText('If the limit were'), { target: { value: '120' } });
    await waitFor(() => expect(cell('Time left', 1)).toHaveTextContent('–'));
    expect(cell('Time left')).toHaveTextContent('40 h');
  });

  it.each([
    ['at once', { eta: 0, etaEarly: 0 }, '0'],
    ['at a time', { eta: 40, etaEarly: 30 }, '1'],
    ['never', { eta: NEVER, etaEarly: NEVER }, '0'],
  ])('marks on the chart when the limit is reached: %s', async (_, times, regions) => {
    show(disk(times));
    await waitFor(() => expect(screen.getByTestId('panel')).toHaveAttribute('data-regions', regions));
    const never = times.eta === NEVER;
    expect(cell('Time left')).toHaveTextContent(never ? 'never' : times.eta === 0 ? 'now' : '40 h');
    expect(cell('Date')).toHaveTextContent(never ? '–' : /^2026-03-0/);
  });

  it('looks back only when it is asked to', async () => {
    const { queries, user } = show();
    await screen.findByTestId('panel');
    expect(queries.some((q) => q.output === 'hindcast')).toBe(false);
    await user.click(screen.getByText('What was said before'));
    await waitFor(() => expect(queries.some((q) => q.output === 'hindcast')).toBe(true));
  });

  it('leads to panel and rule, and closes', async () => {
    const { onClose, user } = show(disk({ rule: rule({ query: query(), panel: { dashboardUid: 'd', id: 7 } }) }));
    expect(screen.getByRole('link', { name: 'Open panel' })).toHaveAttribute('href', '/d/d?viewPanel=panel-7');
    expect(screen.getByRole('link', { name: 'Open rule' })).toHaveAttribute('href', '/alerting/grafana/disk/view');
    await user.click(screen.getByRole('button', { name: /close/i }));
    expect(onClose).toHaveBeenCalled();
  });

  // last: the catalogue stays loaded
  it('says it in Chinese with Chinese signs', async () => {
    await signInChinese('Viewer');
    const { container } = show(disk({ heldBack: 'slowing, no-trend' }));
    expect(screen.getByText('未发出预警：增长正在放缓；增长在偶然范围内，或已停止。')).toBeInTheDocument();
    await waitFor(() => expect(cell('阈值')).toHaveTextContent('90%'));
    fireEvent.change(screen.getByLabelText('假如限值为'), { target: { value: '120' } });
    await waitFor(() => expect(cell('剩余时间', 1)).toHaveTextContent('3 天'));
    expect(englishOn(container, ['Disk filling up', 'db-1', 'Drawer title'])).toEqual([]);
  });
});
