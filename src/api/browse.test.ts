import { createDataFrame, DataFrame, FieldType } from '@grafana/data';

import { fakeGrafana } from '../testing/grafana';
import { expressionFor, findMetrics, findTables, logsFor, numbersOf, sqlFor, Table, textsOf, timesOf } from './browse';

/** A frame with one field of numbers for each set of labels. */
const labelled = (...sets: Array<Record<string, string>>): DataFrame =>
  createDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: [0] },
      ...sets.map((labels) => ({ name: 'value', type: FieldType.number, values: [1], labels })),
    ],
  });

const columns = (...names: string[]) =>
  names.map((each) => {
    const [name, type] = each.split(' ');
    return { name, type };
  });
const orders: Table = {
  name: 'orders',
  columns: columns('id bigint', 'ts datetime', 'region varchar', 'amount decimal'),
};

describe('metrics', () => {
  it('are found by any part of their name, whatever the case, and listed in order', async () => {
    const { queries } = fakeGrafana({}, () => [labelled({ metric: 'node_load1' }, { metric: 'node_cpu' })]);
    expect(await findMetrics('fw', ' Node ')).toEqual(['node_cpu', 'node_load1']);
    expect(queries).toHaveLength(1);
    expect(queries[0]).toMatchObject({ queryType: 'series', source: { kind: 'prometheus' } });
    expect(queries[0].source?.expr).toContain('{__name__=~"(?i).*Node.*"}');
  });

  it.each([
    ['a"} or up{b="', '.*a...or.up.b...*'],
    ['x) + sum(y', '.*x....sum.y.*'],
    ['http_requests:rate5m', '.*http_requests:rate5m.*'],
  ])('are looked for without letting %p out of the quotes', async (typed, pattern) => {
    const { queries } = fakeGrafana();
    await findMetrics('fw', typed);
    expect(queries[0].source?.expr).toContain(`{__name__=~"(?i)${pattern}"}`);
  });

  it('that cannot be listed are an error, not an empty list', async () => {
    fakeGrafana({}, () => new Error('connection refused'));
    await expect(findMetrics('fw', 'cpu')).rejects.toThrow('connection refused');
  });

  it.each([
    ['http_requests_total', 'rate(http_requests_total[5m])'],
    ['rpc_duration_seconds_sum', 'rate(rpc_duration_seconds_sum[5m])'],
    ['rpc_duration_seconds_count', 'rate(rpc_duration_seconds_count[5m])'],
    ['rpc_duration_seconds_bucket', 'histogram_quantile(0.95, sum by (le) (rate(rpc_duration_seconds_bucket[5m])))'],
    ['node_load1', 'node_load1'],
    ['accounts', 'accounts'],
  ])('%s is read as %s', (metric, expr) => expect(expressionFor(metric)).toBe(expr));
});

describe('tables', () => {
  it('are those of the database that have a time, with their columns', async () => {
    const of = (tbl: string, col: string, typ: string) => ({ tbl, col, typ });
    const { queries } = fakeGrafana({}, () => [
      labelled(
        of('settings', 'name', 'varchar'),
        of('orders', 'ts', 'datetime'),
        of('orders', 'orders', 'int'),
        of('app_logs', 'at', 'timestamp')
      ),
    ]);
    expect(await findTables('fw')).toEqual([
      { name: 'app_logs', columns: columns('at timestamp') },
      { name: 'orders', columns: columns('ts datetime', 'orders int') },
    ]);
    expect(queries[0].source).toMatchObject({ kind: 'mysql', format: 'time_series' });
  });

  it('tell times, numbers and texts apart; a number that only counts rows is none', () =>
    expect([timesOf(orders), numbersOf(orders), textsOf(orders)]).toEqual([['ts'], ['amount'], ['region']]));

  it('are added up by a column, a series for each text', () =>
    expect(sqlFor(orders, 'amount', 'region')).toBe(
      "SELECT $__timeGroup(`ts`, '5m') AS time, `region` AS metric, SUM(`amount`) AS `amount`\n" +
        'FROM `orders`\nWHERE $__timeFilter(`ts`)\nGROUP BY 1, 2 ORDER BY 1'
    ));

  it('have their rows counted where no column is given', () =>
    expect(sqlFor(orders)).toBe(
      "SELECT $__timeGroup(`ts`, '5m') AS time, COUNT(*) AS number_of_rows\n" +
        'FROM `orders`\nWHERE $__timeFilter(`ts`)\nGROUP BY 1 ORDER BY 1'
    ));

  it('keep names with quotes in them as names', () => {
    const odd: Table = { name: 'a`; DROP TABLE b', columns: columns('t`s datetime') };
    expect(sqlFor(odd)).toContain('FROM `a``; DROP TABLE b`');
    expect(sqlFor(odd)).toContain('$__timeFilter(`t``s`)');
  });
});

describe('a log table', () => {
  it.each([
    [columns('ts datetime', 'container varchar', 'level varchar', 'message text'), ['message', 'level', 'container']],
    [columns('at timestamp', 'severity enum', 'body text', 'host varchar'), ['body', 'severity', 'host']],
    [columns('at timestamp', 'what varchar'), ['what', undefined, undefined]],
  ])('has its columns guessed by their names: %j', (cols, [message, level, entity]) =>
    expect(logsFor({ name: 'logs', columns: cols })).toMatchObject({
      kind: 'logs',
      table: 'logs',
      time: cols[0].name,
      message,
      level,
      entity,
    })
  );
});
