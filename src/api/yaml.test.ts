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
