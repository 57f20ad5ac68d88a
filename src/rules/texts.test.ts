import { summary } from './texts';

type Input = Parameters<typeof summary>[0];

const warning = {
  definition: {
    name: 'disk',
    entityLabels: ['instance'],
    query: { queryType: 'warning', threshold: { value: 90, direction: 'above' } },
  },
  form: { within: 72, limit: 90 },
  series: [{ instance: 'a' }, { instance: 'b' }],
} as unknown as Input;

describe('the summary of an early warning', () => {
  it.each([
    ['en', 'is past 90', 'is not about to reach 90', 'reaches 90 in'],
    ['zh', '已越过 90', '近期不会达到 90', '预计'],
  ] as const)(
    'tells in %s of a limit that is passed, of none any more, and of the time that is left',
    (language, ...parts) => {
      const text = summary(warning, language);
      const [passed, never, left] = text.split(/\{\{ else (?:if ge \$values\.A\.Value 1000000\.0 )?\}\}/);
      expect(passed).toContain(parts[0]);
      expect(never).toContain(parts[1]);
      expect(left).toContain(parts[2]);
      expect(text.match(/\{\{ if /g)).toHaveLength(text.match(/\{\{ end \}\}/g)!.length);
    }
  );
});
