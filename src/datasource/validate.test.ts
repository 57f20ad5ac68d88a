import { ForewarnQuery, Threshold } from './types';
import {
  durationError,
  hostError,
  isComplete,
  isDuration,
  isLimit,
  isRunnable,
  needsThreshold,
  numberError,
  paramError,
  urlError,
} from './validate';

describe('durations', () => {
  it.each(['', undefined, '30s', '5m', '24h', '14d', '1h30m', '2w', '500ms', '1y2w3d4h5m6s7ms', '0h5m', '$window'])(
    'takes %p',
    (text) => {
      expect(isDuration(text)).toBe(true);
      expect(durationError(text)).toBeUndefined();
    }
  );
  it.each(['5', 'm', '5 m', '-5m', '0m', '0h0m', '5min', '1.5h', 'h5', '5m1h', '1h1h', '500ms1s', '5m ', '５m'])(
    'refuses %p and says what would be right',
    (text) => {
      expect(isDuration(text)).toBe(false);
      expect(durationError(text)).toContain('5m');
    }
  );
});

describe('numbers', () => {
  it.each([
    [undefined, 0.5, 0.99, false, undefined],
    [0.95, 0.5, 0.99, false, undefined],
    [0.5, 0.5, 0.99, false, undefined],
    [0.4, 0.5, 0.99, false, 'At least 0.5'],
    [1, 0.5, 0.99, false, 'At most 0.99'],
    [1.5, 1, undefined, true, 'Write a whole number'],
    [NaN, undefined, undefined, false, 'Write a number'],
  ])('%p within %p and %p, whole: %p', (value, min, max, integer, error) => {
    expect(numberError(value, min, max, integer)).toBe(error);
  });

  it('checks an option against what its algorithm declares', () => {
    expect(paramError({ name: 'clusters', kind: 'integer', default: 0, min: 0, max: 8, help: '' }, 9)).toBe(
      'At most 8'
    );
    expect(paramError({ name: 'window', kind: 'duration', default: '1h', help: '' }, 'soon')).toContain('5m');
    expect(
      paramError({ name: 'trend', kind: 'choice', default: 'auto', choices: ['auto'], help: '' }, 'auto')
    ).toBeUndefined();
    expect(paramError({ name: 'drift', kind: 'boolean', default: false, help: '' }, true)).toBeUndefined();
  });
});

describe('addresses', () => {
  it.each([undefined, '', 'http://localhost:9090', 'https://prom.example.com/mimir/prometheus'])(
    'takes the URL %p',
    (url) => expect(urlError(url)).toBeUndefined()
  );
  it.each(['localhost:9090', 'ftp://x', 'http://', 'http:///path'])('refuses the URL %p', (url) =>
    expect(urlError(url)).toContain('http://')
  );
  it.each([undefined, '', 'db', 'db:3306', '10.0.0.1:3306', '[::1]:3306', '/run/mysqld/mysqld.sock'])(
    'takes the host %p',
    (host) => expect(hostError(host)).toBeUndefined()
  );
  it.each(['mysql://db:3306', 'db:port', 'db 3306', 'db:3306/shop'])('refuses the host %p', (host) =>
    expect(hostError(host)).toContain('host:port')
  );
});

describe('complete sources', () => {
  it.each([
    [undefined, false],
    [{ kind: 'prometheus' }, false],
    [{ kind: 'prometheus', expr: '  ' }, false],
    [{ kind: 'prometheus', expr: 'up' }, true],
    [{ kind: 'mysql' }, false],
    [{ kind: 'mysql', rawSql: 'SELECT 1' }, true],
    [{ kind: 'logs', table: 'l', time: 'ts' }, true],
    [{ kind: 'logs', table: 'l', time: 'ts', keywords: ['x'] }, false],
    [{ kind: 'logs', table: 'l', time: 'ts', message: 'm', keywords: ['x'] }, true],
    [{ kind: 'logs', table: 'l' }, false],
    [{ kind: 'logs', table: 'l', time: 'ts', patterns: 8 }, false],
    [{ kind: 'logs', table: 'l', time: 'ts', message: 'm', patterns: 8 }, true],
    [{ kind: 'logs', table: 'l', time: 'ts', message: 'm', patterns: 8, keywords: [] }, true],
    [{ kind: 'logs', table: 'l', time: 'ts', message: 'm', patterns: 8, keywords: ['x'] }, false],
  ] as const)('%p: %p', (source, complete) => {
    expect(isComplete(source as unknown as Parameters<typeof isComplete>[0])).toBe(complete);
  });
});

describe('runnable queries', () => {
  const up = { kind: 'prometheus' as const, expr: 'up' };
  const query = (q: Partial<ForewarnQuery>): ForewarnQuery => ({ refId: 'A', ...q });

  it.each<[string, Partial<ForewarnQuery>, boolean]>([
    ['an empty one', {}, false],
    ['a complete one', { source: up }, true],
    ['a hidden one', { source: up, hide: true }, false],
    ['a warning without a limit', { queryType: 'warning', source: up }, false],
    [
      'a warning with a limit of zero',
      { queryType: 'warning', source: up, threshold: { value: 0, direction: 'below' } },
      true,
    ],
    ['a fixed threshold without one', { queryType: 'anomaly', source: up, model: { algorithm: 'threshold' } }, false],
    ['an anomaly', { queryType: 'anomaly', source: up }, true],
    ['a composite of one', { queryType: 'composite', sources: [{ ...up, name: 'a' }], join: ['i'] }, false],
    [
      'a composite without labels',
      {
        queryType: 'composite',
        sources: [
          { ...up, name: 'a' },
          { ...up, name: 'b' },
        ],
        join: [],
      },
      false,
    ],
    [
      'a composite with a nameless signal',
      {
        queryType: 'composite',
        sources: [
          { ...up, name: 'a' },
          { ...up, name: '' },
        ],
        join: ['i'],
      },
      false,
    ],
    [
      'a composite with an empty signal',
      {
        queryType: 'composite',
        sources: [
          { ...up, name: 'a' },
          { kind: 'prometheus', name: 'b' },
        ],
        join: ['i'],
      },
      false,
    ],
    [
      'a composite',
      {
        queryType: 'composite',
        sources: [
          { ...up, name: 'a' },
          { ...up, name: 'b' },
        ],
        join: ['i'],
      },
      true,
    ],
  ])('%s', (_, q, runs) => expect(isRunnable(query(q))).toBe(runs));

  it('needs a limit for warnings and fixed thresholds alone', () => {
    expect(needsThreshold(query({ queryType: 'forecast' }))).toBe(false);
    expect(needsThreshold(query({ queryType: 'anomaly', model: { algorithm: 'dynamic-threshold' } }))).toBe(false);
    expect(needsThreshold(query({ queryType: 'warning' }))).toBe(true);
  });
});

describe('a limit', () => {
  const source = { kind: 'prometheus' as const, expr: 'size' };
  const above = { direction: 'above' as const };
  it.each<[string, Threshold | undefined, boolean]>([
    ['a number', { ...above, value: 90 }, true],
    ['zero', { ...above, value: 0 }, true],
    ['nothing', undefined, false],
    ['no number', above, false],
    ['no finite number', { ...above, value: Infinity }, false],
    ['another query', { ...above, query: source }, true],
    ['another query that is empty', { ...above, query: { ...source, expr: ' ' } }, false],
    ['a share of a capacity', { ...above, value: 90, capacity: source }, true],
    ['no share', { ...above, capacity: source }, false],
    ['a share of nothing', { ...above, value: 0, capacity: source }, false],
    ['a share of a capacity that is empty', { ...above, value: 90, capacity: { kind: 'mysql' } }, false],
  ])('that is %s can be compared with: %#', (_, threshold, fits) => {
    expect(isLimit(threshold)).toBe(fits);
    expect(isRunnable({ refId: 'A', queryType: 'warning', source, threshold })).toBe(fits);
    // a forecast has no use for it
    expect(isRunnable({ refId: 'A', queryType: 'forecast', source, threshold })).toBe(true);
  });
});

it.each([
  ['no guard of a volume', {}, true],
  ['the guard and no volume', { guards: { minVolume: 3 } }, false],
  ['the guard and an empty volume', { guards: { minVolume: 3 }, volume: { kind: 'mysql', rawSql: '' } }, false],
  ['both', { guards: { minVolume: 3 }, volume: { kind: 'prometheus', expr: 'n' } }, true],
  ['no other signal', { guards: { agreement: '5m' } }, false],
  ['another signal', { guards: { agreement: '5m' }, agreement: { kind: 'prometheus', expr: 'n' } }, true],
  ['deployments of nowhere', { deployments: { kind: 'prometheus', quiet: '5m' } }, false],
  ['deployments', { deployments: { kind: 'prometheus', expr: 'n' } }, true],
])('an anomaly query with %s is sent: %#', (_, query, sent) =>
  expect(
    isRunnable({
      refId: 'A',
      queryType: 'anomaly',
      source: { kind: 'prometheus', expr: 'x' },
      ...query,
    } as ForewarnQuery)
  ).toBe(sent)
);
