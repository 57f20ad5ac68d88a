import { forRule, withOutput, withoutTrained, withTrained, withType } from './change';
import { alertOutput, outputHelp, outputOf, outputsFor } from './outputs';
import { FIRST_THRESHOLD, usualHorizon, usualInterval } from './samples';
import { ForewarnQuery, QueryType, TrainedModel } from './types';
import { isRunnable } from './validate';

const TYPES: QueryType[] = ['forecast', 'anomaly', 'warning', 'outlier', 'composite', 'series'];
const source = { kind: 'prometheus' as const, expr: 'up' };
const query: ForewarnQuery = {
  refId: 'B',
  queryType: 'forecast',
  source,
  model: { algorithm: 'ets' },
  horizon: '6h',
  trainingWindow: '7d',
  output: 'upper',
};

describe('changing what a query is for', () => {
  it('keeps source, windows and refId', () => {
    expect(withType(query, 'anomaly', false)).toMatchObject({
      refId: 'B',
      source,
      trainingWindow: '7d',
      queryType: 'anomaly',
    });
  });

  it('keeps the algorithm between forecast and warning, which share theirs, and drops it otherwise', () => {
    expect(withType(query, 'warning', false).model).toEqual({ algorithm: 'ets' });
    expect(withType(query, 'anomaly', false)).not.toHaveProperty('model');
    expect(withType(query, 'outlier', false)).not.toHaveProperty('model');
  });

  it('drops an output that the new type may not have', () =>
    expect(withType(query, 'anomaly', false)).not.toHaveProperty('output'));

  it('gives a warning a limit, or leaves the one it had', () => {
    expect(withType(query, 'warning', false).threshold).toEqual(FIRST_THRESHOLD);
    const had = { value: 3, direction: 'below' as const };
    expect(withType({ ...query, threshold: had }, 'warning', false).threshold).toEqual(had);
  });

  it('makes two signals of a source and one source of the signals, without losing the first', () => {
    const composite = withType(query, 'composite', false);
    expect(composite).not.toHaveProperty('source');
    expect(composite.sources).toEqual([
      { ...source, name: 'signal1' },
      { kind: 'prometheus', name: 'signal2' },
    ]);
    expect(composite.join).toEqual(['instance']);
    const back = withType(composite, 'forecast', false);
    expect(back.source).toEqual(source);
    expect(back).not.toHaveProperty('sources');
    expect(back).not.toHaveProperty('join');
  });

  it('keeps guards, their volume and the direction with anomalies alone, which alone have them', () => {
    const own = { guards: { minVolume: 5 }, volume: source, direction: 'above' as const };
    expect(withType({ ...query, ...own }, 'anomaly', false)).toMatchObject(own);
    for (const type of TYPES.filter((x) => x !== 'anomaly')) {
      const next = withType({ ...query, queryType: 'anomaly', ...own }, type, false);
      expect(Object.keys(next)).not.toEqual(expect.arrayContaining(['guards']));
      expect(Object.keys(next)).not.toEqual(expect.arrayContaining(['volume']));
      expect(Object.keys(next)).not.toEqual(expect.arrayContaining(['direction']));
    }
  });

  it('takes another signal and deployments only where they are read', () => {
    const own: Partial<ForewarnQuery> = { agreement: source, deployments: { ...source, quiet: '1h' } };
    const kept = (type: QueryType) => {
      const { agreement, deployments } = withType({ ...query, ...own }, type, false);
      return [agreement !== undefined, deployments !== undefined];
    };
    expect(TYPES.map(kept)).toEqual([
      [false, false],
      [true, true],
      [false, false],
      [false, false],
      [false, true],
      [false, false],
    ]);
  });

  it('leaves what-if and a limit that is another query to warnings, which alone answer them', () => {
    const warning: ForewarnQuery = {
      ...query,
      queryType: 'warning',
      threshold: { direction: 'above', query: source },
      whatIf: { growth: 10 },
    };
    expect(withType(warning, 'anomaly', false)).not.toHaveProperty('threshold');
    expect(withType(warning, 'forecast', false)).not.toHaveProperty('whatIf');
    const number = { value: 5, direction: 'above' as const };
    expect(withType({ ...warning, threshold: number }, 'anomaly', false).threshold).toEqual(number);
  });

  it('lets a trained forecast warn, too, from the source that it was trained on', () =>
    expect(withType({ refId: 'B', queryType: 'forecast', model: { name: 'disk' } }, 'warning', false)).toEqual({
      refId: 'B',
      queryType: 'warning',
      model: { name: 'disk' },
    }));

  it.each(TYPES)('gives a rule on %s exactly one output', (type) => {
    const { output } = withType(query, type, true);
    expect(outputsFor(type, true)).toContain(output);
  });
});

describe('a trained model', () => {
  const trained: TrainedModel = {
    definition: {
      name: 'disk',
      query: { queryType: 'forecast', source, trainingWindow: '28d', model: { algorithm: 'ets' } },
    },
    live: 2,
  };

  it('stands for all that it knows; what the panel wants stays', () =>
    expect(withTrained({ ...query, style: 'none', hide: true }, 'disk')).toEqual({
      refId: 'B',
      queryType: 'forecast',
      style: 'none',
      hide: true,
      output: 'upper',
      model: { name: 'disk' },
    }));

  it('gives back what it was trained on, under what the query says itself', () =>
    expect(withoutTrained({ refId: 'B', horizon: '1h', model: { name: 'disk' } }, 'theta', trained)).toEqual({
      refId: 'B',
      queryType: 'forecast',
      source,
      trainingWindow: '28d',
      horizon: '1h',
      model: { algorithm: 'theta' },
    }));

  it('that nobody knows any more leaves an empty source', () =>
    expect(withoutTrained({ refId: 'B', model: { name: 'gone' } }, 'auto').source).toEqual({
      kind: 'prometheus',
      expr: '',
    }));
});

describe('outputs', () => {
  it.each(TYPES)('of %s start with everything, which a rule cannot use', (type) => {
    expect(outputsFor(type)[0]).toBe('all');
    expect(outputsFor(type, true)).not.toContain('all');
    expect(outputsFor(type, true)).not.toContain('table');
    expect(outputsFor(type, true)).toContain(alertOutput(type));
  });

  it('are each said in words', () => {
    for (const output of new Set(TYPES.flatMap((type) => outputsFor(type)))) {
      expect([output, outputHelp(output)]).not.toEqual([output, '']);
    }
    expect(outputHelp('nonsense')).toBe('');
    expect(outputHelp('expected', 'outlier')).not.toBe(outputHelp('expected', 'anomaly'));
  });

  it('about a forecast’s crossing bring the limit that it is to reach, and take it away', () => {
    const asked = withOutput(query, 'crossing');
    expect(asked).toEqual({ ...query, output: 'crossing', threshold: FIRST_THRESHOLD });
    const own = { ...asked, threshold: { value: 5, direction: 'below' as const } };
    expect(withOutput(own, 'eta')).toEqual({ ...own, output: 'eta' });
    expect(withOutput(own, 'upper')).toEqual(query);
    expect(isRunnable({ ...asked, threshold: undefined })).toBe(false);
    expect(isRunnable(asked)).toBe(true);
    const warning = withType(own, 'warning', false);
    expect(withOutput(warning, 'current')).toMatchObject({ threshold: own.threshold });
  });

  it('take along what only they need, and leave it behind', () => {
    const composite = withType(query, 'composite', false);
    const share = withOutput(composite, 'share');
    expect(share).toEqual({ ...composite, output: 'share', signal: 'signal1' });
    expect(withOutput(share, 'score')).toEqual({ ...composite, output: 'score' });
    const before = { ...withOutput(query, 'hindcast'), lead: '6h' };
    expect(withOutput(before, 'all')).not.toHaveProperty('lead');
    expect(withType(before, 'anomaly', false)).not.toHaveProperty('lead');
    expect(withType(share, 'anomaly', false)).not.toHaveProperty('signal');
  });

  it('that a rule’s message asks for are left as they are', () => {
    const share: ForewarnQuery = {
      refId: 'Q',
      queryType: 'composite',
      output: 'share',
      signal: 'cpu',
      model: { name: 'm' },
    };
    const lastWeek: ForewarnQuery = { refId: 'K', queryType: 'anomaly', output: 'last_week', model: { name: 'm' } };
    expect(forRule(share)).toBe(share);
    expect(forRule(lastWeek)).toBe(lastWeek);
  });

  it('fall back to the default where the type has no such output', () => {
    expect(outputOf('warning', 'score', false)).toBe('all');
    expect(outputOf('warning', 'eta', false)).toBe('eta');
    expect(outputOf('warning', 'all', true)).toBe('eta_early');
    expect(outputOf('anomaly', undefined, true)).toBe('score');
  });

  it('are set for a rule once, and left alone after that', () => {
    const rule = forRule({ ...query, queryType: 'warning', output: undefined });
    expect(rule.output).toBe('eta_early');
    expect(forRule(rule)).toBe(rule);
  });
});

it('shows the defaults of the back end: warnings look further ahead, in coarser steps', () => {
  expect([usualInterval('forecast'), usualHorizon('forecast')]).toEqual(['5m', '24h']);
  expect([usualInterval('warning'), usualHorizon('warning')]).toEqual(['10m', '72h']);
});
