import { initPluginTranslations } from '@grafana/i18n';

import { signInChinese } from '../testing/chinese';
import { refusal } from '../testing/grafana';
import { messageOf } from './message';

const DOWN = 'source cannot be reached: prometheus at prom:9090: connect: connection refused';

it.each([
  ['the message of a refusal', { data: { message: 'a', error: 'b' }, message: 'c' }, 'a'],
  ['the error of a refusal', { data: { error: 'b' }, message: 'c' }, 'b'],
  ['what an Error says', new Error('c'), 'c'],
  ['the status where there is nothing else', { status: 403, statusText: 'Forbidden' }, 'Forbidden'],
  ['the text itself', 'text', 'text'],
  ['a word for nothing', undefined, 'undefined'],
])('is %s', (_, thrown, message) => expect(messageOf(thrown)).toBe(message));

it('keeps what it does not know', () => expect(messageOf(refusal(500, 'panic in the moon'))).toBe('panic in the moon'));

describe('in the reader’s language', () => {
  beforeAll(() => signInChinese('Editor'));
  afterAll(() => initPluginTranslations('back to English', [async () => ({})]));

  it.each([
    ['a source that is down', refusal(502, DOWN), '无法连接 prom:9090 的 Prometheus：connect: connection refused'],
    [
      'a source that is down, as Grafana’s alerting tells it',
      new Error(`failed to execute query A: ${DOWN}`),
      'failed to execute query A：无法连接 prom:9090 的 Prometheus：connect: connection refused',
    ],
    [
      'a query that is wrong',
      refusal(400, 'invalid query: field "interval" is 1x, needed is a duration such as 5m'),
      '查询无效：字段 interval 的值为 1x，要求：a duration such as 5m',
    ],
    ['a role that is too low', refusal(403, 'this needs the role Editor or a higher one'), '需要 Editor 或更高的角色'],
    ['a model that is gone', refusal(404, 'model "cpu": not found'), '没有模型 cpu'],
    [
      'a training that cannot be',
      refusal(
        400,
        'training is not possible: the source gave no series: is the query right, and does its time hold data?'
      ),
      '无法训练：来源没有返回序列：查询是否正确，所选时段是否有数据？',
    ],
  ])('tells of %s', (_, thrown, message) => expect(messageOf(thrown)).toBe(message));

  it('leaves what only the server knows as it said it', () =>
    expect(messageOf(refusal(500, 'Internal Server Error'))).toBe('Internal Server Error'));
});
