import { initPluginTranslations } from '@grafana/i18n';
import { createDataFrame, FieldType } from '@grafana/data';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ReactElement } from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Client } from '../api/client';
import { englishOn, signInChinese } from '../testing/chinese';
import { instance, NOW, panelData, rule, wide } from '../testing/data';
import { fakeGrafana, signIn } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { AttentionList } from './AttentionList';
import { Chart } from './Chart';
import { Failed } from './Failed';
import { ModelProblems } from './ModelProblems';
import { OpenWarnings } from './OpenWarnings';
import { RunsOutTable } from './RunsOutTable';
import { ScoreStrip } from './ScoreStrip';
import { Section } from './Section';
import { ShowAll } from './ShowAll';
import { StoreNotice } from './StoreNotice';
import { Verdict } from './Verdict';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

/** What servers and users name, in whatever language they do. */
const WRITTEN = ['db-2', '/var', 'Disk runs out', 'disk-root'];
const [entry] = sample.overview().warnings;
const uid = 'fw';
const own = { uid: 'disk-1', name: 'Disk runs out', datasourceUid: uid };
const sources = [{ uid, name: 'Forewarn', overview: sample.overview() }];

const show = (element: ReactElement) => {
  const grafana = fakeGrafana({ [`POST ${resource('labels')}`]: sample.label() });
  return { ...grafana, ...render(element, { wrapper: MemoryRouter }), user: userEvent.setup() };
};

beforeEach(() => signInChinese('Editor'));
afterEach(async () => {
  await initPluginTranslations('back to English', [async () => ({})]);
  signIn('Editor');
});

describe('what needs attention', () => {
  const list = (summary: string, change: object = {}) => (
    <AttentionList
      rules={[rule({ ...own, instances: [instance({ summary })] })]}
      charts={{}}
      silences={[]}
      sources={sources}
      filter=""
      most={10}
      {...change}
    />
  );

  it('is told with the sentence that the trail keeps in the reader’s language', () => {
    const { container } = show(list('Disk runs out'));
    const row = within(screen.getByRole('listitem'));
    expect(row.getByText('db-2 的 /var 约 9 小时后写满（最早 6 小时）')).toBeInTheDocument();
    expect(row.getByText('告警中')).toBeInTheDocument();
    expect(row.getByText(/始于 .+前/)).toBeInTheDocument();
    expect(row.getByRole('link', { name: 'disk-root 版本 2' })).toBeInTheDocument();
    expect(row.getByRole('img', { name: 'db-2 /var 的走势、区间与预测' })).toBeInTheDocument();
    expect(englishOn(container, WRITTEN)).toEqual([]);
  });

  it('keeps the sentence that Grafana has, without the entity that stands above it', () => {
    show(list('db-2 /var：6 小时后写满'));
    expect(screen.getByText('6 小时后写满')).toBeInTheDocument();
    expect(screen.queryByText(/约 9 小时后/)).not.toBeInTheDocument();
  });

  it.each([
    ['没有异常，也没有规则触发。', { rules: [] }],
    ['没有符合筛选条件的内容。', { filter: '邮件' }],
  ])('is nothing, and says so: %s', (text, change) => {
    const { container } = show(list('x', change));
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(englishOn(container, WRITTEN)).toEqual([]);
  });
});

describe('warnings of rules that nobody sees', () => {
  it('are told in the reader’s language where it was recorded', () => {
    const { container } = show(<OpenWarnings warnings={[{ entry, source: sources[0] }]} />);
    expect(screen.getByText('db-2 的 /var 约 9 小时后写满（最早 6 小时）')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: '历史' })).toBeInTheDocument();
    expect(englishOn(container, WRITTEN)).toEqual([]);
  });

  it('are told as they were written where it was not', () => {
    const { note_zh: _, ...values } = entry.values;
    show(<OpenWarnings warnings={[{ entry: { ...entry, values }, source: sources[0] }]} />);
    expect(screen.getByText('/var of db-2 is full in 9 h (earliest 6 h)')).toBeInTheDocument();
  });
});

describe('a chart', () => {
  const chart = { title: '最近 14 天', height: 300, empty: '没有可绘制的内容。' };

  it.each([
    ['that is being read', { loading: true }, '正在读取历史并拟合…'],
    ['that is empty', { loading: false }, '没有可绘制的内容。'],
    ['whose source is down', { loading: false, error: '连接被拒绝' }, '连接被拒绝'],
    ['of many series', { loading: false, data: panelData([wide({ 甲: [1], 乙: [2] }, 'actual')]) }, '最近 14 天'],
  ])('%s is told', async (_, change, text) => {
    const { container } = show(<Chart {...chart} {...change} />);
    await settle();
    expect(screen.getAllByText(text).length).toBeGreaterThan(0);
    // Grafana's own
    expect(englishOn(container, ['Loading bar'])).toEqual([]);
  });

  it('offers its series by a name that is read out', async () => {
    show(<Chart {...chart} loading={false} data={panelData([wide({ 甲: [1], 乙: [2] }, 'actual')])} />);
    await settle();
    expect(screen.getByRole('combobox', { name: '序列' })).toHaveValue('全部 2 个序列');
  });
});

it('the strip of scores says what its colours mean', async () => {
  const frame = createDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: [NOW] },
      { name: '甲', type: FieldType.string, values: ['异常'] },
    ],
  });
  const { container } = show(<ScoreStrip data={panelData([frame])} filter="" />);
  await settle();
  expect(screen.getByRole('img', { name: '1 个序列的异常程度' })).toBeInTheDocument();
  expect(within(screen.getByRole('list', { hidden: true })).getAllByRole('listitem', { hidden: true })).toHaveLength(3);
  expect(englishOn(container)).toEqual([]);
});

it('a verdict is given, read and taken back', async () => {
  const about = { model: 'cpu', series: {}, from: '2026-11-20T09:00:00Z', to: '2026-11-20T10:00:00Z' };
  const { container, user } = show(<Verdict client={new Client(uid)} about={about} />);
  expect(screen.getAllByRole('button').map((b) => b.textContent)).toEqual(['故障', '非异常']);
  await user.click(screen.getByRole('button', { name: '故障' }));
  await waitFor(() => expect(screen.getByRole('button', { name: '撤销' })).toBeInTheDocument());
  expect(englishOn(container)).toEqual([]);
});

it.each<[string, ReactElement]>([
  ['a table without an answer', <RunsOutTable key="" warnings={[]} units={{}} filter="" now={NOW} />],
  ['a part that is being read', <Section key="" title="规则" loading />],
  ['a long list', <ShowAll key="" count={12} most={5} all={false} onChange={jest.fn()} />],
  ['a long list that is open', <ShowAll key="" count={12} most={5} all onChange={jest.fn()} />],
  ['what failed', <Failed key="" title="失败" error="超时" onRetry={jest.fn()} />],
  ['a broken model', <ModelProblems key="" problems={['查询无效']} source="甲" />],
  ['a store in memory', <StoreNotice key="" store={{ kind: 'memory', ok: true, message: '', path: '' }} />],
  [
    'a store that is gone',
    <StoreNotice key="" store={{ kind: 'mysql', ok: false, message: '连接被拒绝', path: '' }} />,
  ],
])('%s has no English left', (_, element) => {
  const { container } = show(element);
  expect(container.textContent).toMatch(/\p{Script=Han}/u);
  expect(englishOn(container)).toEqual([]);
});
