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

describe('what says nothing is passed over for what says something', () => {
  const page = '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>';

  it.each([
    // Grafana takes a body that is no JSON for the message, and the status for the error
    [
      'a proxy’s page',
      { status: 502, statusText: 'Bad Gateway', data: { message: page, error: 'Bad Gateway' } },
      'Bad Gateway',
    ],
    [
      'a page after a line break',
      { status: 401, data: { message: `\n ${page}`, error: 'Unauthorized' } },
      'Unauthorized',
    ],
    [
      'a page over HTTP/2, which has no words for a status',
      { status: 502, statusText: '', data: { message: page, error: '' } },
      'HTTP 502',
    ],
    [
      'an empty body',
      { status: 500, statusText: 'Internal Server Error', data: { message: '', error: 'Internal Server Error' } },
      'Internal Server Error',
    ],
    ['an empty body over HTTP/2', { status: 503, statusText: '', data: { message: '', error: '' } }, 'HTTP 503'],
    [
      'Grafana’s stand-in for no body',
      { status: 504, statusText: 'Gateway Timeout', data: { message: 'Unexpected error' } },
      'Gateway Timeout',
    ],
    ['white space', { status: 404, statusText: ' ', data: { message: '\n' } }, 'HTTP 404'],
    [
      'a page in an Error',
      Object.assign(new Error(page), { status: 413, statusText: 'Content Too Large' }),
      'Content Too Large',
    ],
  ])('%s', (_, thrown, message) => expect(messageOf(thrown)).toBe(message));

  it('is never an empty text: an error that nobody sees is none', () => {
    for (const thrown of [{}, new Error(''), { data: {} }, { data: null }, { status: 0 }, null, 0, false]) {
      expect(messageOf(thrown)).not.toBe('');
    }
  });

  it.each(['a < b is wrong', 'expected <time>', 'unexpected error', '5'])('but not the text %p', (text) =>
    expect(messageOf(refusal(400, text))).toBe(text)
  );

  it.each(['Failed to fetch', 'NetworkError when attempting to fetch resource.', 'Load failed'])(
    'a network that is down: the browser’s %p',
    (text) => {
      const thrown = Object.assign(new TypeError(text), { data: { message: 'Unexpected error' } });
      expect(messageOf(thrown)).toBe('Grafana does not answer: is the network down, or is Grafana being restarted?');
    }
  );
});

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
    [
      'a network that is down',
      Object.assign(new TypeError('Failed to fetch'), { data: { message: 'Unexpected error' } }),
      'Grafana 没有响应：是否网络中断，或 Grafana 正在重启？',
    ],
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
