import { CoreApp } from '@grafana/data';
import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { englishOn, signInChinese } from '../../testing/chinese';
import { editQuery, up } from '../../testing/queryEditor';
import { outputHelp, outputsFor } from '../outputs';
import { ForewarnQuery, QueryType } from '../types';
import { wantedBy } from '../variables';
import { ConfigEditor } from './ConfigEditor';
import { EditorProps } from './useSettings';

beforeAll(() => signInChinese('Editor', 'datasource'));

/** What users write and servers name, and samples of it. */
const WRITTEN = [
  'all',
  'ets',
  'damped',
  'eta_early',
  'max_source_resolution=5m',
  'http://prometheus.example.com:9090',
  'db.example.com:3306',
  'X-Scope-OrgID',
  'metrics',
  'forewarn',
  'trainer',
  'disk-root',
  '$__rate_interval',
  'DATETIME',
  'Asia/Shanghai',
  'UTC',
  'SELECT',
  'TLS',
  'PAM',
  'LDAP',
  'Mimir',
  'Thanos',
  'VictoriaMetrics',
  'HTTP',
  'URL',
  'POST',
  'MySQL',
  'BEGIN CERTIFICATE',
  'BEGIN PRIVATE KEY',
  'PEM',
  'CA',
  'app_logs',
  'ts',
  'message',
  'container',
  'level',
  'OutOfMemory',
  'timeout',
  'ERROR',
  'FATAL',
  'signal1',
  'signal2',
  'instance',
  'rate(http_requests_total[5m])',
  'up',
  'Theta',
  'time',
  // of Grafana's own parts
  'Reset',
  'configured',
  'Collapse',
  'Expand',
  'section',
  'Coordinated Universal Time',
  'Time zone picker',
  'Select date/time',
  'Time picker',
];

const FULL: Record<QueryType, Partial<ForewarnQuery>> = {
  forecast: { model: { algorithm: 'ets' } },
  anomaly: {
    guards: { minVolume: 3, agreement: '5m' },
    volume: up,
    agreement: up,
    deployments: { ...up, quiet: '30m' },
  },
  warning: {
    threshold: { value: 90, direction: 'above', capacity: { kind: 'prometheus', expr: '' } },
    whatIf: { growth: 20 },
  },
  outlier: {},
  composite: {
    source: undefined,
    join: ['instance'],
    sources: [
      { name: 'signal1', kind: 'prometheus', expr: '' },
      { name: 'signal2', kind: 'logs', level: 'level' },
    ],
  },
  series: { source: { kind: 'logs', level: 'level' } },
};

describe('the query editor in Chinese', () => {
  it.each(Object.entries(FULL))('has no English left with every field unfolded: %s', async (queryType, query) => {
    const { user } = await editQuery({ source: up, queryType: queryType as QueryType, ...query });
    await user.click(screen.getByRole('button', { name: '高级' }));
    expect(englishOn(document.body, WRITTEN)).toEqual([]);
  });

  it.each([
    ['prometheus', ['各主机 CPU', '各主机磁盘使用率']],
    ['mysql', ['各地区订单量']],
    ['logs', ['各容器错误日志']],
  ] as const)('starts from examples in the reader’s words: %s', async (kind, titles) => {
    await editQuery({ source: { kind } });
    expect(screen.getByText('从示例开始：')).toBeInTheDocument();
    for (const name of titles) {
      expect(screen.getByRole('button', { name })).toBeInTheDocument();
    }
  });

  it.each<[string, string, Partial<ForewarnQuery>, string]>([
    ['训练窗口', '2 周', {}, '请填写时长，例如 5m、24h 或 14d'],
    ['预测期', '5', {}, '请填写时长，例如 5m、24h 或 14d'],
    ['置信度', '2', {}, '最多 0.99'],
    ['置信度', '0.1', {}, '至少 0.5'],
    ['指标最大值', '-1', { bounds: { min: 0, max: 100 } }, '必须大于最小值'],
    ['异常点数至少', '9', { queryType: 'anomaly', guards: { n: 5 } }, '不能多于所看的点数'],
    ['最近点数', '2.5', { queryType: 'anomaly' }, '请填写整数'],
    ['限值', '', { queryType: 'warning', threshold: { value: 1, direction: 'above' } }, '需要填写数字'],
    [
      '占比',
      '0',
      { queryType: 'warning', threshold: { value: 1, direction: 'above', capacity: up } },
      '大于 0 % 的占比，例如 90',
    ],
    ['或模式数', '3', { source: { kind: 'logs', keywords: ['x'] } }, '关键字与模式只能选其一'],
    ['关联标签', ' ', { queryType: 'composite', ...FULL.composite }, '必填'],
    [
      '假如增长加快',
      '5',
      { queryType: 'warning', threshold: { value: 1, direction: 'above' }, model: { algorithm: 'ets' } },
      '只有“自动”模型能回答',
    ],
  ])('says at the field %s what is wrong with “%s”', async (label, typed, query, said) => {
    const { user } = await editQuery({ source: up, ...query });
    if (!screen.queryByLabelText(label)) {
      await user.click(screen.getByRole('button', { name: '高级' }));
    }
    fireEvent.change(screen.getByLabelText(label), { target: { value: typed } });
    expect(screen.getAllByRole('alert').map((alert) => alert.textContent)).toContain(said);
  });

  it('tells what a rule is answered with, and what each answer is', async () => {
    await editQuery(
      { source: up, queryType: 'warning', threshold: { value: 90, direction: 'above' }, output: 'eta_early' },
      { app: CoreApp.UnifiedAlerting }
    );
    expect(screen.getByLabelText(/^输出/)).toHaveValue('eta_early');
    for (const type of Object.keys(FULL) as QueryType[]) {
      for (const output of outputsFor(type)) {
        expect(outputHelp(output, type)).toMatch(/\p{Script=Han}/u);
      }
    }
  });

  it('says which filters came along', async () => {
    await editQuery({ source: up, adhocFilters: [{ key: 'cloud', operator: '=', value: 'aliyun' }] });
    expect(screen.getByText('仅限 cloud = aliyun（来自仪表板的筛选条件）')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: '移除这些筛选条件' })).toBeInTheDocument();
  });

  it('names algorithms and what they can be set to', async () => {
    await editQuery({ source: up, model: { algorithm: 'ets' } });
    expect(screen.getByLabelText('模型')).toHaveValue('指数平滑（Holt-Winters、ETS）');
    expect(screen.getByLabelText('趋势')).toHaveValue('自动');
    expect(screen.getByLabelText('最近周期数')).toHaveAttribute('placeholder', '2');
  });

  it('says of a model that cannot be read or does not suit what to do', async () => {
    await editQuery({ source: up }, { algorithms: () => Promise.reject(new Error('down')) });
    expect(await screen.findByRole('alert')).toHaveTextContent('数据源没有返回可用算法列表，仍可使用“自动”');
  });
});

it('a variable that is written wrongly says in Chinese what is right', () =>
  expect(() => wantedBy('up')).toThrow(
    '请填写 `label_values(metric, label)` 或 `label_values(SELECT …, label)`，而不是“up”'
  ));

describe('the settings in Chinese', () => {
  const jsonData = {
    tlsAuth: true,
    tlsAuthWithCACert: true,
    httpHeaderName1: 'X-Scope-OrgID',
    mysql: { url: 'db', tlsAuth: true, tlsAuthWithCACert: true },
  };
  const show = async (change: object = {}) => {
    const options = { url: 'http://p', jsonData, secureJsonFields: {}, secureJsonData: {}, ...change };
    const props = { options, onOptionsChange: () => undefined } as unknown as EditorProps;
    render(<ConfigEditor {...props} />);
    const user = userEvent.setup();
    for (const name of ['请求头、时间与限制', '限制与连接', '查询的默认值']) {
      await user.click(screen.getByText(name));
    }
  };

  it('have no English left with every section open', async () => {
    await show({ basicAuth: true });
    expect(englishOn(document.body, WRITTEN)).toEqual([]);
  });

  it.each([
    ['URL', { url: 'prom:9090' }, '请填写地址，例如 http://prometheus.example.com:9090'],
    ['the host', { jsonData: { mysql: { url: 'mysql://db' } } }, '请填写 host:port，或套接字路径'],
    ['a time', { jsonData: { ...jsonData, timeInterval: '1 min' } }, '请填写时长，例如 5m、24h 或 14d'],
    ['a number', { jsonData: { ...jsonData, timeout: 0 } }, '至少 1'],
    ['a confidence', { jsonData: { ...jsonData, defaults: { confidence: 1 } } }, '最多 0.99'],
  ])('say what is wrong with %s', async (_, change, said) => {
    await show(change);
    expect(screen.getByRole('alert')).toHaveTextContent(said);
  });

  it('offer the ways to sign in', async () => {
    await show();
    const ways = within(screen.getByRole('radiogroup', { name: '身份验证' }));
    expect(ways.getAllByRole('radio').map((way) => way.parentElement?.textContent?.trim())).toEqual([
      '无',
      '用户名和密码',
      '令牌',
    ]);
  });
});
