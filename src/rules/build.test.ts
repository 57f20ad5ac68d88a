import fs from 'fs';
import path from 'path';

import { Definition } from '../api/contract';
import { newDefinition } from '../train/draft';
import { buildRule, hasImpact, RuleForm, ruleNodes } from './build';
import { firstForm, isValid } from './form';
import { ruleTexts } from './texts';

const source = { kind: 'prometheus' as const, expr: 'up', legendFormat: '{{instance}}' };
const model = (query: Definition['query'], change: Partial<Definition> = {}): Definition => ({
  ...newDefinition(query),
  name: 'm',
  entityLabels: ['instance'],
  ...change,
});
const MODELS = {
  anomaly: model({ queryType: 'anomaly', source }),
  warning: model({ queryType: 'warning', source, threshold: { value: 90, direction: 'above' }, horizon: '72h' }),
  forecast: model({ queryType: 'forecast', source, horizon: '24h' }),
  outlier: model({ queryType: 'outlier', source }),
  shares: model({ queryType: 'outlier', source, model: { algorithm: 'shares' } }),
  composite: model({
    queryType: 'composite',
    join: ['instance'],
    sources: [
      { ...source, name: 'cpu' },
      { kind: 'logs', table: 't', time: 'ts', name: 'errors' },
    ],
  }),
};
type Kind = keyof typeof MODELS;
const KINDS = Object.keys(MODELS) as Kind[];

const below = { direction: 'below' as const, value: 10 };
/** Each rule that the wizard can write, by the name of its golden file. */
const RULES: Record<string, [Kind, Partial<RuleForm>]> = {
  anomaly: ['anomaly', {}],
  'anomaly-and-impact': [
    'anomaly',
    {
      score: 1.5,
      impact: { direction: 'above', value: 50 },
      pending: '15m',
      severity: 'critical',
      receiver: 'on-call',
    },
  ],
  'anomaly-and-low': ['anomaly', { impact: below }],
  warning: ['warning', { panel: { dashboardUid: 'd', id: 7 } }],
  forecast: ['forecast', { limit: 80 }],
  'forecast-falling': ['forecast', { limit: 5, within: 6, impact: below }],
  outlier: ['outlier', { keepFiring: '' }],
  shares: ['shares', {}],
  composite: ['composite', { pending: '' }],
};

const build = (kind: Kind, change: Partial<RuleForm>, language = 'en-US') => {
  const definition = MODELS[kind];
  const form = { ...firstForm(definition), ...change };
  expect(isValid({ ...form, pending: form.pending || '0s', keepFiring: form.keepFiring || '0s' })).toBe(true);
  return buildRule('fw', definition, form, ruleTexts({ definition, form, series: [{ instance: 'a' }] }, language));
};

/** Compares with a golden file, or writes it where that is asked for. */
function expectGolden(name: string, written: unknown) {
  const file = path.join(__dirname, 'golden', `${name}.json`);
  if (process.env.UPDATE_GOLDEN) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `${JSON.stringify(written, null, 2)}\n`);
  }
  expect(written).toEqual(JSON.parse(fs.readFileSync(file, 'utf8')));
}

/** tests/reasons_test.go fills these in with numbers, as an evaluation in Grafana does. */
it('the sentences of all rules are as their golden file', () =>
  expectGolden(
    'sentences',
    Object.fromEntries(
      Object.entries(RULES).map(([name, [kind, change]]) => {
        const { summary, description, summary_zh, description_zh } = build(kind, change).annotations;
        return [name, { summary, description, summary_zh, description_zh }];
      })
    )
  ));

describe.each(Object.entries(RULES))('the rule %s', (name, [kind, change]) => {
  const rule = build(kind, change);
  const { data, condition } = rule.grafana_alert;

  it('is as its golden file but for its sentences', () => {
    const own = Object.entries(rule.annotations).filter(([annotation]) => annotation.startsWith('__'));
    const written = { ...rule, annotations: Object.fromEntries(own) };
    expectGolden(name, written);
  });

  it('says neither for missing data nor for an error that something is wrong', () =>
    expect([rule.grafana_alert.no_data_state, rule.grafana_alert.exec_err_state]).toEqual(['OK', 'KeepLast']));

  it('asks the model, one output a node, and refers only to nodes that come before', () => {
    const seen = new Set<string>();
    for (const node of data) {
      const {
        expression,
        output,
        model: asked,
      } = node.model as { expression?: string; output?: string; model?: object };
      if (node.datasourceUid === 'fw') {
        expect(asked).toEqual({ name: 'm' });
        expect(['all', 'table', undefined]).not.toContain(output);
        expect(node.queryType).toBe(MODELS[kind].query.queryType);
      } else {
        const refs = expression!.match(/\$(\w+)/g)?.map((r) => r.slice(1)) ?? [expression!];
        refs.forEach((ref) => expect(seen).toContain(ref));
      }
      expect(seen).not.toContain(node.refId);
      seen.add(node.refId);
    }
    expect(seen).toContain(condition);
  });

  it('tells only numbers of its own nodes, in both languages', () => {
    const refs = data.map((node) => node.refId);
    const chinese = build(kind, change, 'zh-Hans');
    for (const text of [...Object.values(rule.annotations), ...Object.values(chinese.annotations)]) {
      [...text.matchAll(/\$values\.(\w+)\./g)].forEach(([, ref]) => expect(refs).toContain(ref));
    }
    expect(chinese.annotations.summary).toBe(rule.annotations.summary_zh);
    expect(chinese.annotations.summary_en).toBe(rule.annotations.summary);
    expect(chinese.grafana_alert).toEqual(rule.grafana_alert);
  });
});

/** Runs the rule's math and condition over what its nodes give at each time, as Grafana does, with the recovery threshold. */
function states(kind: Kind, change: Partial<RuleForm>, times: Array<Record<string, number>>): boolean[] {
  const nodes = ruleNodes('fw', MODELS[kind], { ...firstForm(MODELS[kind]), ...change });
  const condition = nodes.find((n) => n.refId === 'C')!.model as {
    expression: string;
    conditions: Array<Record<'evaluator' | 'unloadEvaluator', { type: string; params: number[] }>>;
  };
  const math = nodes.find((n) => n.refId === 'D')?.model.expression as string | undefined;
  const [{ evaluator, unloadEvaluator }] = condition.conditions;
  const holds = (e: { type: string; params: number[] }, v: number) =>
    e.type === 'gt' ? v > e.params[0] : v < e.params[0];
  let firing = false;
  return times.map((values) => {
    const D = math && Number(new Function(`return ${math.replace(/\$(\w+)/g, (_, ref) => String(values[ref]))}`)());
    const v = condition.expression === 'D' ? (D as number) : values[condition.expression];
    firing = firing ? !holds(unloadEvaluator, v) : holds(evaluator, v);
    return firing;
  });
}

describe('a rule raises and lets go', () => {
  it.each<[string, Kind, Partial<RuleForm>, Array<Record<string, number>>, boolean[]]>([
    [
      'an anomaly while the score is not back below four fifths of its limit, flagged or not',
      'anomaly',
      { score: 1 },
      [
        { B: 0, S: 2 },
        { B: 1, S: 0.9 },
        { B: 1, S: 1 },
        { B: 0, S: 0.85 },
        { B: 0, S: 0.8 },
        { B: 0, S: 0.9 },
      ],
      [false, false, true, true, false, false],
    ],
    [
      'an anomaly with impact only where the value is beyond',
      'anomaly',
      { score: 1, impact: { direction: 'above', value: 50 } },
      [
        { B: 1, S: 3, V: 50 },
        { B: 1, S: 3, V: 51 },
        { B: 1, S: 3, V: 20 },
        { B: 1, S: 0.5, V: 99 },
      ],
      [false, true, true, false],
    ],
    [
      'an anomaly with low values',
      'anomaly',
      { score: 2, impact: below },
      [
        { B: 1, S: 3, V: 11 },
        { B: 1, S: 1.9, V: 1 },
        { B: 1, S: 2, V: 1 },
        { B: 0, S: 1.7, V: 20 },
        { B: 0, S: 1.6, V: 1 },
      ],
      [false, false, true, true, false],
    ],
    [
      'an outlier by its own score',
      'outlier',
      { score: 1 },
      [
        { A: 0, S: 5 },
        { A: 1, S: 1.2 },
        { A: 0, S: 0.9 },
        { A: 0, S: 0.1 },
      ],
      [false, true, true, false],
    ],
    [
      'a composite by the score of its entity',
      'composite',
      { score: 1 },
      [
        { B: 1, S: 1 },
        { B: 0, S: 0.81 },
        { B: 0, S: 0.79 },
      ],
      [true, true, false],
    ],
    [
      'a warning until a third more time is left, which never and uncertain are',
      'warning',
      { within: 72 },
      [{ A: 72 }, { A: 71 }, { A: 96 }, { A: 97 }, { A: 10 }, { A: 1e6 }, { A: 2e6 }],
      [false, true, true, false, true, false, false],
    ],
    [
      'a forecast that rises past its limit',
      'forecast',
      { limit: 80 },
      [{ M: 80 }, { M: 81 }, { M: 80 }, { M: 79 }],
      [false, true, true, false],
    ],
    [
      'a forecast that falls below it',
      'forecast',
      { limit: 5, impact: below },
      [{ M: 5 }, { M: 4 }, { M: 6 }],
      [false, true, false],
    ],
  ])('of %s', (_, kind, change, times, want) => expect(states(kind, change, times)).toEqual(want));
});

describe('the form starts with', () => {
  it.each(KINDS)('what suits a %s', (kind) => {
    const form = firstForm(MODELS[kind]);
    expect(isValid(form)).toBe(true);
    const single = kind === 'warning' || kind === 'forecast';
    // what looks ahead is one number already; a score has to last
    expect([form.pending, form.keepFiring]).toEqual(single ? ['0s', '30m'] : ['10m', '10m']);
    expect(hasImpact(MODELS[kind].query.queryType)).toBe(kind === 'anomaly');
  });

  it.each([
    ['the hours that its warning looks ahead', MODELS.warning, 72],
    ['those of the type where the model says none', model({ queryType: 'warning' }), 72],
    ['those of the model', model({ queryType: 'forecast', horizon: '2d' }), 48],
  ])('%s', (_, definition, within) => expect(firstForm(definition).within).toBe(within));

  it.each<[string, Partial<RuleForm>]>([
    ['a rule without a name', { title: ' ' }],
    ['a duration that is none', { pending: 'soon' }],
    ['another', { keepFiring: '5 min' }],
    ['a score of zero', { score: 0 }],
    ['no time to look ahead', { within: 0 }],
  ])('nothing that lets %s pass', (_, change) =>
    expect(isValid({ ...firstForm(MODELS.warning), ...change })).toBe(false)
  );
});
