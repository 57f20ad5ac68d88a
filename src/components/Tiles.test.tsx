import { render, screen } from '@testing-library/react';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Overview } from '../pages/useOverview';
import { signInChinese } from '../testing/chinese';
import { instance, overview, rule, warning } from '../testing/data';
import { signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { Tile } from './Tile';
import { Tiles } from './Tiles';

const show = (change?: Partial<Overview>) =>
  render(<Tiles overview={change && overview(change)} />, { wrapper: MemoryRouter });
const tile = (name: string) => screen.getByRole('region', { name });

beforeEach(() => signIn('Viewer'));

describe('a tile', () => {
  it('keeps its place while its figure is awaited', () => {
    render(<Tile title="Alerts" tone="good" note="that began" />);
    expect(tile('Alerts')).toHaveAttribute('aria-busy', 'true');
    expect(tile('Alerts')).toHaveTextContent('Alerts…that began');
  });

  it.each([
    ['good', 'check-circle'],
    ['warning', 'clock-nine'],
    ['bad', 'exclamation-circle'],
    ['neutral', 'info-circle'],
  ] as const)('tells %s by a sign as well as by colour', (tone, icon) => {
    render(<Tile title="Alerts" value="3" tone={tone} />);
    expect(screen.getByTestId(icon)).toBeInTheDocument();
  });

  it('leads on only where there is more', () => {
    render(<Tile title="Alerts" value="3" tone="good" />);
    render(<Tile title="Models" value="3 of 4" tone="good" href="/models" />, { wrapper: MemoryRouter });
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['Models']);
  });

  it('has the whole of a long note on request', () => {
    const note = 'x'.repeat(500);
    render(<Tile title="Alerts" value="3" tone="good" note={note} />);
    expect(screen.getByTitle(note)).toBeInTheDocument();
  });
});

describe('what is abnormal now', () => {
  it.each([
    ['nothing', [], '0', 'nothing fires'],
    ['what fires', [instance()], '1', ''],
    ['what may follow', [instance({ state: 'pending' })], '0', '1 more may follow'],
  ] as const)('counts %s', (_, instances, value, note) => {
    show({ rules: [rule({ instances: [...instances] })] });
    expect(tile('Abnormal now')).toHaveTextContent(`Abnormal now${value}${note}`);
  });

  it('is awaited with the rules', () => {
    show();
    expect(tile('Abnormal now')).toHaveAttribute('aria-busy', 'true');
  });
});

describe('what runs out', () => {
  it.each([
    [72, '1'],
    [72.1, '0'],
    [-1, '1'],
  ])('within 72 h, from its earliest time of %p h: %s', (etaEarly, value) => {
    show({ warnings: [warning({ eta: 500, etaEarly })] });
    expect(tile('Runs out within 72 h')).toHaveTextContent(`Runs out within 72 h${value}`);
  });

  it('names the first of several', () => {
    show({ warnings: [warning({ series: 'a', etaEarly: 2 }), warning({ series: 'b', etaEarly: 4 })] });
    expect(tile('Runs out within 72 h')).toHaveTextContent('a in 2 h');
  });
});

describe('alerts of a day', () => {
  it.each([
    ['that began', 7, undefined, '7', 'that began to fire'],
    ['that nobody can count', null, undefined, '–', 'the history cannot be read'],
    ['that the trail counted', null, 2, '2', 'by the trail'],
  ])('are those %s', (_, fired, raised24h, value, note) => {
    const sources = raised24h ? [{ uid: 'a', name: 'A', overview: { ...sample.overview(), raised24h } }] : undefined;
    show({ fired, sources });
    expect(tile('Alerts in 24 h')).toHaveTextContent(`Alerts in 24 h${value}${note}`);
  });

  it('are awaited', () => {
    show({ fired: undefined });
    expect(tile('Alerts in 24 h')).toHaveAttribute('aria-busy', 'true');
  });
});

describe('rules', () => {
  it('that are broken are named', () => {
    show({ rules: [rule(), rule({ uid: 'b', name: 'B', error: 'x' }), rule({ uid: 'c', name: 'C', error: 'y' })] });
    expect(tile('Rules healthy')).toHaveTextContent('Rules healthy1 of 3B, C');
  });

  it('that are well need no names', () => {
    show({});
    expect(tile('Rules healthy')).toHaveTextContent('every rule could be evaluated');
  });
});

describe('models', () => {
  const fleet = (change: object) => [
    { uid: 'a', name: 'A', overview: { ...sample.overview(), models: { ...sample.overview().models, ...change } } },
  ];
  const states = { ready: 0, training: 0, failed: 0, stale: 0, paused: 0, empty: 0 };

  it.each([
    ['all are well', { states: { ...states, ready: 4 }, drifted: 0 }, '4 of 4', 'check-circle'],
    ['one drifts away', { states: { ...states, ready: 4 }, drifted: 1 }, '4 of 4', 'clock-nine'],
    ['some failed', { states: { ...states, ready: 2, failed: 2 }, drifted: 0 }, '2 of 4', 'clock-nine'],
    ['some rest, which is no illness', { states: { ...states, paused: 4 }, drifted: 0 }, '4 of 4', 'check-circle'],
  ])('are counted where %s', (_, change, value, icon) => {
    show({ sources: fleet({ total: 4, ...change }) });
    expect(tile('Models healthy')).toHaveTextContent(value);
    expect(tile('Models healthy').querySelector(`[data-testid="${icon}"]`)).toBeInTheDocument();
  });

  it('in their thousands have separators no figure needs', () => {
    show({ sources: fleet({ total: 1200, states: { ...states, ready: 1200 }, drifted: 0 }) });
    expect(tile('Models healthy')).toHaveTextContent('1200 of 1200');
  });
});

it('are told in Chinese', async () => {
  await signInChinese('Viewer');
  show({
    fired: null,
    sources: [{ uid: 'a', name: 'A', overview: sample.overview() }],
    failures: [{ rule: rule(), message: 'x' }],
  });
  expect(tile('72 小时内耗尽')).toHaveTextContent('无法查询的规则：1');
  expect(tile('24 小时内告警')).toHaveTextContent('按预警记录统计；无法读取 Grafana 的历史');
  expect(tile('模型健康')).toHaveTextContent('2 / 4');
  expect(tile('模型健康')).toHaveTextContent(/最早的一次训练：.+ · 下次训练：/);
});
