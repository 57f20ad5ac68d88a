import { alertOutput, outputsFor } from './outputs';
import { durationError, isComplete, isDuration, isRunnable } from './validate';

jest.mock('@grafana/i18n', () => ({ t: (_: string, text: string) => text }));

describe('durations', () => {
  it.each(['', undefined, '5m', '1h30m', '14d', '1w', '500ms', '$window'])('takes %p', (text) => {
    expect(isDuration(text)).toBe(true);
    expect(durationError(text)).toBeUndefined();
  });

  it.each(['0s', '5', 'm', '5 m', 'two days', '-5m'])('refuses %p and says what would be right', (text) => {
    expect(isDuration(text)).toBe(false);
    expect(durationError(text)).toContain('5m, 24h or 14d');
  });
});

describe('queries that can be sent', () => {
  const source = { kind: 'prometheus' as const, expr: 'up' };

  it('need a source that says what to read', () => {
    expect(isComplete(source)).toBe(true);
    expect(isComplete({ kind: 'prometheus', expr: ' ' })).toBe(false);
    expect(isComplete({ kind: 'mysql', rawSql: 'SELECT 1' })).toBe(true);
    expect(isComplete({ kind: 'logs', table: 'app_logs', time: 'ts', message: 'message' })).toBe(true);
    expect(isComplete({ kind: 'logs', table: 'app_logs' })).toBe(false);
    expect(isComplete(undefined)).toBe(false);
  });

  it('are not sent while hidden or unfinished', () => {
    expect(isRunnable({ refId: 'A', source })).toBe(true);
    expect(isRunnable({ refId: 'A', source, hide: true })).toBe(false);
    expect(isRunnable({ refId: 'A' })).toBe(false);
    expect(isRunnable({ refId: 'A', queryType: 'warning', source })).toBe(false);
    expect(isRunnable({ refId: 'A', queryType: 'warning', source, threshold: { value: 90, direction: 'above' } })).toBe(true);
  });

  it('join at least two sources on a label', () => {
    const sources = [
      { ...source, name: 'a' },
      { ...source, name: 'b' },
    ];
    expect(isRunnable({ refId: 'A', queryType: 'composite', sources, join: ['host'] })).toBe(true);
    expect(isRunnable({ refId: 'A', queryType: 'composite', sources })).toBe(false);
    expect(isRunnable({ refId: 'A', queryType: 'composite', sources: sources.slice(1), join: ['host'] })).toBe(false);
  });
});

describe('outputs', () => {
  it.each(['forecast', 'anomaly', 'warning', 'outlier', 'composite', 'series'] as const)('%s offers a rule exactly one result', (type) => {
    expect(outputsFor(type)[0]).toBe('all');
    expect(outputsFor(type, true)).not.toContain('all');
    expect(outputsFor(type, true)).not.toContain('table');
    expect(outputsFor(type, true)).toContain(alertOutput(type));
  });
});
