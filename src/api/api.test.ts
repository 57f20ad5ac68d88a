import { DataTopic, FieldType, toDataFrame } from '@grafana/data';
import { DataSourceSrv, setDataSourceSrv } from '@grafana/runtime';
import { of } from 'rxjs';

import { fakeGrafana } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { instance, panelData, RANGE, rule, warning, warningTable, wide } from '../testing/data';
import { ask, pool } from './ask';
import { messageOf } from './message';
import { classOf, fetchCharts, fetchStrip, onlyOf } from './charts';
import { attention, entityOf, matches } from './entity';
import { fromNow, hoursLeft, inUnit, isInSight, perDay, runsOutWithin } from './format';
import { countFired, fetchFired } from './history';
import { fetchUnits, unitOf } from './units';
import { withTrained } from './models';
import { distinct, fetchWarnings, NEVER, readTable } from './warnings';

describe('asking a data source', () => {
  const query = rule().query;
  it('keeps what is drawn apart from what is noted', async () => {
    const note = toDataFrame({ fields: [{ name: 'time', type: FieldType.time, values: [1] }] });
    note.meta = { dataTopic: DataTopic.Annotations };
    const { queries } = fakeGrafana({}, () => [wide({ a: [1] }), note]);
    const data = await ask('fw', { ...query, output: 'all' }, RANGE);
    expect(data.series).toHaveLength(1);
    expect(data.annotations).toEqual([note]);
    expect(queries[0]).toMatchObject({ refId: 'A', output: 'all', queryType: 'warning' });
  });
  it('throws what the source says', async () => {
    fakeGrafana({}, () => new Error('prometheus is down'));
    await expect(ask('fw', query, RANGE)).rejects.toThrow('prometheus is down');
  });
  it('throws what a gateway says of the whole request', async () => {
    const response = { data: [], error: { status: 502, data: { message: 'connection refused' } } };
    setDataSourceSrv({ get: async () => ({ query: () => of(response) }) } as unknown as DataSourceSrv);
    await expect(ask('fw', query, RANGE)).rejects.toThrow('connection refused');
  });
  it.each([
    [{ data: { message: 'a' }, message: 'b' }, 'a'],
    [{ data: { error: 'e' } }, 'e'],
    [new Error('b'), 'b'],
    [{ statusText: 'Forbidden' }, 'Forbidden'],
    ['text', 'text'],
    [undefined, 'undefined'],
  ])('finds the message of %p', (thrown, message) => expect(messageOf(thrown)).toBe(message));
  it('runs a few at a time and keeps the order', async () => {
    let running = 0;
    let most = 0;
    const task = (i: number) => async () => {
      most = Math.max(most, ++running);
      await new Promise((done) => setTimeout(done, 5 - i));
      running--;
      if (i === 2) {
        throw new Error('two');
      }
      return i;
    };
    const results = await pool([0, 1, 2, 3, 4].map(task), 2);
    expect(most).toBe(2);
    expect(results.map((r) => (r.status === 'fulfilled' ? r.value : 'failed'))).toEqual([0, 1, 'failed', 3, 4]);
    expect(await pool([])).toEqual([]);
  });
});

describe('early warnings', () => {
  it('are read by column name; what is missing is never, not zero', () => {
    const [w] = readTable(
      warningTable([{ series: 'db', current: 80, eta: 9, eta_early: 6, probability: 0.9, growth: 2, state: 'rising' }]),
      rule()
    );
    expect(w).toMatchObject({
      series: 'db',
      current: 80,
      threshold: 90,
      eta: 9,
      etaEarly: 6,
      probability: 0.9,
      growth: 2,
      state: 'rising',
    });
    expect(readTable(warningTable([{ series: 'x' }]), rule())[0]).toMatchObject({
      current: null,
      eta: NEVER,
      etaEarly: NEVER,
      probability: 0,
    });
    expect(readTable(undefined, rule())).toEqual([]);
  });
  it('have the limit that each series is measured against, which need not be what the rule says', () => {
    const share = rule({
      query: {
        ...rule().query,
        threshold: { value: 90, direction: 'above', capacity: { kind: 'prometheus', expr: 'size' } },
      },
    });
    const table = warningTable([
      { series: 'a', threshold: 1.8e12 },
      { series: 'b', threshold: 9e11 },
      { series: 'c', threshold: null },
    ]);
    expect(readTable(table, share).map((w) => [w.threshold, w.labels])).toEqual([
      [1.8e12, {}],
      [9e11, {}],
      [NaN, {}],
    ]);
  });
  it('come from every warning rule, the soonest first, with the failures beside them', async () => {
    const { queries } = fakeGrafana({}, (q) =>
      q.source?.expr === 'broken'
        ? new Error('no such metric')
        : [warningTable([{ series: `${q.source?.expr}`, eta: 20, eta_early: q.source?.expr === 'disk' ? 10 : 5 }])]
    );
    const of = (uid: string, expr: string) =>
      rule({ uid, name: uid, query: { ...rule().query, source: { kind: 'prometheus', expr } } });
    const other = rule({ uid: 'x', query: { refId: 'A', queryType: 'anomaly' } });
    const { warnings, failures } = await fetchWarnings([of('d', 'disk'), of('b', 'broken'), of('m', 'memory'), other]);
    expect(warnings.map((w) => w.series)).toEqual(['memory', 'disk']);
    expect(failures).toEqual([{ rule: expect.objectContaining({ uid: 'b' }), message: 'no such metric' }]);
    expect(queries.every((q) => q.output === 'table')).toBe(true);
    expect(queries).toHaveLength(3);
  });
});

describe('what is urgent', () => {
  it('fires before it is pending, then by severity, then by age', () => {
    const at = (name: string, change: object) =>
      instance({ labels: { host: name, ...change }, since: '2026-03-01T10:00:00Z' });
    const rules = [
      rule({ uid: 'p', instances: [{ ...at('pending', { severity: 'critical' }), state: 'pending' }] }),
      rule({
        uid: 'w',
        instances: [
          at('new', { severity: 'warning' }),
          { ...at('old', { severity: 'warning' }), since: '2026-03-01T09:00:00Z' },
        ],
      }),
      rule({ uid: 'c', instances: [at('critical', { severity: 'critical' }), at('unnamed', {})] }),
    ];
    expect(attention(rules).map((a) => a.entity)).toEqual(['critical', 'old', 'new', 'unnamed', 'pending']);
  });
  it('is named by the labels that tell entities apart', () => {
    expect(entityOf(instance())).toBe('db-2 /var');
    expect(entityOf(instance({ labels: { alertname: 'Disk', severity: 'warning', __private__: 'x' } }))).toBe('Disk');
  });
  it('is filtered by any of its texts, whatever the case', () => {
    expect(matches(' DB ', 'web', 'db-2')).toBe(true);
    expect(matches('', undefined)).toBe(true);
    expect(matches('mail', 'web', undefined)).toBe(false);
  });
});

describe('figures', () => {
  it.each([
    [-1, 'now'],
    [0, 'now'],
    [0.001, '1 min'],
    [0.5, '30 min'],
    [1, '1 h'],
    [71.4, '71 h'],
    [72, '3 d'],
    [NEVER, 'never'],
    [2 * NEVER, 'uncertain'],
  ])('%p hours are "%s"', (hours, text) => expect(hoursLeft(hours)).toBe(text));
  it.each([
    [null, undefined, '–'],
    [NaN, 'percent', '–'],
    [86.123, undefined, '86.1'],
    [86.123, 'percent', '86.1%'],
    [2048, 'bytes', '2 KiB'],
    [0, undefined, '0'],
    [12345.6, undefined, '12,346'],
  ])('%p in %p is "%s"', (v, unit, text) => expect(inUnit(v, unit)).toBe(text));
  it('grow with a sign', () => expect([perDay(2), perDay(-2), perDay(0)]).toEqual(['+2', '-2', '0']));
  it('run out by their earliest time', () => {
    const w = warning({ eta: 80, etaEarly: 70 });
    expect(runsOutWithin(w, 72)).toBe(true);
    expect(runsOutWithin(warning(), 72)).toBe(false);
    expect([isInSight(w), isInSight(warning()), isInSight(warning({ eta: 2 * NEVER, etaEarly: 2 * NEVER }))]).toEqual([
      true,
      false,
      false,
    ]);
  });
  it.each([
    ['2026-03-01T11:59:40Z', 'this minute'],
    ['2026-03-01T11:00:00Z', '1 hour ago'],
    ['2026-02-26T11:00:00Z', '3 days ago'],
  ])('%s was %s', (iso, text) => expect(fromNow(iso, Date.parse('2026-03-01T12:00:00Z'))).toBe(text));
});

describe('history', () => {
  const frame = (columns: Record<string, unknown[]>) => ({
    schema: { fields: Object.keys(columns).map((name) => ({ name, type: FieldType.string })) },
    data: { values: Object.values(columns) },
  });
  it('counts changes to Alerting, from annotations and from Loki alike', () => {
    expect(
      countFired(
        frame({
          prev: ['Normal', 'Pending', 'Alerting', 'Alerting'],
          next: ['Pending', 'Alerting', 'Alerting (NoData)', 'Normal'],
        })
      )
    ).toBe(1);
    const line = [
      { previous: 'Pending', current: 'Alerting' },
      { previous: 'Alerting', current: 'Normal' },
      '{"previous":"Normal","current":"Alerting"}',
    ];
    expect(countFired(frame({ time: [1, 2, 3], line }))).toBe(2);
    expect(countFired({})).toBe(0);
  });
  it('adds up the rules, and fails where one cannot be read', async () => {
    const one = frame({ prev: ['Normal'], next: ['Alerting'] });
    fakeGrafana({ '/api/v1/rules/history': one });
    expect(await fetchFired([rule({ uid: 'a' }), rule({ uid: 'b' })])).toBe(2);
    fakeGrafana({ '/api/v1/rules/history?ruleUID=a': one });
    await expect(fetchFired([rule({ uid: 'a' }), rule({ uid: 'b' })])).rejects.toMatchObject({ status: 404 });
  });
});

describe('units', () => {
  const target = { refId: 'A', queryType: 'warning' as const };
  const panel = (id: number, unit: string, more = {}) => ({
    id,
    fieldConfig: { defaults: { unit } },
    targets: [{ ...target, ...more }],
  });
  it('are those of the panel, also inside a row', () => {
    expect(unitOf([panel(1, 'percent'), { id: 2, panels: [panel(3, 'bytes')] }], 3)).toBe('bytes');
    expect(unitOf([panel(1, 'percent')], 9)).toBeUndefined();
  });
  it('are not taken from panels that draw hours, scores or no unit', () => {
    expect(unitOf([panel(1, 'h', { output: 'eta' })], 1)).toBeUndefined();
    expect(unitOf([panel(1, 'percent', { queryType: 'composite' })], 1)).toBeUndefined();
    expect(unitOf([panel(1, 'none')], 1)).toBeUndefined();
  });
  it('are read once for each dashboard; one that cannot be read has none', async () => {
    const { requests } = fakeGrafana({
      '/api/dashboards/uid/d': { dashboard: { panels: [panel(1, 'percent'), panel(2, 'bytes')] } },
    });
    const at = (uid: string, dashboardUid: string, id: number) => rule({ uid, panel: { dashboardUid, id } });
    expect(await fetchUnits([at('a', 'd', 1), at('b', 'd', 2), at('c', 'gone', 1), rule({ uid: 'e' })])).toEqual({
      a: 'percent',
      b: 'bytes',
    });
    expect(requests).toHaveLength(2);
  });
});

describe('charts', () => {
  it('of one entity hold its own series, and time', () => {
    const own = onlyOf(panelData([wide({ 'db-1': [1], 'db-2': [2] })]), { instance: 'db-2', severity: 'warning' });
    expect(own.series).toHaveLength(1);
    expect(own.series[0].fields.map((f) => f.labels?.instance)).toEqual([undefined, 'db-2']);
    expect(onlyOf(panelData([wide({ 'db-1': [1] })]), { instance: 'db-9' }).series).toEqual([]);
  });
  it('come for every rule that answers', async () => {
    fakeGrafana({}, (q) => (q.queryType === 'anomaly' ? new Error('down') : [wide({ a: [1] })]));
    const { charts, failures } = await fetchCharts(
      [rule({ uid: 'a' }), rule({ uid: 'b', query: { refId: 'A', queryType: 'anomaly' } })],
      RANGE
    );
    expect(Object.keys(charts)).toEqual(['a']);
    expect(failures.map((f) => f.message)).toEqual(['down']);
  });
  it.each([
    [null, null],
    [undefined, null],
    [NaN, null],
    [0, 0],
    [0.99, 0],
    [1, 1],
    [2.99, 1],
    [3, 2],
  ])('put the score %p into class %p', (score, expected) => expect(classOf(score)).toBe(expected));
  it('show the scores in words, the most unusual first, and never ask for the future', async () => {
    const { queries } = fakeGrafana({}, () => [wide({ calm: [0, 0.5], odd: [1, null], bad: [3, 4] })]);
    const anomaly = rule({ name: 'CPU unusual for this hour', query: { refId: 'A', queryType: 'anomaly' } });
    const strip = await fetchStrip([anomaly, rule()], RANGE);
    expect(queries.map((q) => q.output)).toEqual(['score']);
    expect(strip?.series.map((f) => f.fields[1].name)).toEqual(['bad · CPU unusual f…', 'odd · CPU unusual f…']);
    expect(strip?.series.map((f) => f.fields[1].values)).toEqual([
      ['far off', 'far off'],
      ['unusual', null],
    ]);
    expect(strip?.timeRange.to.valueOf()).toBeLessThanOrEqual(Date.now());
    expect(await fetchStrip([rule()], RANGE)).toBeUndefined();
  });
});

describe('what watches the same', () => {
  it('is one row that names the other rules', () => {
    const w = warning({ current: 86.71, eta: 41.2, etaEarly: 33 });
    const critical = rule({ uid: 'critical', name: 'Disk full within a day' });
    const other = { ...w, current: 86.7, eta: 41.4, rule: critical };
    const limit = { ...w, threshold: 95 };
    expect(distinct([w, other, limit])).toEqual([{ ...w, also: [critical] }, limit]);
  });
});

describe('names of entities', () => {
  const labels = { alertname: 'x', model: 'disk', cloud: 'a', instance: 'db-2', fstype: 'ext4', mountpoint: '/var' };
  it('are those of the legend, in its order', () =>
    expect(entityOf(instance({ labels }), '{{mountpoint}} on {{ instance }}')).toBe('/var db-2'));
  it('are the labels that say something where the legend names none', () =>
    expect(entityOf(instance({ labels }), '{{pod}}')).toBe('a db-2 ext4 /var'));
});

describe('rules of trained models', () => {
  const trained = sample.model();
  const asks = (datasourceUid: string, name = trained.definition.name) =>
    rule({ datasourceUid, query: { refId: 'A', queryType: 'warning', model: { name } } });
  it('know what the model of their own data source reads', async () => {
    const other = sample.model();
    other.definition.query = { queryType: 'forecast' };
    const { requests } = fakeGrafana({
      [resource('models')]: { models: [trained] },
      '/api/datasources/uid/second/resources/models': { models: [other] },
    });
    const rules = [asks('fw'), rule(), asks('second'), asks('fw', 'gone')];
    expect((await withTrained(rules)).map((r) => r.trained)).toEqual([
      trained.definition.query,
      undefined,
      other.definition.query,
      undefined,
    ]);
    expect(requests).toHaveLength(2);
  });
  it('ask nobody where no rule names a model', async () => {
    const { requests } = fakeGrafana();
    expect(await withTrained([rule()])).toEqual([rule()]);
    expect(requests).toEqual([]);
  });
  it('stay as they are where the models cannot be read', async () => {
    fakeGrafana({ [resource('models')]: new Error('down') });
    expect(await withTrained([asks('fw')])).toEqual([asks('fw')]);
  });
});
