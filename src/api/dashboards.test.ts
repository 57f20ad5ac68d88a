import { Answers, fakeGrafana } from '../testing/grafana';
import { addPanel, findUses, flat, Panel, panelOf, panelUrl, withPanel } from './dashboards';

const panel = (change: Partial<Panel> = {}): Panel => ({ id: 1, title: 'CPU', ...change });
const SEARCH = '/api/search?type=dash-db&limit=200&query=';
const query = { refId: 'A', queryType: 'forecast' as const, model: { name: 'cpu' } };

describe('a panel more', () => {
  it('goes below all others, under a number that none has, those in rows included', () => {
    const row = panel({
      id: 4,
      gridPos: { x: 0, y: 0, w: 24, h: 1 },
      panels: [panel({ id: 9, gridPos: { x: 0, y: 1, w: 12, h: 8 } })],
    });
    const { dashboard, id } = withPanel({ title: 'Board', panels: [row] }, { title: 'new' });
    expect(id).toBe(10);
    expect(dashboard.panels).toEqual([row, { title: 'new', id: 10, gridPos: { x: 0, y: 9, w: 24, h: 10 } }]);
  });

  it('is the first of a board without any', () =>
    expect(withPanel({ title: 'Board' }, { title: 'new' })).toEqual({
      id: 1,
      dashboard: { title: 'Board', panels: [{ title: 'new', id: 1, gridPos: { x: 0, y: 0, w: 24, h: 10 } }] },
    }));

  it('shows the future only where the query looks ahead', () => {
    expect(panelOf('cpu', query, 24)).toMatchObject({ timeFrom: '72h', timeShift: '0h+24h', targets: [query] });
    expect(panelOf('cpu', query, 0)).not.toHaveProperty('timeShift');
  });

  it('keeps the board’s folder, and all else that is on it', async () => {
    const board = { uid: 'b', title: 'Board', links: ['kept'], panels: [panel({ id: 3 })] };
    const { sent } = fakeGrafana({
      '/api/dashboards/uid/b': { dashboard: board, meta: { folderUid: 'team' } },
      'POST /api/dashboards/db': { uid: 'b' },
    });
    expect(await addPanel({ uid: 'b', title: 'Board' }, panelOf('cpu', query, 0))).toEqual({
      dashboardUid: 'b',
      id: 4,
    });
    expect(sent[1].data).toMatchObject({
      folderUid: 'team',
      message: 'cpu',
      dashboard: { links: ['kept'], panels: [{ id: 3 }, { id: 4, title: 'cpu' }] },
    });
  });

  it('makes a board of its title where none is named', async () => {
    const { sent } = fakeGrafana({ 'POST /api/dashboards/db': { uid: 'new' } });
    expect(await addPanel({ title: 'Mine' }, panelOf('cpu', query, 0))).toEqual({ dashboardUid: 'new', id: 1 });
    expect(sent.map((s) => s.method)).toEqual(['POST']);
    expect(sent[0].data).toMatchObject({ dashboard: { title: 'Mine', tags: ['forewarn'] } });
  });

  it('is refused where the user may not save', async () => {
    fakeGrafana({ 'POST /api/dashboards/db': new Error('permission denied') });
    await expect(addPanel({ title: 'Mine' }, panelOf('cpu', query, 0))).rejects.toMatchObject({
      data: { message: 'permission denied' },
    });
  });

  it('is led to by its number', () => expect(panelUrl({ dashboardUid: 'b', id: 4 })).toBe('/d/b?viewPanel=panel-4'));
});

describe('what uses a model', () => {
  const board = (uid: string, ...panels: Panel[]): Answers => ({
    [`/api/dashboards/uid/${uid}`]: { dashboard: { title: uid, panels }, meta: {} },
  });

  it('is every panel that asks it, in rows, too; boards that cannot be read are left out', async () => {
    const asks = (name: string, title: string) => panel({ title, targets: [{ refId: 'A', model: { name } }] });
    fakeGrafana({
      [SEARCH]: [
        { uid: 'a', title: 'A' },
        { uid: 'gone', title: 'Gone' },
        { uid: 'b', title: 'B' },
      ],
      ...board('a', asks('other', 'no'), panel({ title: 'row', panels: [asks('cpu', 'deep')] })),
      ...board('b', panel({ title: 'text' }), asks('cpu', 'plain')),
    });
    expect((await findUses('cpu')).map((u) => [u.dashboard.title, u.panel])).toEqual([
      ['A', 'deep'],
      ['B', 'plain'],
    ]);
  });

  it('is unknown, not nothing, where boards cannot be listed', async () => {
    fakeGrafana({ [SEARCH]: new Error('no') });
    await expect(findUses('cpu')).rejects.toMatchObject({ data: { message: 'no' } });
  });
});

it('finds panels in rows of rows', () => {
  const deep = panel({ id: 3 });
  expect(flat([panel({ id: 1, panels: [panel({ id: 2, panels: [deep] })] })]).map((p) => p.id)).toEqual([1, 2, 3]);
});
