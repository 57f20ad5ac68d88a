import { withOutput, withoutTrained, withTrained, withType } from './change';
import { outputsFor } from './outputs';
import { ForewarnQuery, QueryType, TrainedModel } from './types';

const TYPES: QueryType[] = ['forecast', 'anomaly', 'warning', 'outlier', 'composite', 'series'];
const source = { kind: 'prometheus' as const, expr: 'up', legendFormat: '{{host}}' };
const other = { kind: 'mysql' as const, rawSql: 'SELECT 1', format: 'table' as const };

/** What no purpose changes. */
const SHARED: ForewarnQuery = {
  refId: 'B',
  datasource: { type: 'forewarn-earlywarning-datasource', uid: 'fw' },
  key: 'k',
  trainingWindow: '7d',
  interval: '1m',
  horizon: '6h',
  confidence: 0.9,
  bounds: { min: 0, max: 100 },
  calendar: { timezone: 'Asia/Shanghai' },
  language: 'en-US',
  style: 'none',
  adhocFilters: [{ key: 'cloud', operator: '=', value: 'aliyun' }],
};

/** A query of each purpose with all that it may have. */
const FULL: Record<QueryType, Partial<ForewarnQuery>> = {
  forecast: { source, model: { algorithm: 'ets' }, output: 'hindcast', lead: '1h' },
  anomaly: {
    source,
    model: { algorithm: 'threshold' },
    threshold: { value: 3, direction: 'below' },
    guards: { minVolume: 5, agreement: '5m', k: 3, n: 5 },
    volume: other,
    agreement: other,
    deployments: { ...other, quiet: '30m' },
    direction: 'above',
    output: 'score',
  },
  warning: {
    source,
    model: { algorithm: 'auto' },
    threshold: { value: 80, direction: 'above', capacity: other },
    whatIf: { growth: 20 },
    output: 'eta',
  },
  outlier: { source, model: { algorithm: 'mad' }, output: 'outlier' },
  composite: {
    sources: [
      { ...source, name: 'cpu' },
      { ...other, name: 'orders' },
    ],
    join: ['host'],
    deployments: { ...other, quiet: '30m' },
    output: 'share',
    signal: 'cpu',
  },
  series: { source, output: 'actual' },
};
const full = (queryType: QueryType): ForewarnQuery => ({ ...SHARED, queryType, ...FULL[queryType] });

/** The fields for which the back end refuses a query (pkg/query): those its type does not read, and those it cannot do without. */
function refused(query: ForewarnQuery): string[] {
  const { queryType: type = 'forecast', source: from, sources = [], join = [], threshold, model } = query;
  const trained = Boolean(model?.name);
  const needsLimit =
    type === 'warning' ||
    (type === 'anomaly' && model?.algorithm === 'threshold') ||
    (type === 'forecast' && /^(eta|crossing)/.test(query.output ?? ''));
  const wrong: Record<string, boolean> = {
    source: type === 'composite' ? from !== undefined : !trained && from === undefined,
    sources: type === 'composite' ? !trained && sources.length < 2 : sources.length > 0,
    join: type === 'composite' ? !trained && join.length === 0 : join.length > 0,
    'threshold.query': type !== 'warning' && threshold?.query !== undefined,
    'threshold.capacity': type !== 'warning' && threshold?.capacity !== undefined,
    threshold: needsLimit && !trained && !threshold,
    whatIf: type !== 'warning' && query.whatIf !== undefined,
    guards: ['warning', 'outlier', 'composite'].includes(type) && query.guards !== undefined,
    volume: query.volume !== undefined && !(type === 'anomaly' && query.guards?.minVolume),
    agreement: query.agreement !== undefined && !(type === 'anomaly' && query.guards?.agreement),
    deployments: query.deployments !== undefined && type !== 'anomaly' && type !== 'composite',
    signal: (query.output === 'share' && !trained) !== (query.signal !== undefined),
    lead: query.lead !== undefined && !(type === 'forecast' && query.output === 'hindcast'),
    'model.version': model?.version !== undefined && !trained,
    output: query.output !== undefined && !outputsFor(type).includes(query.output),
  };
  return Object.keys(wrong).filter((field) => wrong[field]);
}

/** All that can be come by in so many changes of purpose, with the way there. */
const walks = (from: QueryType, steps: number, forAlert: boolean): Array<[string, ForewarnQuery]> =>
  steps === 0
    ? [[from, full(from)]]
    : walks(from, steps - 1, forAlert).flatMap(([way, query]) =>
        TYPES.map((next): [string, ForewarnQuery] => [`${way} > ${next}`, withType(query, next, forAlert)])
      );

it.each(TYPES)('a full query of type %s is one that the back end takes', (type) =>
  expect(refused(full(type))).toEqual([])
);

describe.each(TYPES)('from %s, whichever way is gone by changing what it is for', (from) => {
  it.each([
    ['a panel', false],
    ['a rule', true],
  ])('the back end takes the query of %s', (_, forAlert) => {
    for (const steps of [1, 2, 3]) {
      for (const [way, query] of walks(from, steps, forAlert)) {
        expect([way, refused(query)]).toEqual([way, []]);
      }
    }
  });

  it('what all purposes share stays as it was', () => {
    for (const [, query] of walks(from, 3, false)) {
      expect(query).toMatchObject(SHARED);
    }
  });

  it('the first source stays in the query', () => {
    for (const [way, { source: one, sources }] of walks(from, 3, false)) {
      expect([way, one ?? sources?.[0]]).toEqual([way, expect.objectContaining(source)]);
    }
  });

  it('a second change to the same changes nothing', () => {
    for (const [, query] of walks(from, 2, true)) {
      expect(withType(query, query.queryType!, true)).toEqual(query);
    }
  });

  it('each of its outputs can be chosen, and is taken', () => {
    for (const [way, query] of walks(from, 2, false)) {
      for (const output of outputsFor(query.queryType!)) {
        expect([way, output, refused(withOutput(query, output))]).toEqual([way, output, []]);
      }
    }
  });

  it('nothing is written into the query that was', () => {
    const before = full(from);
    TYPES.forEach((type) => withType(before, type, true));
    expect(before).toEqual(full(from));
  });
});

describe('a trained model that is asked for another purpose than it was trained for', () => {
  const limits = [
    { value: 90, direction: 'above' as const },
    { value: 90, direction: 'above' as const, capacity: other },
    { direction: 'below' as const, query: other },
  ];
  const model = (query: TrainedModel['definition']['query']): TrainedModel => ({
    definition: { name: 'disk', query },
    live: 1,
  });

  it.each(limits)('gives a forecast no limit that only a warning reads: %j', (threshold) => {
    const disk = model({ queryType: 'warning', source, threshold, trainingWindow: '28d' });
    const asked = withType(withTrained(full('warning'), 'disk'), 'forecast', false);
    const fitted = withoutTrained(asked, 'auto', disk);
    expect(refused(fitted)).toEqual([]);
    expect(fitted).toMatchObject({
      queryType: 'forecast',
      source,
      trainingWindow: '28d',
      model: { algorithm: 'auto' },
    });
  });

  it('gives a warning a limit where the forecast had none', () => {
    const asked = withType(withTrained(full('forecast'), 'disk'), 'warning', false);
    const fitted = withoutTrained(asked, 'ets', model({ queryType: 'forecast', source }));
    expect(refused(fitted)).toEqual([]);
    expect(fitted).toMatchObject({ queryType: 'warning', source, threshold: { value: 90, direction: 'above' } });
  });

  it.each(TYPES.filter((type) => type !== 'series'))('is given back whole for its own: %s', (type) => {
    const { source: from, sources, join, threshold } = full(type);
    const learnt = {
      queryType: type,
      ...(from ? { source: from } : { sources, join }),
      ...(threshold && { threshold }),
    };
    const fitted = withoutTrained({ refId: 'B', queryType: type, model: { name: 'disk' } }, 'auto', model(learnt));
    expect(fitted).toEqual({ refId: 'B', ...learnt, model: { algorithm: 'auto' } });
    expect(refused(fitted)).toEqual([]);
  });
});
