import { forRule, withType } from './change';
import { alertOutput, outputHelp, outputOf, outputsFor } from './outputs';
import { FIRST_THRESHOLD, usualHorizon, usualInterval } from './samples';
import { ForewarnQuery, QueryType } from './types';

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

  it.each(TYPES)('gives a rule on %s exactly one output', (type) => {
    const { output } = withType(query, type, true);
    expect(outputsFor(type, true)).toContain(output);
  });
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
