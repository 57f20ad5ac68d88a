import { createDataFrame, DataFrame, FieldType, ScopedVars } from '@grafana/data';
import { setTemplateSrv, TemplateSrv } from '@grafana/runtime';

import { fakeGrafana } from '../testing/grafana';
import { labelValues, wantedBy } from './variables';

/** A frame with one series for each set of labels. */
const labelled = (...sets: Array<Record<string, string>>): DataFrame =>
  createDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: [0] },
      ...sets.map((labels) => ({ name: 'value', type: FieldType.number, values: [1], labels })),
    ],
  });

/** Fills $cloud as Grafana would, from the values that the dashboard hands over. */
const fill = (text: string, vars?: ScopedVars, format?: unknown) =>
  text.replace('$cloud', () => (typeof format === 'function' ? format(vars?.cloud?.value, { multi: true }) : ''));

beforeEach(() => setTemplateSrv({ replace: fill } as TemplateSrv));

describe('a variable query', () => {
  it.each([
    ['label_values(node_load1, instance)', 'count by (instance) (node_load1)', 'instance'],
    [' label_values( up{job="a, b"} , job ) ', 'count by (job) (up{job="a, b"})', 'job'],
    ['label_values(rate(a[5m]) > 0, le)', 'count by (le) (rate(a[5m]) > 0)', 'le'],
    ['label_values(selected_total, withdrawn)', 'count by (withdrawn) (selected_total)', 'withdrawn'],
  ])('%s counts series by the label', (text, expr, label) =>
    expect(wantedBy(text)).toEqual({ source: { kind: 'prometheus', expr }, label })
  );

  it.each([
    'SELECT ts AS time, region, n FROM orders',
    'with o as (select 1)\nselect ts AS time, f(a, b) AS region, n FROM o',
  ])('reads %p from MySQL', (rawSql) =>
    expect(wantedBy(`label_values(${rawSql}, region)`)).toEqual({
      source: { kind: 'mysql', rawSql, format: 'time_series' },
      label: 'region',
    })
  );

  it.each([
    'node_load1',
    'label_values(instance)',
    'label_values(up, in stance)',
    'query_result(up)',
    'label_values(, a)x',
  ])('%p is refused with what would be right', async (text) => {
    const { queries } = fakeGrafana();
    await expect(labelValues('fw', text)).rejects.toThrow(/label_values\(metric, label\).*not /);
    expect(queries).toEqual([]);
  });
});

describe('values of a label', () => {
  it('come once each, in the order of their numbers', async () => {
    fakeGrafana({}, () => [
      labelled({ instance: 'h10' }, { instance: 'h2' }),
      labelled({ instance: 'h2' }, { other: 'x' }),
    ]);
    expect(await labelValues('fw', 'label_values(up, instance)')).toEqual([{ text: 'h2' }, { text: 'h10' }]);
  });

  it('are asked for with the values that other variables have', async () => {
    const { queries } = fakeGrafana();
    const scopedVars = { cloud: { text: '', value: ['a.b', 'c'] } };
    await labelValues('fw', 'label_values(up{cloud=~"$cloud"}, instance)', { scopedVars });
    expect(queries[0]).toMatchObject({
      queryType: 'series',
      source: { expr: 'count by (instance) (up{cloud=~"(a\\\\.b|c)"})' },
    });
    await labelValues('fw', 'label_values(SELECT ts AS time, region FROM o WHERE cloud IN ($cloud), region)', {
      scopedVars,
    });
    expect(queries[1].source?.rawSql).toBe("SELECT ts AS time, region FROM o WHERE cloud IN ('a.b','c')");
  });

  it('are none where nothing is asked, and an error where the source is down', async () => {
    const { queries } = fakeGrafana({}, () => new Error('connection refused'));
    expect(await labelValues('fw', '  ')).toEqual([]);
    expect(queries).toEqual([]);
    await expect(labelValues('fw', 'label_values(up, job)')).rejects.toThrow('connection refused');
  });
});
