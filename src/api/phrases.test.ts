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
  beforeAll(() => initPluginTranslations(`${ID} ${name}`, [async () => read('../locales', language, `${ID}.json`)]));

  it.each(samples)('$said', (sample) => expect(phrase(sample.said)).toBe(sample[name]));

  it('stay as they are where they are not known', () => {
    expect(phrase('something new: 4 %')).toBe('something new: 4 %');
    expect(phrase('')).toBe('');
  });
});
