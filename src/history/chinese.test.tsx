import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ReactElement } from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Client } from '../api/client';
import { Entry } from '../api/contract';
import { englishOn, signInChinese } from '../testing/chinese';
import { Answers, fakeGrafana, refusal } from '../testing/grafana';
import { backEnd, resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { Deliveries } from './Deliveries';
import { EntryCard } from './EntryCard';
import { PrecisionTable } from './PrecisionTable';
import { Timeline } from './Timeline';
import { WarningOutcomes } from './WarningOutcomes';
import { actionText, kinds, valueName } from './words';

const client = new Client('fw');
const [change, raised] = sample.audit().entries;
const show = (element: ReactElement, answers: Answers = {}) => {
  fakeGrafana(backEnd(answers));
  return render(element, { wrapper: MemoryRouter });
};

beforeEach(() => signInChinese('Editor'));

/** Every action that the back end records (pkg/plugin, pkg/train, pkg/trail, pkg/store). */
const ACTIONS = [
  'channel.test',
  'crossing.began',
  'crossing.ended',
  'delivery.failed',
  'delivery.sent',
  'job.cancel',
  'label.add',
  'label.remove',
  'model.change',
  'model.create',
  'model.delete',
  'model.demoted',
  'model.draft',
  'model.expire',
  'model.export',
  'model.failed',
  'model.import',
  'model.pause',
  'model.restored',
  'model.resume',
  'model.train',
  'model.trained',
  'model.unlisted',
  'trail.prune',
  'version.import',
  'version.promote',
  'version.rollback',
  'warning.raised',
  'warning.resolved',
];

it.each(ACTIONS)('%s has a word', (action) => expect(actionText(action)).toMatch(/^\p{Script=Han}+$/u));

it.each(['reason', 'job', 'live', 'attempts', 'milliseconds', 'status', 'alerts', 'versions', 'rule', 'score', 'why'])(
  'the value %s has a name',
  (name) => expect(valueName(name)).toMatch(/\p{Script=Han}/u)
);

it('the kinds to choose from are all named', () => {
  for (const { label } of kinds()) {
    expect(label).toMatch(/^\p{Script=Han}+$/u);
  }
});

it.each([
  ['a schedule', 'its schedule of 24h', '按计划每 24h 训练一次'],
  [
    'errors that have grown',
    '2 of 9 series: it has seen half as many points again as it was trained on',
    '新增的点数已达训练点数的一半',
  ],
  [
    'settings',
    "no longer in the data source's settings: paused, and open to changes by administrators",
    '已不在数据源设置中',
  ],
  [
    'a store that was away',
    'the model store does not work: /data/f.db is locked by another program: end it, or wait',
    '/data/f.db 被另一程序锁定',
  ],
  ['what somebody wrote', '人工备注', '人工备注'],
])('a line says of %s in Chinese', (_, note, told) => {
  show(<Timeline client={client} entries={[{ ...change, note }]} labels={[]} />);
  expect(screen.getByRole('listitem')).toHaveTextContent(told);
});

it('the card of a warning is in Chinese from its numbers to its buttons', async () => {
  const user = userEvent.setup();
  const { container } = show(<Timeline client={client} entries={[raised]} labels={[]} />, {
    [resource('audit')]: { entries: [], more: false },
    [resource('models/disk-root')]: refusal(404, 'model "disk-root": not found'),
  });
  await user.click(screen.getByRole('button', { name: /发出预警 的详情/ }));
  await settle();
  const line = within(screen.getAllByRole('listitem')[0]);
  expect(line.getByText('最早剩余小时').nextSibling).toHaveTextContent('6');
  expect(line.getByText(/没有消息经过中继/)).toBeInTheDocument();
  expect(line.getByText(/没有模型 disk-root/)).toBeInTheDocument();
  expect(line.getByText('db-2 为 87（2026-11-20 09:50）。')).toBeInTheDocument();
  const written = [
    'disk-root',
    'db-2',
    '/var',
    'alerting',
    'Disk runs out',
    'instance=',
    'mountpoint=',
    '60303ae22b998861',
    'Tags',
    'Tag list',
  ];
  expect(englishOn(container, written)).toEqual([]);
});

it('a card says what was sent and what was not', async () => {
  const delivery = (action: string, seq: number): Entry => ({
    ...raised,
    action,
    seq,
    values: { channel: '运维' },
    note: '',
  });
  show(<Deliveries client={client} entry={raised} />, {
    [resource('audit')]: { entries: [delivery('delivery.sent', 8), delivery('delivery.failed', 9)], more: false },
  });
  expect(await screen.findByText('已送达')).toBeInTheDocument();
  expect(screen.getByText('未送达')).toBeInTheDocument();
});

it('a change names its values', async () => {
  const entry = { ...change, action: 'model.trained', values: { reason: 'drift', live: false } };
  show(<EntryCard client={client} entry={entry} labels={[]} />);
  expect(screen.getByRole('link', { name: '打开模型' })).toBeInTheDocument();
  expect(screen.getByTitle('链中第 42 条')).toBeInTheDocument();
  await settle();
});

it.each([
  [
    'how often labels were right',
    <PrecisionTable key="p" client={client} />,
    'precision',
    /无法读取已标.+的准确率：没有模型 cpu/,
  ],
  [
    'how warnings turned out',
    <WarningOutcomes key="o" client={client} />,
    'accuracy',
    /无法读取.*预警的结果：没有模型 cpu/,
  ],
])('what cannot be read of %s is said with why', async (_, element, path, text) => {
  show(element, { [resource(path)]: refusal(404, 'model "cpu": not found') });
  expect(await screen.findByRole('alert')).toHaveTextContent(text);
});
