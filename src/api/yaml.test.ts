import { parse } from 'yaml';

import { sample } from '../testing/samples';
import { toYaml } from './yaml';

describe('plain data as YAML', () => {
  it.each([
    ['cpu', 'cpu'],
    ['node load/1', 'node load/1'],
    ['true', '"true"'],
    ['No', '"No"'],
    ['y', '"y"'],
    ['null', '"null"'],
    ['24h', '"24h"'],
    ['5', '"5"'],
    ['', '""'],
    ['a: b', '"a: b"'],
    ['# no remark', '"# no remark"'],
    ['- no item', '"- no item"'],
    ['ends with a space ', '"ends with a space "'],
    ['two\nlines', '"two\\nlines"'],
    ['say "so"', '"say \\"so\\""'],
    ['磁盘', '"磁盘"'],
    ['{{instance}}', '"{{instance}}"'],
  ])('keeps the text %p a text', (text, written) => expect(toYaml({ a: text })).toBe(`a: ${written}`));

  it.each([
    [1.5, '1.5'],
    [-3, '-3'],
    [0, '0'],
    [true, 'true'],
    [false, 'false'],
    [[], '[]'],
    [{}, '{}'],
  ])('writes %p as itself', (value, written) => expect(toYaml({ a: value })).toBe(`a: ${written}`));

  it('leaves out what there is not, and nothing else', () =>
    expect(toYaml({ a: undefined, b: null, c: '', d: 0 })).toBe('c: ""\nd: 0'));

  it('indents what is nested, lists of objects included', () =>
    expect(
      toYaml({
        name: 'disk',
        query: { source: { kind: 'prometheus', expr: 'up{job="a"}' } },
        excluded: [
          { from: 'x', reason: 'power' },
          { from: 'z', reason: '' },
        ],
        entityLabels: ['instance', 'mountpoint'],
      })
    ).toBe(
      [
        'name: disk',
        'query:',
        '  source:',
        '    kind: prometheus',
        '    expr: "up{job=\\"a\\"}"',
        'excluded:',
        '  - from: x',
        '    reason: power',
        '  - from: z',
        '    reason: ""',
        'entityLabels:',
        '  - instance',
        '  - mountpoint',
      ].join('\n')
    ));

  it('quotes names that are no plain words', () => expect(toYaml({ '5 %': 1, a_b: 2 })).toBe('"5 %": 1\na_b: 2'));
});

/** What an independent reader makes of it: yaml 1.10.3, by the rules of YAML 1.1, where "on" is true, and by those of 1.2. */
const readBack = (value: unknown) => (['1.1', '1.2'] as const).map((version) => parse(toYaml(value), { version }));

/** Plain data without what there is not, which is left out. */
const given = (value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map(given);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value).flatMap(([k, v]) => (v === undefined || v === null ? [] : [[k, given(v)]]))
      )
    : value;
};

/** Texts that a reader of YAML could take for something else. */
const TRAPS = [
  ...['true', 'False', 'YES', 'no', 'On', 'off', 'y', 'N', 'null', 'Null', '~', 'nan', '.nan', '.inf', '-.inf'],
  ...['1', '-1', '0x1f', '0o17', '017', '1e3', '1_000', '12:30', '12:30:45', '2026-03-01', '2026-03-01T12:00:00Z'],
  ...['', ' ', ' a', 'a ', '\t', 'a\tb', 'a\nb', 'a\n', '\n', 'a\r\nb', '\\', 'C:\\temp', '"', "'", "it's", '"so"'],
  ...[
    'a: b',
    'a:',
    ':a',
    'a #b',
    '#a',
    '- a',
    '-',
    '---',
    '...',
    '? a',
    '! a',
    '!!str a',
    '&a',
    '*a',
    '%a',
    '@a',
    '`a`',
  ],
  ...['[a]', '[', '{a: 1}', '{', '}', 'a, b', '| a', '>', '|', '=', 'a / b', 'k8s.io/name', 'a_b-c', '磁盘', 'é', '🔥'],
  ...[
    'rate(http_requests_total{code=~"5..", job="api"}[5m]) > 0',
    'SELECT 1 -- no remark\nFROM `a`',
    '{{instance}}',
    '24h',
  ],
];

describe('a YAML reader gets back', () => {
  it.each(TRAPS)('the text %j, as a value, as a name and in a list', (text) => {
    for (const value of [{ a: text }, { [text]: 1 }, { a: [text, text] }, [{ [text]: text, b: text }]]) {
      expect(readBack(value)).toEqual([value, value]);
    }
  });

  it.each([0, 1, -1, 0.95, 1e-7, 123_456_789, 1.8e12, 4.5e-10])('the number %p', (n) => {
    // YAML 1.1 asks for a point before an exponent; Grafana reads by 1.2 in this
    expect(parse(toYaml({ a: n }))).toEqual({ a: n });
  });

  it.each([
    ['nothing at all but names', { a: {}, b: [] }],
    ['lists in lists', { a: [[1, 2], [3], []] }],
    ['objects in lists in objects', [{ a: [{ b: [{ c: 1 }] }] }, { a: [] }, {}]],
    ['names in a row, three deep', { a: { b: { c: { d: 'e' } } }, f: { g: true } }],
    ['a list of one object of one name', { a: [{ b: { c: false } }] }],
  ])('%s', (_, value) => expect(readBack(value)).toEqual([value, value]));

  it.each([
    ['an object of which nothing is given', { guards: { floor: undefined, for: null }, b: 1 }, { guards: {}, b: 1 }],
    ['one of them in a list', { a: [{ b: undefined }, { c: 2 }] }, { a: [{}, { c: 2 }] }],
  ])('%s as an empty one, not as null', (_, value, is) => expect(readBack(value)).toEqual([is, is]));

  it.each([
    ['a model', sample.model().definition],
    ['what was exported', sample.exported().definition],
    ['the version of a model', sample.version().definition],
    ['each model of a list', sample.models().models.map((m) => m.definition)],
  ])('the definition of %s', (_, definition) =>
    expect(readBack({ models: definition })).toEqual([{ models: given(definition) }, { models: given(definition) }])
  );

  it('a definition with every kind of field that a query has', () => {
    const { definition } = sample.model();
    const full = {
      ...definition,
      description: 'Disks: / and /var\n(see "storage")',
      labels: { on: 'call', y: 'no', '5 %': '24h', team: '' },
      query: {
        queryType: 'composite',
        sources: [
          { name: 'cpu', kind: 'prometheus', expr: '100 - avg(rate(cpu{mode="idle"}[5m])) * 100' },
          { name: 'orders', kind: 'mysql', rawSql: "SELECT ts AS time, n\nFROM `orders` -- all\nWHERE r = 'east'" },
          { name: 'log', kind: 'logs', table: 'app_logs', keywords: ['OutOfMemory', 'connection refused', '# 5'] },
        ],
        join: ['instance'],
        model: { algorithm: 'auto', options: { period: '24h', seasonal: true, order: [2, 1, 0] } },
        bounds: { min: 0, max: undefined },
      },
    };
    expect(readBack(full)).toEqual([given(full), given(full)]);
  });
});

it('names that YAML would read as something else are quoted like values', () =>
  expect(toYaml({ on: 1, null: 2, 'ends ': 3 })).toBe('"on": 1\n"null": 2\n"ends ": 3'));
