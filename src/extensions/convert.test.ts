import { convertTarget, convertTargets, exploreUrl } from './convert';

jest.mock('@grafana/runtime', () => ({ getDataSourceSrv: () => ({ getList: () => [] }) }));

const target = (fields: object) => ({ refId: 'A', ...fields });

describe("a panel's query", () => {
  it('becomes a forecast by copying a Prometheus query', () => {
    const panel = target({
      datasource: { type: 'prometheus', uid: 'p' },
      expr: 'rate(x_total[$__rate_interval])',
      legendFormat: '{{host}}',
      interval: '1m',
    });
    expect(convertTarget(panel, 'forecast')).toEqual({
      refId: 'A',
      queryType: 'forecast',
      source: { kind: 'prometheus', expr: 'rate(x_total[$__rate_interval])', legendFormat: '{{host}}', interval: '1m' },
    });
  });

  it('becomes an early warning with a threshold to be set', () => {
    const panel = target({
      datasource: { type: 'mysql', uid: 'm' },
      rawSql: 'SELECT $__time(ts), v FROM t',
      format: 'time_series',
    });
    expect(convertTarget(panel, 'warning')).toMatchObject({
      queryType: 'warning',
      source: { kind: 'mysql', rawSql: 'SELECT $__time(ts), v FROM t' },
      threshold: { direction: 'above' },
    });
  });

  it.each([
    ['a table of MySQL', target({ rawSql: 'SELECT 1', format: 'table' })],
    ['another source', target({ datasource: { type: 'loki', uid: 'l' }, expr: '{job="x"}' })],
    ['an empty one', target({})],
    ['none', undefined],
  ])('is left alone when it is %s', (_, panel) => {
    expect(convertTarget(panel, 'forecast')).toBeUndefined();
  });

  it('is the first that can be read', () => {
    const query = convertTargets([target({ hide: true, expr: 'hidden' }), target({ expr: 'seen' })], 'forecast');
    expect(query?.source?.expr).toBe('seen');
  });

  it('opens in Explore with the future in range', () => {
    const query = convertTarget(target({ expr: 'up' }), 'forecast')!;
    const url = decodeURIComponent(exploreUrl('forewarn', query));
    expect(url).toContain('/explore?');
    expect(url).toContain('now+24h');
    expect(url).toContain('"expr":"up"');
  });
});
