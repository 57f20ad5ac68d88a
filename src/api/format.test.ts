import { initPluginTranslations } from '@grafana/i18n';

import { signInChinese } from '../testing/chinese';
import { signIn } from '../testing/grafana';
import { bytes, count, fromNow, hoursLeft, inUnit, percent, perDay, plainText, seconds } from './format';
import { NEVER } from './warnings';

const NOW = Date.parse('2026-03-01T12:00:00Z');

beforeEach(() => signIn('Viewer'));

describe('a span of seconds', () => {
  it.each([
    [0, 'under 1 s'],
    [0.99, 'under 1 s'],
    [1, '1 s'],
    [1.25, '1.3 s'],
    [9.94, '9.9 s'],
    [10.4, '10 s'],
    [89.9, '90 s'],
    [90, '2 min'],
    [3599, '60 min'],
    [3600, '1 h'],
    [259_200, '3 d'],
  ])('%p is %p', (n, text) => expect(seconds(n)).toBe(text));
});

describe('a share', () => {
  it.each([
    [0, 0, '0 %'],
    [0.2345, 0, '23 %'],
    [0.9464, 1, '94.6 %'],
    [1, 1, '100 %'],
    [-0.5, 0, '-50 %'],
    [null, 0, '–'],
    [undefined, 0, '–'],
    [NaN, 0, '–'],
    [Infinity, 0, '–'],
  ])('%p with %p digits is %p', (share, digits, text) => expect(percent(share, digits)).toBe(text));
});

describe('a number of things', () => {
  it.each([
    ['en-US', '1,234,568'],
    ['de-DE', '1.234.568'],
    ['zh-Hans', '1,234,568'],
  ])('has the separators of %s, and no fraction', (language, text) => {
    signIn('Viewer', language);
    expect(count(1_234_567.8)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [1536, '1.50 KiB'],
    [61_440, '60 KiB'],
    [5 * 2 ** 30, '5 GiB'],
  ])('of bytes %p is %p', (n, text) => expect(bytes(n)).toBe(text));
});

describe('a value', () => {
  it.each([
    [0.000123456, undefined, '0.000123'],
    [999.4, undefined, '999'],
    [-1234.5, undefined, '-1,234'],
    [Infinity, undefined, '–'],
    [1.5, 's', '1.50 s'],
    [90, 'percent', '90%'],
    [1.8e12, 'decbytes', '1.80 TB'],
  ])('%p in %p is %p', (v, unit, text) => expect(inUnit(v, unit)).toBe(text));

  it('that grows has a sign in its unit, too', () =>
    expect([perDay(2.5, 'percent'), perDay(-2.5, 'percent'), perDay(0, 'percent')]).toEqual([
      '+2.50%',
      '-2.50%',
      '0%',
    ]));

  it.each([
    [null, '–'],
    [undefined, '–'],
    ['', '–'],
    [0, '0'],
    [false, 'false'],
    [{ min: 0 }, '{"min":0}'],
    [['a'], '["a"]'],
  ])('of any kind, %j, is %p', (value, text) => expect(plainText(value)).toBe(text));
});

describe('how far a moment is', () => {
  it.each([
    ['2026-03-01T12:00:29Z', 'this minute'],
    ['2026-03-01T12:10:20Z', 'in 10 minutes'],
    ['2026-03-01T14:40:00Z', 'in 3 hours'],
    ['2026-03-03T00:00:00Z', 'in 2 days'],
    ['2026-03-01T11:58:01Z', '1 minute ago'],
    ['2026-02-28T12:00:01Z', '23 hours ago'],
    ['2026-02-28T12:00:00Z', 'yesterday'],
  ])('%s is %p', (iso, text) => expect(fromNow(iso, NOW)).toBe(text));
});

describe('in Chinese', () => {
  beforeEach(() => signInChinese('Viewer'));
  afterAll(() => initPluginTranslations('back to English', [async () => ({})]));

  it.each([
    [0, '现在'],
    [0.5, '30 分钟'],
    [6, '6 小时'],
    [96, '4 天'],
    [NEVER, '不会'],
    [2 * NEVER, '不确定'],
  ])('%p hours are left: %s', (hours, text) => expect(hoursLeft(hours)).toBe(text));

  it('times are told from now, spans and shares in Chinese units', () => {
    expect(fromNow('2026-03-01T09:00:00Z', NOW)).toBe('3小时前');
    expect(fromNow('2026-02-28T12:00:00Z', NOW)).toBe('昨天');
    expect(fromNow('2026-03-04T12:00:00Z', NOW)).toMatch(/^3\s?天后$/);
    expect([seconds(0), seconds(12), seconds(600)]).toEqual(['不到 1 秒', '12 秒', '10 分钟']);
    expect(percent(0.5)).toBe('50 %');
  });
});
