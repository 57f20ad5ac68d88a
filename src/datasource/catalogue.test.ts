import fs from 'fs';
import path from 'path';

import { signInChinese } from '../testing/chinese';
import { agreementExamples, deploymentExamples, examplesFor, limitExamples, volumeExamples } from './examples';
import { algorithmName, choiceName, paramName } from './names';
import { outputHelp, outputsFor } from './outputs';
import { purposes, queryLine } from './purposes';
import { QueryType, SourceKind } from './types';

const read = (file: string) => JSON.parse(fs.readFileSync(path.resolve(__dirname, file), 'utf8'));

/** The texts of a catalogue by their keys. */
const flat = (value: unknown, at = ''): Array<[string, string]> =>
  typeof value === 'string'
    ? [[at, value]]
    : Object.entries(value as object).flatMap(([name, one]) => flat(one, at ? `${at}.${name}` : name));

const catalogue = (language: string) =>
  new Map(flat(read(`locales/${language}/forewarn-earlywarning-datasource.json`)));
const english = catalogue('en-US');
const chinese = catalogue('zh-Hans');
const HAN = /\p{Script=Han}/u;
const holes = (text = '') => (text.match(/\{\{\s*\w+\s*\}\}/g) ?? []).sort();

const PAGES = path.resolve(__dirname, '../../docs/algorithms');

/** The algorithms of the back end with their options, as the reference has them, which is made from its registry. */
const registry = fs
  .readdirSync(PAGES)
  .map((file) => /^(?:forecast|anomaly|outlier)-(.+)\.md$/.exec(file))
  .filter((match) => match !== null)
  .map(([file, id]) => {
    const rows = [...fs.readFileSync(path.join(PAGES, file), 'utf8').matchAll(/^\| `(\w+)` \| (.+?) \| /gm)];
    return {
      id,
      options: rows.map(([, name]) => name),
      choices: rows.flatMap(([, , values]) => [...values.matchAll(/`([\w-]+)`/g)].map(([, choice]) => choice)),
    };
  });

/** Methods are called the same in every language, and a switch needs no words. */
const UNTRANSLATED = ['tsb', 'sba', 'croston', 'theil-sen', 'huber', 'true', 'false'];

describe('the catalogues', () => {
  it('have the same texts in each language, none of them empty', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
    for (const texts of [english, chinese]) {
      expect([...texts].filter(([, text]) => text.trim() === '')).toEqual([]);
    }
  });

  it('leave the same places for what is filled in', () => {
    const other = [...english].filter(([key, text]) => holes(text).join() !== holes(chinese.get(key)).join());
    expect(other).toEqual([]);
  });

  it('are each in their own language', () => {
    expect([...english].filter(([, text]) => HAN.test(text))).toEqual([]);
    const names = /^(Prometheus|MySQL|TLS|URL|Theta|ARIMA|DBSCAN|Alpha|PromQL|HTTP|K-means|K)\b/;
    expect([...chinese].filter(([, text]) => !HAN.test(text) && !names.test(text))).toEqual([]);
  });
});

describe('in Chinese', () => {
  beforeAll(() => signInChinese('Editor', 'datasource'));
  const KINDS: SourceKind[] = ['prometheus', 'mysql', 'logs'];

  it('each purpose has a name and says what it is for', () => {
    for (const { label, description } of purposes()) {
      expect([label, HAN.test(label), HAN.test(description)]).toEqual([label, true, true]);
    }
    expect(queryLine({ refId: 'A', queryType: 'warning', source: { kind: 'prometheus', expr: 'up' } })).toMatch(
      /^提前预警: up$/
    );
  });

  it('each output says what it gives, and keeps the name that rules use', () => {
    for (const { value: type } of purposes()) {
      for (const output of outputsFor(type as QueryType)) {
        expect([output, HAN.test(outputHelp(output, type))]).toEqual([output, true]);
        expect(output).toMatch(/^[a-z0-9_]+$/);
      }
    }
  });

  it.each(KINDS)('examples of the kind %s are told, and ask the same', (kind) => {
    const all = [
      ...examplesFor(kind),
      ...limitExamples(kind, 'query'),
      ...limitExamples(kind, 'capacity'),
      ...volumeExamples(kind),
      ...agreementExamples(kind),
      ...deploymentExamples(kind),
    ];
    for (const { title, source } of all) {
      expect([title, HAN.test(title)]).toEqual([title, true]);
      expect(HAN.test(JSON.stringify(source))).toBe(false);
    }
  });

  it('algorithms, parameters and choices that are known have names', () => {
    const known = (part: string) => [...english.keys()].filter((key) => key.startsWith(`${part}.`));
    const nameOf: Record<string, (id: string) => string> = {
      algorithm: (id) => algorithmName({ id, title: '?' }),
      choice: choiceName,
    };
    for (const [part, name] of Object.entries(nameOf)) {
      for (const key of known(part)) {
        expect([key, name(key.slice(part.length + 1))]).toEqual([key, chinese.get(key)]);
      }
    }
    expect(paramName({ name: 'alertBudget', unit: 'a week' })).toBe(chinese.get('param.alert-budget'));
    expect(paramName({ name: 'alertBudget', unit: 'a week' })).toMatch(HAN);
  });

  it('those that a newer back end brings keep its own names', () => {
    expect(algorithmName({ id: 'oracle', title: 'The oracle' })).toBe('The oracle');
    expect(paramName({ name: 'depth', unit: 'm' })).toBe('depth (m)');
    expect(choiceName('huber')).toBe('huber');
  });

  it.each(registry)('the algorithm $id and all that it can be set to have names', ({ id, options, choices }) => {
    expect(id === 'auto' || algorithmName({ id, title: '?' }) !== '?').toBe(true);
    const names = options.map((name) => paramName({ name }));
    expect(names.filter((name, i) => name === options[i])).toEqual([]);
    // two of one name could not be told apart
    expect(new Set(names).size).toBe(names.length);
    const said = (choice: string) => HAN.test(choiceName(choice)) || UNTRANSLATED.includes(choice);
    expect(choices.filter((choice) => !said(choice) && !registry.some((one) => one.id === choice))).toEqual([]);
  });

  it('the reference has been read at all', () => {
    expect(registry.length).toBeGreaterThan(20);
    expect(registry.find(({ id }) => id === 'dynamic-threshold')).toEqual({
      id: 'dynamic-threshold',
      options: ['window', 'sensitivity', 'k'],
      choices: ['high', 'medium', 'low'],
    });
  });
});
