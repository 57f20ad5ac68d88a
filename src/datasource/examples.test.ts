import { Example, examplesFor, limitExamples, PLACEHOLDER, volumeExamples } from './examples';
import { SourceKind } from './types';
import { isComplete } from './validate';

const KINDS: SourceKind[] = ['prometheus', 'mysql', 'logs'];
const all = (examples: (kind: SourceKind) => Example[]) => KINDS.flatMap(examples);

const LISTS: Array<[string, Example[]]> = [
  ['a source', all(examplesFor)],
  ['a limit', all((kind) => limitExamples(kind, 'query'))],
  ['a capacity', all((kind) => limitExamples(kind, 'capacity'))],
  ['a volume', all(volumeExamples)],
];

describe.each(LISTS)('examples of %s', (_, list) => {
  it('are complete, and of the kind that they are offered for', () => {
    expect(list.length).toBeGreaterThan(0);
    for (const { source } of list) {
      expect(isComplete(source)).toBe(true);
    }
  });

  it('have titles that tell them apart', () => expect(new Set(list.map(({ title }) => title)).size).toBe(list.length));
});

it.each(KINDS)('each source of kind %s starts from an example of that kind', (kind) => {
  expect(examplesFor(kind).length).toBeGreaterThan(0);
  expect(examplesFor(kind).map(({ source }) => source.kind)).toEqual(examplesFor(kind).map(() => kind));
});

it('a share of a capacity is the same expression as the limit, without the share', () => {
  const limits = limitExamples('prometheus', 'query').map(({ source }) => source.expr);
  const sizes = limitExamples('prometheus', 'capacity').map(({ source }) => source.expr);
  expect(limits).toEqual(sizes.map((expr) => `0.9 * ${expr}`));
});

describe('SQL to start from', () => {
  it.each([PLACEHOLDER.mysql, ...examplesFor('mysql').map(({ source }) => source.rawSql!)])(
    'reads a bounded time, in order, as one statement: %s',
    (sql) => {
      expect(sql).toMatch(/\$__timeFilter\(\w+\)/);
      expect(sql).toMatch(/ AS time\b/);
      expect(sql).toMatch(/ORDER BY 1$/);
      expect(sql).not.toContain(';');
    }
  );
});
