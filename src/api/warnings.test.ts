import { instance, rule, warning, warningTable } from '../testing/data';
import { fakeGrafana } from '../testing/grafana';
import { attention, entityOf, matches } from './entity';
import { distinct, fetchWarnings, NEVER, readTable } from './warnings';

const read = (row: Parameters<typeof warningTable>[0][number]) => readTable(warningTable([row]), rule())[0];

describe('a row of the table', () => {
  it.each([
    ['0 h, which is now', { eta: 0, eta_early: 0 }, { eta: 0, etaEarly: 0 }],
    ['never', { eta: NEVER, eta_early: 40 }, { eta: NEVER, etaEarly: 40 }],
    ['uncertain', { eta: 2 * NEVER, eta_early: 2 * NEVER }, { eta: 2 * NEVER, etaEarly: 2 * NEVER }],
    ['a value of 0, which is one', { current: 0, threshold: 0 }, { current: 0, threshold: 0 }],
    ['what falls', { growth: -3.5, probability: 1 }, { growth: -3.5, probability: 1 }],
    ['what holds it back', { 'held back': 'minVolume, agreement' }, { heldBack: 'minVolume, agreement' }],
    ['nothing that holds it back', {}, { heldBack: '', state: '', series: '' }],
  ])('says %s', (_, row, is) => expect(read(row)).toMatchObject(is));

  it('has the labels of its series, without those that are empty', () => {
    expect(read({ series: 'db', instance: 'db-1' }).labels).toEqual({ instance: 'db-1' });
    expect(read({ series: 'db', instance: '' }).labels).toEqual({});
    expect(read({ series: 'db', instance: null }).labels).toEqual({});
  });

  it('is read whatever the order of the columns, and without those that are missing', () => {
    const table = warningTable([{ series: 'a', eta: 3 }]);
    const turned = { ...table, fields: [...table.fields].reverse() };
    expect(readTable(turned, rule())).toEqual(readTable(table, rule()));
    const few = { ...table, fields: table.fields.filter((f) => f.name === 'series') };
    expect(readTable(few, rule())[0]).toMatchObject({ series: 'a', current: null, threshold: NaN, eta: NEVER });
  });

  it('is none of an empty table', () => expect(readTable(warningTable([]), rule())).toEqual([]));
});

describe('warnings of the same', () => {
  const w = warning({ current: 86.71, eta: 41.2 });

  it.each([
    ['another value in what nobody reads', { current: 86.74 }, 1],
    ['another time in what nobody reads', { eta: 41.4 }, 1],
    ['another value', { current: 87.9 }, 2],
    ['no value', { current: null }, 2],
    ['another time', { eta: 60 }, 2],
    ['another series', { series: 'db-9' }, 2],
    ['another limit', { threshold: 95 }, 2],
    ['another limit that is close', { threshold: 90.01 }, 2],
  ])('with %s: %j in %p rows', (_, change, rows) => expect(distinct([w, { ...w, ...change }])).toHaveLength(rows));

  it('name all the other rules, and leave what they were made of', () => {
    const rules = ['b', 'c'].map((uid) => rule({ uid }));
    const all = [w, ...rules.map((r) => ({ ...w, rule: r }))];
    expect(distinct(all)).toEqual([{ ...w, also: rules }]);
    expect(w.also).toBeUndefined();
  });

  it('stay in their order', () =>
    expect(distinct(['c', 'a', 'c', 'b'].map((series) => ({ ...w, series }))).map((x) => x.series)).toEqual([
      'c',
      'a',
      'b',
    ]));
});

describe('the list of warnings', () => {
  it('has the soonest first, then the likeliest, then by name; never and uncertain come last', async () => {
    fakeGrafana({}, () => [
      warningTable([
        { series: 'uncertain', eta_early: 2 * NEVER },
        { series: 'never', eta_early: NEVER },
        { series: 'z', eta_early: 5, probability: 0.5 },
        { series: 'a', eta_early: 5, probability: 0.5 },
        { series: 'likely', eta_early: 5, probability: 0.9 },
        { series: 'now', eta_early: 0 },
        { series: 'unknown' },
      ]),
    ]);
    const { warnings } = await fetchWarnings([rule()]);
    expect(warnings.map((w) => w.series)).toEqual(['now', 'likely', 'a', 'z', 'never', 'unknown', 'uncertain']);
  });

  it('is empty, and nobody is asked, where no rule warns early', async () => {
    const { queries } = fakeGrafana();
    const others = (['anomaly', 'forecast', 'outlier', 'composite'] as const).map((queryType) =>
      rule({ query: { refId: 'A', queryType } })
    );
    expect(await fetchWarnings(others)).toEqual({ warnings: [], failures: [] });
    expect(queries).toEqual([]);
  });

  it('is empty where a rule answers with no frame', async () => {
    fakeGrafana({}, () => []);
    expect(await fetchWarnings([rule()])).toEqual({ warnings: [], failures: [] });
  });
});

describe('what needs attention', () => {
  const of = (labels: Record<string, string>, change: object = {}) => instance({ labels, ...change });

  it('is in the order of every severity that is in use, whatever the case; unknown ones come last', () => {
    const severities = ['low', 'page', 'INFO', 'Critical', 'medium', 'warning', 'error', 'High'];
    const rules = [rule({ instances: severities.map((severity) => of({ severity, host: severity })) })];
    expect(attention(rules).map((a) => a.entity)).toEqual([
      'Critical',
      'error',
      'High',
      'warning',
      'medium',
      'INFO',
      'low',
      'page',
    ]);
  });

  it('is by name where all else is equal', () => {
    const rules = ['b', 'a', 'c'].map((host) => rule({ instances: [of({ host })] }));
    expect(attention(rules).map((a) => a.entity)).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['its rule’s query', { source: { kind: 'prometheus' as const, legendFormat: '{{host}}' } }, undefined, 'web'],
    ['the model that the rule asks', {}, '{{host}}', 'web'],
    ['its labels where nobody names it', {}, undefined, 'web eu'],
  ])('is named by %s', (_, query, legendFormat, name) => {
    const trained = legendFormat ? { source: { kind: 'prometheus' as const, legendFormat } } : undefined;
    const asks = rule({ query: { refId: 'A', ...query }, trained, instances: [of({ host: 'web', zone: 'eu' })] });
    expect(attention([asks])[0].entity).toBe(name);
  });

  it.each([
    [{ alertname: 'Disk', job: 'node', team: 'db', output: 'eta', ref_id: 'A' }, undefined, 'Disk'],
    [{ host: '', alertname: 'Disk' }, '{{host}}', 'Disk'],
    [{ a: '1', b: '2' }, '{{b}} {{gone}} {{a}}', '2 1'],
    [{}, undefined, ''],
  ])('of %j with the legend %p is %p', (labels: Record<string, string>, legend, name) =>
    expect(entityOf(of(labels), legend)).toBe(name)
  );

  it('is nothing where nothing is active', () => expect(attention([rule(), rule()])).toEqual([]));
});

describe('the filter', () => {
  it.each([
    ['', ['x'], true],
    ['   ', [], true],
    ['x', [], false],
    ['B-2', ['db-1', 'db-2'], true],
    ['db-2 /var', ['db-2 /var'], true],
    ['db-2 /var', ['db-2', '/var'], false],
    ['.*', ['db'], false],
    ['磁盘', ['磁盘已满'], true],
  ])('%p finds %j: %p', (typed, texts, found) => expect(matches(typed, ...texts)).toBe(found));
});
