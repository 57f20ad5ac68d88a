import { Definition, Excluded, Job, Replay, ReplayAlert } from '../api/contract';
import { firstForm, isSpan, isValid } from '../rules/form';
import { sample } from '../testing/samples';
import { isName, modelQuery, newDefinition, suggestName, trainingKey } from './draft';
import { withRange } from './Exclusions';
import { coverageText, seasonsText, skillText } from './Figures';
import { readHandOver, wizardUrl } from './handOver';
import { asYaml, renamed } from './SaveStep';
import { timing } from './TrainingProgress';
import { estimate, thresholdFor } from './useReplay';

const prometheus = (expr: string) => ({ kind: 'prometheus' as const, expr });
const day = (n: number) => `2026-03-0${n}T00:00:00.000Z`;
const ms = (n: number) => Date.parse(day(n));

describe('stretches that are left out', () => {
  const stretch = (from: number, to: number, reason = ''): Excluded => ({ from: day(from), to: day(to), reason });

  it.each([
    ['alone', [], [stretch(3, 4)]],
    ['in order of time', [stretch(6, 7)], [stretch(3, 4), stretch(6, 7)]],
    ['joined where they touch', [stretch(4, 5, 'outage')], [stretch(3, 5, 'outage')]],
    ['joined where they overlap', [stretch(2, 8, 'move')], [stretch(2, 8, 'move')]],
    ['joined with several', [stretch(1, 3, 'a'), stretch(4, 6, 'b')], [stretch(1, 6, 'a')]],
  ])('stand %s', (_, before, after) => expect(withRange(before, ms(3), ms(4))).toEqual(after));

  it('leaves the old list as it is', () => {
    const before = [stretch(6, 7)];
    withRange(before, ms(3), ms(4));
    expect(before).toEqual([stretch(6, 7)]);
  });
});

describe('a suggested name', () => {
  it.each([
    ['rate(node_cpu_seconds_total[5m])', 'cpu-anomaly'],
    ['node_filesystem_avail_bytes', 'disk-anomaly'],
    ['http_requests_total', 'requests-anomaly'],
    ['my_metric{a="b"}', 'my-metric-anomaly'],
    ['1', 'series-anomaly'],
  ])('of %s is %s', (expr, name) =>
    expect(suggestName({ queryType: 'anomaly', source: prometheus(expr) }, [])).toBe(name)
  );

  it('is free', () => {
    const query = { queryType: 'forecast' as const, source: prometheus('cpu') };
    expect(suggestName(query, ['cpu-forecast', 'cpu-forecast-2'])).toBe('cpu-forecast-3');
  });

  it('comes from the table of a log', () =>
    expect(suggestName({ source: { kind: 'logs', table: 'App.Lines' } }, [])).toBe('app-lines-forecast'));

  it.each(['cpu-anomaly', 'series-anomaly', '磁盘 预警', 'a'])('can be saved: %s', (name) =>
    expect(isName(name)).toBe(true)
  );
  it.each(['', '-a', 'a-', ' a', 'a/b', 'x'.repeat(65)])('cannot be saved: %p', (name) =>
    expect(isName(name)).toBe(false)
  );
});

describe('the query of a model', () => {
  it('has neither what belongs to a panel nor the name of a trained one', () => {
    const query = modelQuery({
      refId: 'B',
      hide: false,
      output: 'score',
      style: 'none',
      datasource: { uid: 'fw' },
      queryType: 'anomaly',
      source: prometheus('cpu'),
      model: { name: 'old', version: 3, algorithm: 'auto' },
    });
    expect(query).toEqual({ queryType: 'anomaly', source: prometheus('cpu'), model: { algorithm: 'auto' } });
  });

  it('is a forecast where the values are only looked at', () => {
    expect(modelQuery({ refId: 'A', queryType: 'series', source: prometheus('cpu') }).queryType).toBe('forecast');
    expect(modelQuery({ refId: 'A', source: prometheus('cpu') }).queryType).toBe('forecast');
  });

  it('is trained again when what is learnt changes, not when only a name or a budget does', () => {
    const d = newDefinition({ queryType: 'anomaly', source: prometheus('cpu') });
    expect(trainingKey({ ...d, name: 'x', alertBudget: 3, retrainEvery: '6h' })).toBe(trainingKey(d));
    const changes: Array<Partial<Definition>> = [
      { timezone: 'Asia/Tokyo' },
      { holidays: 'CN' },
      { entityLabels: ['a'] },
      { excluded: [{ from: day(1), to: day(2), reason: '' }] },
      { query: { ...d.query, trainingWindow: '7d' } },
    ];
    for (const change of changes) {
      expect(trainingKey({ ...d, ...change })).not.toBe(trainingKey(d));
    }
  });
});

describe('an address that hands a query over', () => {
  const read = (address: string) => readHandOver(new URL(address, 'http://x').searchParams);

  it('gives it back', () => {
    const query = { refId: 'A', queryType: 'warning' as const, source: prometheus('a{b="c&d"}') };
    expect(read(wizardUrl(query, 'fw 1')).query).toEqual({ queryType: 'warning', source: prometheus('a{b="c&d"}') });
    expect(new URL(wizardUrl(query, 'fw 1'), 'http://x').searchParams.get('ds')).toBe('fw 1');
  });

  it.each(['?query={', '?query=1', '?query={"a":1}', '?query=null', '?for=nonsense', ''])('is not trusted: %s', (q) =>
    expect(read(`/train${q}`)).toEqual({ queryType: undefined })
  );

  it('may name the purpose only', () => expect(read('/train?for=outlier')).toEqual({ queryType: 'outlier' }));
});

describe('how far a training is', () => {
  const job = (change: Partial<Job>): Job => ({ ...sample.job(), started: day(1), ...change });
  const at = ms(1) + 10_000;

  it.each([
    ['with a share done', { progress: { done: 2, total: 10, current: '' } }, { elapsed: 10, left: 40 }],
    ['all done', { progress: { done: 4, total: 4, current: '' } }, { elapsed: 10, left: 0 }],
    ['while it reads', { progress: { done: 0, total: 0, current: '' } }, { elapsed: 10 }],
    ['before the first series', { progress: { done: 0, total: 9, current: '' } }, { elapsed: 10 }],
    ['not begun', { started: null, progress: { done: 0, total: 0, current: '' } }, { elapsed: 0 }],
  ])('%s', (_, change, is) => expect(timing(job(change), at)).toEqual(is));

  it('never runs backwards where clocks differ', () => expect(timing(job({ started: day(2) }), at).elapsed).toBe(0));
});

describe('the slider of alerts a week', () => {
  const curve = [
    { scoreThreshold: 3, perWeek: 0.5 },
    { scoreThreshold: 1, perWeek: 9 },
    { scoreThreshold: 2, perWeek: 2 },
  ];

  it.each([
    [20, 1],
    [9, 1],
    [8.9, 2],
    [1, 3],
    [0.1, 3],
  ])('at %p takes a threshold of %p', (perWeek, threshold) =>
    expect(thresholdFor(curve, perWeek)?.scoreThreshold).toBe(threshold)
  );

  it('knows none without a curve', () => expect(thresholdFor([], 1)).toBeUndefined());

  it('estimates at once what would be left', () => {
    const alert = (peak: number): ReplayAlert => ({ ...sample.replay().alerts[0], peak });
    const replay: Replay = {
      ...sample.replay(),
      perWeek: 9,
      scoreThreshold: 1,
      curve,
      alerts: [alert(1.5), alert(2), alert(4)],
    };
    expect(estimate(replay, 2)).toMatchObject({ scoreThreshold: 2, perWeek: 2, alerts: [{ peak: 2 }, { peak: 4 }] });
    expect(estimate(replay, 0)).toMatchObject({ scoreThreshold: 1, perWeek: 9, alerts: replay.alerts });
    expect(estimate({ ...replay, curve: [] }, 2).alerts).toHaveLength(3);
  });
});

describe('figures in words', () => {
  it.each([
    [0.234, '23 % closer than “same as last week”'],
    [0, '0 % closer than “same as last week”'],
    [-0.5, '50 % further off than “same as last week”'],
    [null, 'the error was not measured'],
  ])('a skill of %p: %s', (skill, text) => expect(skillText(skill)).toBe(text));

  it.each([
    [0.9464, undefined, 'the 95 % band held 94.6 % of the time'],
    [1, 0.8, 'the 80 % band held 100 % of the time'],
    [null, undefined, 'the band was not measured'],
  ])('a coverage of %p: %s', (coverage, confidence, text) => expect(coverageText(coverage, confidence)).toBe(text));

  it.each([
    [['24h', '168h', '24h'], 'rhythm: day, week'],
    [['1h'], 'rhythm: hour'],
    [['30m'], 'rhythm: 30m'],
    [[], 'no rhythm found'],
  ])('seasons %j: %s', (seasons, text) => expect(seasonsText(seasons)).toBe(text));
});

describe('what is saved', () => {
  const definition = sample.model().definition;

  it('is listed as YAML without what only this data source knows', () => {
    const yaml = asYaml({ ...definition, draft: true }, 'a b');
    expect(yaml).toMatch(/^models:\n {2}- /);
    expect(yaml).toContain('name: a b');
    for (const key of ['draft', 'provisioned', 'paused']) {
      expect(yaml).not.toMatch(new RegExp(`^ *${key}:`, 'm'));
    }
  });

  it('takes the rule’s name along as long as it is the same', () => {
    const rule = { ...firstForm(definition), title: 'cpu' };
    const wishes = { name: 'cpu', makeRule: true, rule, dashboard: '', dashboardTitle: '' };
    expect(renamed(wishes, 'disk')).toEqual({ name: 'disk', rule: { ...rule, title: 'disk' } });
    expect(renamed({ ...wishes, rule: { ...rule, title: 'own' } }, 'disk')).toEqual({ name: 'disk' });
  });

  it.each([
    [{}, true],
    [{ title: ' ' }, false],
    [{ pending: 'soon' }, false],
    [{ keepFiring: '' }, true],
    [{ score: 0 }, false],
    [{ within: -1 }, false],
  ])('%j can be a rule: %s', (change, is) => expect(isValid({ ...firstForm(definition), ...change })).toBe(is));

  it.each([
    ['0s', true],
    ['10m', true],
    ['1h30m', true],
    ['0m', false],
    ['ten', false],
  ])('%s is a span: %s', (text, is) => expect(isSpan(text)).toBe(is));
});
