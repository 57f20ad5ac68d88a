import { initPluginTranslations } from '@grafana/i18n';
import fs from 'fs';
import path from 'path';

import { phrase } from '../phrases';
import { DETECTOR } from './detector';
import { SOURCE, STORE } from './failure';
import { FORECAST } from './forecast';
import { QUERY } from './query';
import { REFUSAL } from './refusal';
import { like, NUMBER, SPAN } from './sentence';
import { TRAIL } from './trail';

const read = <T>(...parts: string[]): T => JSON.parse(fs.readFileSync(path.resolve(__dirname, ...parts), 'utf8'));

/** Sentences that the back end says, and what readers are told. */
const samples = read<Array<{ said: string; en: string; zh: string }>>('../../../tests/testdata/phrases.json');

describe('a pattern', () => {
  it.each([
    ['{n} points', '7 points', ['7']],
    ['{n} points', '-0.5 points', ['-0.5']],
    ['{n} points', '+1e+06 points', ['+1e+06']],
    ['{n} points', '2e-07 points', ['2e-07']],
    ['every {span}', 'every 2w', ['2w']],
    ['every {span}', 'every 5d12h', ['5d12h']],
    ['every {span}', 'every 1h0m0s', ['1h0m0s']],
    ['every {span}', 'every 1.5s', ['1.5s']],
    ['every {span}', 'every 250ms', ['250ms']],
    ['model "{name}": gone', 'model "a "b": c": gone', ['a "b": c']],
    ['{name} of {name}', 'a of b of c', ['a of b', 'c']],
    ['said: {name}', 'said: two\nlines', ['two\nlines']],
    ['a.b (c)? [d] $e ^f | g*', 'a.b (c)? [d] $e ^f | g*', []],
  ])('%s is found in %j', (sentence, said, found) => expect(like(sentence).exec(said)?.slice(1)).toEqual(found));

  it.each([
    ['{n} points', 'seven points'],
    ['{n} points', ' 7 points'],
    ['{n} points', '7 points.'],
    ['{n} points', '7 Points'],
    ['{n} points', '1,000 points'],
    ['every {span}', 'every 24'],
    ['every {span}', 'every hour'],
    ['every {span}', 'every 2 h'],
    ['said: {name}', 'said: '],
    ['a.b', 'axb'],
    ['a|b', 'a'],
    ['', ' '],
  ])('%s is not found in %j', (sentence, said) => expect(like(sentence).test(said)).toBe(false));

  it.each([
    [NUMBER, ['0', '12', '1.25', '-3', '+4', '1e+06', '2.5e-07'], ['', '-', 'x', 'e5', '1e']],
    [SPAN, ['5m', '90m', '1h30m', '2w', '1y', '100ms', '0s'], ['', '5', 'm', '5 m', '1h 30m', '-1h']],
  ])('%s takes all that the back end writes, and no less', (pattern, are, areNot) => {
    const whole = new RegExp(`^${pattern}$`);
    expect([...are, ...areNot].filter((text) => whole.test(text))).toEqual(are);
  });
});

/** What the browser says, not the back end. */
const BROWSER = 'Failed to fetch';

describe.each(Object.entries({ DETECTOR, FORECAST, QUERY, REFUSAL, SOURCE, STORE, TRAIL }))('%s', (_, sentences) => {
  it.each(sentences.map(([pattern]) => [pattern.source, pattern] as const))('has a sample of %s', (_, pattern) => {
    const said = [...samples.map((s) => s.said), BROWSER].filter((text) => pattern.test(text));
    expect(said).not.toEqual([]);
  });

  it.each(sentences.map(([pattern]) => [pattern.source] as const))('says %s once', (source) =>
    expect(sentences.filter(([pattern]) => pattern.source === source)).toHaveLength(1)
  );
});

/** Numbers that stand alone: none of a span, a date, an address or a version of something. */
const ALONE = /(?<![\w.:/"-])[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.:/"-]*\w)/g;

/** Numbers of every shape, put in the place of those of a sample. */
const OTHERS = ['17', '0.25', '-3', '1e+06', '2.5e-07', '1000000'];

/** Samples that tell other numbers apart: each once, none rounded, and none that is always the same. */
const counted = samples.flatMap(({ said, en, zh }) => {
  const numbers: string[] = said.match(ALONE) ?? [];
  const fixed =
    /at least 1 is needed|^There are only|^The level changed|of version \d|error \d|, \d+ % is usual|line \d \d|\(\d+\)/;
  return numbers.length > 0 && new Set(numbers).size === numbers.length && !fixed.test(said)
    ? [{ said, en, zh, numbers }]
    : [];
});

describe.each([
  ['English', 'en-US', 'en'],
  ['Chinese', 'zh-Hans', 'zh'],
] as const)('in %s', (_, language, name) => {
  const ID = 'forewarn-earlywarning-app';
  const catalogue = read<Record<string, Record<string, string>>>('../../locales', language, `${ID}.json`);
  beforeAll(() => initPluginTranslations(`${ID} ${name} sentences`, [async () => catalogue]));
  const words = (key: string, values: Record<string, string>) => {
    const [room, one] = key.split('.');
    return Object.entries(values).reduce(
      (text, [n, value]) => text.split(`{{${n}}}`).join(value),
      catalogue[room][one]
    );
  };

  it.each(counted)('tells the numbers that are said, whatever they are: $said', ({ said, numbers, ...told }) => {
    const swapped = (text: string) =>
      text.replace(ALONE, (n) => (numbers.includes(n) ? OTHERS[numbers.indexOf(n) % OTHERS.length] : n));
    expect(phrase(swapped(said))).toBe(swapped(told[name]));
  });

  // behind these stands a sentence that is known alone, too
  it.each(samples.filter(({ said }) => !said.startsWith('retraining is due: ')))(
    'knows only the whole of: $said',
    ({ said }) => {
      for (const other of [`x${said}`, `x ${said}`, `(${said}`]) {
        expect(phrase(other)).toBe(other);
      }
    }
  );

  it.each(samples)('leaves no gap in what it tells of: $said', ({ said }) =>
    expect(phrase(said)).not.toMatch(/\{\{|undefined|\[object/)
  );

  const ODD = ['<b>&"x"', '{{what}}', '$t(phrase.alone)', 'a: b', '磁盘 /var', 'x'.repeat(500), '5', '..', '$&', '%d'];

  it.each(ODD)('keeps the name %j as it is', (odd) => {
    expect(phrase(`model "${odd}": not found`)).toBe(words('refusal.no-model', { model: odd }));
    expect(phrase(`this needs the role ${odd} or a higher one`)).toBe(words('refusal.role', { role: odd }));
    expect(phrase(`query refused: mysql: ${odd}`)).toBe(words('failure.refused', { why: odd }));
    expect(phrase(`source rejected the query: prometheus at h:1: ${odd}`)).toBe(
      words('failure.rejected', { kind: 'Prometheus', host: 'h:1', why: odd })
    );
    expect(phrase(`a draft of ${odd}'s that nobody saved within a day`)).toBe(words('trail.expired', { who: odd }));
  });

  const said = 'no outlier: all instances agree';
  const what = () => words('phrase.agree', {});

  it.each<[string, () => string]>([
    [`invalid query: ${said}`, () => words('phrase.invalid', { what: what() })],
    [`invalid model: ${said}`, () => words('phrase.invalid-model', { what: what() })],
    [`training is not possible: ${said}`, () => words('phrase.not-possible', { what: what() })],
    [`1 series: ${said}`, () => words('phrase.many', { n: '1', what: what() })],
    [`12 series: ${said}`, () => words('phrase.many', { n: '12', what: what() })],
    [`3 of 12 series: ${said}`, () => words('phrase.some', { n: '3', all: '12', what: what() })],
    [`some series: ${said}`, () => words('phrase.about', { who: 'some series', what: what() })],
    [`-3 series: ${said}`, () => words('phrase.about', { who: '-3 series', what: what() })],
    [`db-1: ${said}`, () => words('phrase.about', { who: 'db-1', what: what() })],
    [`a: b: c: ${said}`, () => words('phrase.about', { who: 'a: b: c', what: what() })],
    [`signal cpu: ${said}`, () => words('phrase.signal', { name: 'cpu', what: what() })],
    [
      `3 of 12 series: signal cpu: ${said}`,
      () => words('phrase.some', { n: '3', all: '12', what: words('phrase.signal', { name: 'cpu', what: what() }) }),
    ],
    [
      `db-1: signal a: b: ${said}`,
      () => words('phrase.about', { who: 'db-1', what: words('phrase.signal', { name: 'a: b', what: what() }) }),
    ],
    [`<i>{{n}}</i>: ${said}`, () => words('phrase.about', { who: '<i>{{n}}</i>', what: what() })],
  ])('%s is told as what it is about', (text, told) => expect(phrase(text)).toBe(told()));

  it.each([
    ['Version 0 of the model a b', '0', 'a b'],
    ['Version 12 of the model <磁盘>', '12', '<磁盘>'],
  ])('%s says why it forecasts so', (start, version, model) => {
    const why = 'The series is constant, so its value is repeated.';
    expect(phrase(`${start}, trained on 2026-11-20 06:00 UTC. ${why}`)).toBe(
      words('phrase.trained', { version, model, at: '2026-11-20 06:00 UTC', what: words('phrase.constant', {}) })
    );
    expect(phrase(`${start}, trained on 2026-11-20 06:00 UTC. Something new.`)).toBe(
      words('phrase.trained', { version, model, at: '2026-11-20 06:00 UTC', what: 'Something new.' })
    );
  });

  it.each([
    ['28.0', '28'],
    ['2.4', '2'],
    ['2.5', '3'],
    ['0.4', '0'],
  ])('days of data are told in whole ones: %s as %s', (said, days) =>
    expect(
      phrase(`There are only ${said} days of data; the first third of them is learnt from and the rest is replayed.`)
    ).toBe(words('phrase.short', { days }))
  );

  it.each([
    ['prometheus', 'Prometheus'],
    ['mysql', 'MySQL'],
  ])('the server %s has the name that its makers gave it', (kind, name) => {
    const host = '[::1]:9090';
    expect(phrase(`source cannot be reached: ${kind} at ${host}: EOF`)).toBe(
      words('failure.unreachable', { kind: name, host, why: 'EOF' })
    );
    expect(phrase(`source timed out: ${kind} at ${host} gave no answer within 1m30s`)).toBe(
      words('failure.slow', { kind: name, host, span: '1m30s' })
    );
    expect(phrase(`source timed out: ${kind} at ${host}: context deadline exceeded`)).toBe(
      words('failure.no-answer', { kind: name, host })
    );
  });

  it.each([
    '',
    ' ',
    ': ',
    'a: ',
    ': a',
    '3 of 12 series: something new',
    'signal cpu: something new',
    'invalid query: something new',
    'source cannot be reached: oracle at h:1: EOF',
    'source cannot be reached: mysql at : EOF',
    'Version x of the model a, trained on 2026-11-20 06:00 UTC. No outlier',
    'Failed to fetch the rules',
    'SOURCE CANNOT BE REACHED',
    '<html></html>',
    'a\nb',
    '磁盘：已满',
  ])('%j, which the back end does not say, stays as it is', (text) => expect(phrase(text)).toBe(text));
});
