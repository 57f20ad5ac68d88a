import { initPluginTranslations } from '@grafana/i18n';
import fs from 'fs';
import path from 'path';

import { phrase } from './phrases';

const read = <T>(...parts: string[]): T => JSON.parse(fs.readFileSync(path.resolve(__dirname, ...parts), 'utf8'));

/** Sentences that the back end says (a test over there holds it to them), and what readers are told. */
const samples = read<Array<{ said: string; en: string; zh: string }>>('../../tests/testdata/phrases.json');

const ID = 'forewarn-earlywarning-app';

describe.each([
  ['English', 'en-US', 'en'],
  ['Chinese', 'zh-Hans', 'zh'],
] as const)('sentences of the back end in %s', (_, language, name) => {
  const told = (said: string) => samples.find((s) => s.said === said)![name];
  beforeAll(() => initPluginTranslations(`${ID} ${name}`, [async () => read('../locales', language, `${ID}.json`)]));

  it.each(samples)('$said', (sample) => expect(phrase(sample.said)).toBe(sample[name]));

  const habit = 'the series goes far out on several days, so its band is wider than most days need';
  const short = 'too few points: the series has 5 known values, auto needs 12';

  it.each([
    ['of one series', `disk: /var: ${habit}`, `disk: /var: ${told(habit)}`, `disk: /var：${told(habit)}`],
    ['of a signal alone', `signal cpu: ${short}`, `Signal cpu: ${told(short)}`, `信号 cpu：${told(short)}`],
    ['of several', `12 series: ${habit}`, `12 series: ${told(habit)}`, `12 个序列：${told(habit)}`],
    [
      'of a signal',
      `db <1>: signal cpu: ${short}`,
      `db <1>: Signal cpu: ${told(short)}`,
      `db <1>：信号 cpu：${told(short)}`,
    ],
  ])('say what they are about: %s', (_, said, en, zh) => expect(phrase(said)).toBe({ en, zh }[name]));

  it('may be followed by what keeping to a number of alerts made of the band', () => {
    const first = 'The query asks for this detector.';
    const second =
      ' For at most 2 alerts a week the band is 1.4 times its width; in the 4 weeks before that would have made 1.8 a week.';
    expect(phrase(first + second)).toBe(`${told(first)} ${told(second)}`);
  });

  it('stay as they are where they are not known', () => {
    expect(phrase('something new: 4 %')).toBe('something new: 4 %');
    expect(phrase('disk: something new')).toBe('disk: something new');
    expect(phrase('')).toBe('');
  });
});
