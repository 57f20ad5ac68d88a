import { FieldType } from '@grafana/data';

import { rule } from '../testing/data';
import { fakeGrafana } from '../testing/grafana';
import { countFired, fetchFired } from './history';
import { fetchUnits, unitOf } from './units';

const NOW = Date.parse('2026-03-01T12:00:00.900Z');
const HISTORY = '/api/v1/rules/history';
const frame = (columns: Record<string, unknown[]>) => ({
  schema: { fields: Object.keys(columns).map((name) => ({ name, type: FieldType.string })) },
  data: { values: Object.values(columns) },
});

describe('changes to Alerting', () => {
  it.each([
    ['Normal', 'Alerting', 1],
    ['Pending', 'Alerting (NoData)', 1],
    ['Normal (MissingSeries)', 'Alerting (Error)', 1],
    ['', 'Alerting', 1],
    [null, 'Alerting', 1],
    [undefined, 'Alerting', 1],
    ['Alerting', 'Alerting (NoData)', 0],
    ['Alerting (Error)', 'Alerting', 0],
    ['Alerting', 'Normal', 0],
    ['Normal', 'Pending', 0],
    ['Normal', null, 0],
    ['Normal', 'alerting', 0],
  ])('from %p to %p count %p, whichever store tells it', (previous, current, n) => {
    expect(countFired(frame({ prev: [previous], next: [current] }))).toBe(n);
    expect(countFired(frame({ line: [{ previous, current }] }))).toBe(n);
    expect(countFired(frame({ line: [JSON.stringify({ previous, current })] }))).toBe(n);
  });

  it.each([
    ['nothing', {}],
    ['no columns', frame({})],
    ['columns that are empty', frame({ prev: [], next: [] })],
    ['columns without values', { schema: frame({ prev: [], next: [] }).schema }],
    ['other columns', frame({ time: [1], text: ['Alerting'] })],
  ])('are none in %s', (_, answer) => expect(countFired(answer)).toBe(0));

  it('are counted where only the states after them are told', () =>
    expect(countFired(frame({ next: ['Alerting', 'Normal', 'Alerting'] }))).toBe(2));
});

describe('how often rules fired', () => {
  it('is asked of each, over the last 24 h in whole seconds', async () => {
    const { sent } = fakeGrafana({ [HISTORY]: frame({ prev: ['Normal'], next: ['Alerting'] }) });
    expect(await fetchFired([rule({ uid: 'a' }), rule({ uid: 'b' })], NOW)).toBe(2);
    const to = Date.parse('2026-03-01T12:00:00Z') / 1000;
    expect(sent.map((s) => s.params)).toEqual(['a', 'b'].map((ruleUID) => ({ ruleUID, from: to - 86_400, to })));
  });

  it('is nothing without rules, and nobody is asked', async () => {
    const { sent } = fakeGrafana();
    expect(await fetchFired([], NOW)).toBe(0);
    expect(sent).toEqual([]);
  });

  it('is asked of 200 rules at most', async () => {
    const { sent } = fakeGrafana({ [HISTORY]: frame({ prev: ['Normal'], next: ['Alerting'] }) });
    expect(
      await fetchFired(
        Array.from({ length: 201 }, (_, i) => rule({ uid: `${i}` })),
        NOW
      )
    ).toBe(200);
    expect(sent).toHaveLength(200);
  });

  it('is unknown, not less, where a line cannot be read', async () => {
    fakeGrafana({ [HISTORY]: frame({ line: ['{"previous":'] }) });
    await expect(fetchFired([rule()], NOW)).rejects.toThrow(SyntaxError);
  });
});

describe('the unit of a metric', () => {
  const panel = (output?: string, queryType?: 'warning' | 'composite', unit: string | undefined = 'percent') => [
    { id: 1, fieldConfig: { defaults: { unit } }, targets: [{ refId: 'A', queryType, output }] },
  ];

  it.each(['all', 'actual', 'expected', 'forecast', 'lower', 'upper', 'current', undefined])(
    'is that of a panel that draws %p',
    (output) => expect(unitOf(panel(output, 'warning'), 1)).toBe('percent')
  );

  it.each(['eta', 'eta_early', 'score', 'probability', 'growth', 'table', 'anomalous', 'state', ''])(
    'is not that of a panel that draws %p',
    (output) => expect(unitOf(panel(output, 'warning'), 1)).toBeUndefined()
  );

  it.each([
    ['without a query', [{ id: 1, fieldConfig: { defaults: { unit: 'percent' } } }]],
    ['with an empty list of them', [{ id: 1, targets: [], fieldConfig: { defaults: { unit: 'percent' } } }]],
    ['without a unit', [{ id: 1, targets: [{ refId: 'A' }], fieldConfig: { defaults: {} } }]],
    ['without any setting', [{ id: 1, targets: [{ refId: 'A' }] }]],
    ['of a composite', panel('all', 'composite')],
    ['of another number', panel('all', 'warning').map((p) => ({ ...p, id: 2 }))],
  ])('is none of a panel %s', (_, panels) => expect(unitOf(panels, 1)).toBeUndefined());

  it('is none where no rule names a panel, and no board is read', async () => {
    const { requests } = fakeGrafana();
    expect(await fetchUnits([rule(), rule({ uid: 'b' })])).toEqual({});
    expect(requests).toEqual([]);
  });

  it('is none of a board without panels', async () => {
    fakeGrafana({ '/api/dashboards/uid/d': { dashboard: { title: 'D' } } });
    expect(await fetchUnits([rule({ panel: { dashboardUid: 'd', id: 1 } })])).toEqual({});
  });
});
