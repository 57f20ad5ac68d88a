import { RuleForm, ruleNodes } from './build';
import { description, summary } from './texts';

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

describe('the limit of an early warning', () => {
  const source = { kind: 'prometheus' as const, expr: 'size' };
  it.each([
    ['a number', { value: 85, direction: 'above' }, 'is past 85{{', '已越过 85{{'],
    ['another query', { direction: 'above', query: source }, 'is past its limit{{', '已越过 其限值{{'],
    [
      'a share of a capacity',
      { value: 85, direction: 'above', capacity: source },
      'is past 85 % of its capacity{{',
      '已越过 容量的 85 %{{',
    ],
  ])('that is %s is told as such', (_, threshold, english, chinese) => {
    const query = { queryType: 'warning', threshold };
    const input = { ...warning, definition: { ...warning.definition, query } } as Input;
    expect(summary(input, 'en')).toContain(english);
    expect(summary(input, 'zh')).toContain(chinese);
  });
});

it.each([
  [undefined, ' in the middle of its group', '，同组中位 '],
  [{ algorithm: 'shares' }, ' % is usual at this time', '，此时段通常为 '],
])('a member is told beside its group, which is true at the end as well: %p', (model, english, chinese) => {
  const definition = { name: 'm', entityLabels: ['instance'], query: { queryType: 'outlier', model } };
  const input = { definition, form: { score: 1 }, series: [] } as unknown as Input;
  expect(summary(input, 'en')).toContain(english);
  expect(summary(input, 'zh')).toContain(chinese);
});

describe('the reason of a rule on a model', () => {
  const form = { within: 72, limit: 90, score: 1, pending: '10m' } as unknown as RuleForm;
  const definition = (query: object) =>
    ({ name: 'm', entityLabels: ['instance'], query }) as unknown as Input['definition'];
  const composite = { queryType: 'composite', sources: [{ name: 'cpu' }, { name: 'logs' }], join: ['host'] };

  it.each([
    [{ queryType: 'anomaly' }, ['than expected', 'the same time last week'], ['比预期', '上周同一时刻']],
    [{ queryType: 'warning' }, ['a week ago', 'a day', '% likely'], ['一周前', '每天', '可能性']],
    [{ queryType: 'outlier' }, ['than the middle', 'agree'], ['比同组中位', '一致']],
    [{ queryType: 'outlier', model: { algorithm: 'shares' } }, ['points ', 'than usual'], ['比平时', '个百分点']],
    [{ queryType: 'forecast' }, ['By then', 'between'], ['届时预测值', '区间']],
    [composite, ['Share of the score: cpu ', ', logs '], ['得分构成：cpu ', '、logs ']],
  ])('of %p is told with numbers of its own nodes', (query, english, chinese) => {
    const nodes = new Set(ruleNodes('uid', definition(query), form).map((node) => node.refId));
    for (const [language, parts] of [
      ['en', english],
      ['zh', chinese],
    ] as const) {
      const text = description({ definition: definition(query), form }, language);
      parts.forEach((part) => expect(text).toContain(part));
      const asked = [...text.matchAll(/\$values\.(\w+)\./g)].map(([, ref]) => ref);
      expect(asked.length).toBeGreaterThan(0);
      asked.forEach((ref) => expect(nodes).toContain(ref));
      expect(text.match(/\{\{ if /g)).toHaveLength(text.match(/\{\{ end \}\}/g)!.length);
    }
  });

  it('asks for the part of each signal by its name', () => {
    const asked = ruleNodes('uid', definition(composite), form).filter((node) => node.model.output === 'share');
    expect(asked.map((node) => node.model.signal)).toEqual(['cpu', 'logs']);
  });

  it.each(['anomaly', 'warning', 'forecast', 'outlier', 'composite'])(
    'of %s stays a sentence when the series has ended',
    (queryType) => {
      const input = { definition: definition({ queryType }), form, series: [] };
      const nodes = ruleNodes('uid', input.definition, form).map((node) => node.refId);
      for (const [language, gone] of [
        ['en', 'not measured any more'],
        ['zh', '已无数据'],
      ] as const) {
        const [, key, last] = summary(input, language).match(
          /^\{\{ if \$values\.(\w+) \}\}.*\{\{ else \}\}(.*)\{\{ end \}\}$/
        )!;
        expect(nodes).toContain(key);
        expect(last).toContain(gone);
        expect(last).not.toContain('$values');
      }
    }
  );

  it('of a part of a whole counts nobody who agrees', () => {
    const shares = definition({ queryType: 'outlier', model: { algorithm: 'shares' } });
    expect(description({ definition: shares, form }, 'en')).not.toContain('agree');
  });

  it('of a forecast is asked with the rule’s own limit and how far it looks ahead', () => {
    const below = { ...form, within: 1.5, limit: 5, impact: { direction: 'below' as const, value: 5 } };
    const nodes = ruleNodes('uid', definition({ queryType: 'forecast', horizon: '72h' }), below);
    const asked = (output: string) => nodes.find(({ model }) => model.output === output)?.model;
    expect(asked('forecast')).toMatchObject({ horizon: '90m' });
    for (const output of ['eta', 'crossing', 'crossing_lower', 'crossing_upper']) {
      expect(asked(output)).toMatchObject({ horizon: '90m', threshold: { value: 5, direction: 'below' } });
    }
    expect(asked('actual')).not.toHaveProperty('threshold');
    const coarse = ruleNodes('uid', definition({ queryType: 'forecast', interval: '2h' }), below);
    expect(coarse[0].model).toMatchObject({ horizon: '120m' });
  });
});
