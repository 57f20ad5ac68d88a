import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ReactElement } from 'react';

import { OverviewContent } from '../components/OverviewContent';
import { englishOn, signInChinese } from '../testing/chinese';
import { instance, overview, rule, warning, wide } from '../testing/data';
import { Answers, fakeGrafana, refusal } from '../testing/grafana';
import { renderAt } from '../testing/page';
import { backEnd, resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import AlertsPage from './AlertsPage';
import HistoryPage from './HistoryPage';
import ModelsPage from './ModelsPage';
import TrainPage from './TrainPage';
import { Overview } from './useOverview';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const RULES = '/api/prometheus/grafana/api/v1/rules';
const SILENCES = '/api/alertmanager/grafana/api/v2/silences';
const STORE_GONE =
  'the model store does not work: db:3306/forewarn cannot be reached; it is tried again with the next request';
const SOURCE_DOWN = 'source cannot be reached: prometheus at prom:9090: connect: connection refused';
const EXPR = 'node_load1';
const HANDED = `/?query=${encodeURIComponent(
  JSON.stringify({ queryType: 'anomaly', source: { kind: 'prometheus', expr: EXPR } })
)}`;

/** Words of the samples: what users and servers wrote. */
const WRITTEN = [
  'disk-root',
  'cpu',
  'db-2 /var',
  'db-1 /',
  'db-9 /',
  'db-2',
  'anna',
  'ben',
  'alerting',
  'Disk full soon',
  'Disk filling up',
  'Disk runs out',
  'prom:9090',
  'db:3306/forewarn',
  'connect: connection refused',
  EXPR,
];

const works = (change: Answers = {}): Answers =>
  backEnd({
    [RULES]: { data: { groups: [] } },
    [SILENCES]: [],
    [resource('audit/verify')]: { ok: true, entries: 1234, firstBroken: 0, message: '' },
    [`POST ${resource('preview')}`]: { ...sample.preview(), readiness: { level: 'weekly', message: '' }, notices: [] },
    ...change,
  });

const show = (page: ReactElement, change: Answers = {}, address = '/') => {
  const grafana = fakeGrafana(works(change), () => [wide({ a: [1] }, 'actual')]);
  const { container } = renderAt(page, address);
  return { ...grafana, container, user: userEvent.setup() };
};
const PAGES: Array<[string, ReactElement, string]> = [
  ['训练', <TrainPage key="train" />, '四步，从一条查询到值得信赖的预警。'],
  ['模型', <ModelsPage key="models" />, '已训练的模型、效果，以及谁在使用。'],
  ['告警', <AlertsPage key="alerts" />, '谁会收到什么预警，通过哪个渠道。'],
  ['历史', <HistoryPage key="history" />, '每次预警与每次改动，记录在无法被暗中篡改的链中。'],
];

beforeEach(() => signInChinese('Editor'));

describe.each(PAGES)('the page %s in Chinese', (title, page, subtitle) => {
  it('has its title and what it is about', async () => {
    show(page);
    await settle();
    expect(screen.getByRole('heading', { level: 1, name: title })).toBeInTheDocument();
    expect(screen.getByText(subtitle)).toBeInTheDocument();
  });

  it.each([
    ['Admin', '它读取 Prometheus、MySQL 或两者；您需要地址和用户。'],
    ['Editor', '它读取 Prometheus、MySQL 或两者，由 Grafana 管理员添加。'],
  ] as const)('says to an %s what to do where there is no data source', async (role, text) => {
    await signInChinese(role);
    fakeGrafana({}, () => [], []);
    const { container } = renderAt(page);
    expect(screen.getByText('Forewarn 还没有数据源')).toBeInTheDocument();
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(screen.queryAllByRole('link', { name: '添加 Forewarn 数据源' })).toHaveLength(role === 'Admin' ? 1 : 0);
    expect(englishOn(container)).toEqual([]);
  });
});

describe('a store that is gone', () => {
  const gone = refusal(503, STORE_GONE);
  const text = '无法连接 db:3306/forewarn；下次请求时会重试';

  it.each([
    ['训练', <TrainPage key="train" />, '无法读取模型'],
    ['模型', <ModelsPage key="models" />, '无法读取模型'],
    ['历史', <HistoryPage key="history" />, '无法读取历史'],
  ])('is said on the page %s, with what is tried', async (_, page, title) => {
    const { container } = show(page, {
      [resource('models')]: gone,
      [resource('audit')]: gone,
      [resource('audit/verify')]: gone,
    });
    expect(await screen.findByText(title)).toBeInTheDocument();
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: '重试' })).toBeInTheDocument();
    await settle();
    expect(englishOn(container, WRITTEN)).toEqual([]);
  });

  it('is said above the models that are still known', async () => {
    const store = { kind: 'mysql' as const, ok: false, message: STORE_GONE, path: '' };
    show(<ModelsPage />, { [resource('models')]: { ...sample.models(), store, problems: [] } });
    expect(await screen.findByText('模型存储没有响应')).toBeInTheDocument();
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(screen.getByText(/自带算法的查询不受影响/)).toBeInTheDocument();
  });

  it('of memory is said to be lost with a restart, and where a path is set', async () => {
    const store = { kind: 'memory' as const, ok: true, message: '', path: '' };
    show(<TrainPage />, { [resource('models')]: { ...sample.models(), store } });
    expect(await screen.findByText('模型与历史保存在内存中，重启后会丢失')).toBeInTheDocument();
    expect(screen.getByText(/请在数据源设置中填写存储路径/)).toBeInTheDocument();
  });
});

describe('a source that is down', () => {
  it('is said in the wizard, by name, and that it is not the query', async () => {
    const { container } = show(<TrainPage />, { [`POST ${resource('preview')}`]: refusal(502, SOURCE_DOWN) }, HANDED);
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('无法连接数据源背后的服务器');
    expect(alert).toHaveTextContent('无法连接 prom:9090 的 Prometheus：connect: connection refused');
    await settle();
    expect(englishOn(container, [...WRITTEN, 'now', 'Tab', 'rate(http_requests_total[5m])'])).toEqual([]);
  });

  it('is said on the overview with the rules that it concerns, in whatever Grafana wraps it', async () => {
    const error = `[sse.dataQueryError] failed to execute query [A]: ${SOURCE_DOWN}`;
    const { container } = show(
      <OverviewContent overview={overview({ failures: [{ rule: rule(), message: error }] })} />
    );
    expect(screen.getByText('数据源无法回答：Disk filling up')).toBeInTheDocument();
    await settle();
    expect(container).toHaveTextContent('提前预警规则尚无结果。');
  });
});

describe('the overview in Chinese', () => {
  const content = (change: Partial<Overview>) => show(<OverviewContent overview={overview(change)} />);

  it('is quiet when all is well', () => {
    const { container } = content({});
    expect(screen.getByText('没有异常，也没有规则触发。')).toBeInTheDocument();
    expect(screen.getByRole('region', { name: '72 小时内耗尽' })).toHaveTextContent('暂无迹象');
    expect(englishOn(container, WRITTEN)).toEqual([]);
  });

  it('tells what fires and what runs out in the reader’s words', () => {
    const active = instance({ summary: 'db-2 /var：磁盘 6 小时后写满' });
    const { container } = content({
      rules: [rule({ instances: [active, { ...active, state: 'pending', labels: { instance: 'db-9 /' } }] })],
      warnings: [warning({ series: 'db-2 /var', eta: 90, etaEarly: 6, probability: 0.93, growth: 2.6 })],
      fired: 3,
    });
    expect(screen.getByRole('region', { name: '当前异常' })).toHaveTextContent('另有 1 项可能触发');
    expect(screen.getByRole('region', { name: '72 小时内耗尽' })).toHaveTextContent('db-2 /var，6 小时后');
    expect(screen.getByText('磁盘 6 小时后写满')).toBeInTheDocument();
    const row = within(screen.getByRole('region', { name: '最先耗尽的资源' })).getAllByRole('row')[1];
    for (const text of ['4 天', '6 小时', '93 %']) {
      expect(row).toHaveTextContent(text);
    }
    expect(englishOn(container, WRITTEN)).toEqual([]);
  });

  it('says what is not there yet', () => {
    const { container } = content({ rules: [] });
    expect(screen.getByText('还没有告警规则使用 Forewarn')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: '训练模型' })).toBeInTheDocument();
    expect(englishOn(container, WRITTEN)).toEqual([]);
  });

  it('says that Grafana’s rules cannot be read, and what to check', () => {
    const { container } = content({ rules: undefined, rulesError: '已停用', fired: null, historyError: '无权限' });
    expect(screen.getByText('无法读取 Grafana 的告警规则')).toBeInTheDocument();
    expect(screen.getByText(/请确认 Grafana 告警功能已启用/)).toBeInTheDocument();
    expect(screen.getByText('无法读取 Grafana 的告警历史')).toBeInTheDocument();
    expect(englishOn(container, WRITTEN)).toEqual([]);
  });

  it('has its shape in Chinese while it is read', () => {
    const { container } = show(<OverviewContent />);
    expect(screen.getAllByText('正在查询规则…').length).toBeGreaterThan(1);
    expect(englishOn(container)).toEqual([]);
  });
});

describe('the wizard in Chinese', () => {
  it('starts with examples, and says what is read', async () => {
    const { container, user } = show(<TrainPage />);
    await user.click(await screen.findByRole('button', { name: '各主机 CPU' }));
    const found = await screen.findByRole('region', { name: '查询结果' });
    expect(found).toHaveTextContent('日周期与周周期');
    expect(found).toHaveTextContent('2 个序列，8,064 个点。读取用时：不到 1 秒；拟合用时：不到 1 秒。');
    expect(screen.getByRole('button', { name: '选择模型' })).toBeEnabled();
    await settle();
    expect(englishOn(found, WRITTEN)).toEqual([]);
    expect(screen.getByRole('navigation', { name: '步骤' })).toHaveTextContent('数据2模型3检查4保存并预警');
    expect(container).not.toHaveTextContent('Choose the model');
  });

  it('tells a Viewer whom training is for', async () => {
    await signInChinese('Viewer');
    const { container } = show(<TrainPage />);
    expect(screen.getByText('训练需要“编辑者”角色')).toBeInTheDocument();
    expect(englishOn(container)).toEqual([]);
  });

  it('tells why a training failed, in Chinese as far as it is known', async () => {
    const failed = { ...sample.job(), state: 'failed', error: `training is not possible: ${SOURCE_DOWN}` };
    const { user } = show(
      <TrainPage />,
      { [`POST ${resource('jobs')}`]: { ...sample.job(), state: 'queued' }, [resource('jobs/01K9ZX3V6Q')]: failed },
      HANDED
    );
    await screen.findByText('db-2 /var');
    await user.click(screen.getByRole('button', { name: '选择模型' }));
    await user.click(screen.getByRole('button', { name: '训练' }));
    expect(await screen.findByText('训练失败')).toBeInTheDocument();
    expect(
      screen.getByText('无法训练：无法连接 prom:9090 的 Prometheus：connect: connection refused')
    ).toBeInTheDocument();
  });
});

describe('the models in Chinese', () => {
  it('are listed with state, age and figures', async () => {
    const models = { ...sample.models(), problems: [] };
    const { container } = show(<ModelsPage />, { [resource('models')]: models });
    const row = (await screen.findByRole('button', { name: 'disk-root' })).closest('tr')!;
    for (const text of ['提前预警', '训练中', '23 %', '94.6 %', '更简单：1', '无规则']) {
      expect(row).toHaveTextContent(text);
    }
    expect(screen.getByRole('button', { name: 'cpu' }).closest('tr')).toHaveTextContent('未训练');
    expect(screen.getByText('预置')).toBeInTheDocument();
    expect(englishOn(container, [...WRITTEN, 'next page', 'previous page'])).toEqual([]);
  });

  it('say what is wrong with a definition in the settings, as far as that is known', async () => {
    show(<ModelsPage />);
    expect(await screen.findByText('有预置模型无法使用')).toBeInTheDocument();
    expect(screen.getByText(/models\[2\] "cpu"：字段 alertBudget 的值为 -1/)).toBeInTheDocument();
  });

  it.each([
    ['版本', ['版本 3', '线上', '比“与上周相同”准确 23 %', '95 % 区间的实际覆盖率为 94.6 %']],
    ['序列', ['组合', '历史太短', '区间覆盖率']],
    ['定义', ['训练窗口', '重新训练', '每周最多告警次数', '中国，含调休工作日', '不参与训练的时段']],
    ['预警', ['当可能达到限值的剩余时间少于', '创建规则', '级别']],
  ])('have a tab %s', async (tab, texts) => {
    const { user } = show(
      <ModelsPage />,
      {
        [resource('jobs/01K9ZX3V6Q')]: sample.job(),
        '/api/folders?limit=500': [],
        '/api/v1/provisioning/contact-points': [],
      },
      '/?model=disk-root'
    );
    await user.click(await screen.findByRole('tab', { name: tab }));
    const drawer = await screen.findByRole('dialog', { name: /disk-root/ });
    for (const text of texts) {
      await waitFor(() => expect(drawer).toHaveTextContent(text));
    }
  });

  it('say who may change what is another’s', async () => {
    const said =
      'not allowed: the model "disk-root" is anna\'s; they or an administrator may change or delete it: save yours under another name';
    const { user } = show(
      <ModelsPage />,
      {
        [resource('models')]: { ...sample.models(), models: [{ ...sample.model(), state: 'ready', job: null }] },
        [`POST ${resource('models/disk-root/train')}`]: refusal(403, said),
      },
      '/?model=disk-root'
    );
    await user.click(await screen.findByRole('button', { name: '重新训练' }));
    expect(await screen.findByText(/模型 disk-root 属于 anna，只有其本人或管理员可以修改或删除/)).toBeInTheDocument();
  });
});

describe('the history in Chinese', () => {
  it('tells warnings and changes in their own words', async () => {
    const { container } = show(<HistoryPage />);
    const day = await screen.findByRole('region', { name: '2026-11-20' });
    expect(day).toHaveTextContent('版本上线 disk-root v3');
    expect(day).toHaveTextContent('db-2 的 /var 约 9 小时后写满（最早 6 小时）');
    expect(await screen.findByText('1,234 条记录，链完整')).toBeInTheDocument();
    await settle();
    expect(englishOn(container, [...WRITTEN, '/var', 'now'])).toEqual([]);
  });

  it.each([
    [
      'model.trained',
      "kept back: its error of 1.31 is more than 1.2 times the live version's 0.92; promote it to use it all the same",
      '训练完成',
      '未上线：误差 1.31 超过线上版本 0.92 的 1.2 倍',
    ],
    [
      'model.train',
      '3 of 12 series: its errors are well above those in training, and stay so',
      '开始训练',
      '12 个序列中的 3 条：误差持续明显高于训练时',
    ],
    ['model.expire', "a draft of ben's that nobody saved within a day", '草稿已清除', 'ben 的草稿，一天内无人保存'],
    ['model.failed', SOURCE_DOWN, '训练失败', '无法连接 prom:9090 的 Prometheus'],
    ['crossing.began', '', '越过限值', 'anna'],
    ['trail.prune', '', '旧记录已清除', 'anna'],
  ])('tells %s', async (action, note, text, told) => {
    const [entry] = sample.audit().entries;
    show(<HistoryPage />, { [resource('audit')]: { entries: [{ ...entry, action, note, values: {} }], more: false } });
    const day = await screen.findByRole('region', { name: '2026-11-20' });
    expect(day).toHaveTextContent(text);
    expect(day).toHaveTextContent(told);
  });

  it('says what is broken in the chain', async () => {
    const message = 'line 17 does not match its hash: it was changed';
    const { user } = show(<HistoryPage />, {
      [resource('audit/verify')]: { ok: false, entries: 42, firstBroken: 17, message },
    });
    await user.hover(await screen.findByText('链在第 17 条断裂'));
    expect(await screen.findByText('第 17 条与其哈希不符：已被改动')).toBeInTheDocument();
  });
});

describe('alerts in Chinese', () => {
  it('lead to the wizard where there is no rule, and show silences and channels', async () => {
    const { container } = show(<AlertsPage />);
    expect(await screen.findByText('还没有规则使用此数据源')).toBeInTheDocument();
    expect(screen.getByText('没有静默。')).toBeInTheDocument();
    await settle();
    for (const channel of sample.channels().channels) {
      expect(container).toHaveTextContent(channel.name);
    }
  });

  it('say that the rules cannot be read', async () => {
    show(<AlertsPage />, { [RULES]: refusal(503, '暂停服务') });
    expect(await screen.findByText('无法读取 Grafana 的告警规则')).toBeInTheDocument();
    expect(screen.getByText('暂停服务')).toBeInTheDocument();
  });

  it('hide channels from a Viewer, and say from whom', async () => {
    await signInChinese('Viewer');
    show(<AlertsPage />);
    expect(await screen.findByText('渠道仅对编辑者可见。')).toBeInTheDocument();
  });
});
