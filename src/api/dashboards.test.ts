import { Answers, fakeGrafana, refusal } from '../testing/grafana';
import { addPanel, findDashboards, findUses, flat, Panel, panelOf, panelUrl, withPanel } from './dashboards';

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

  it('leaves the board that it was made of as it was', () => {
    const board = { title: 'Board', panels: Object.freeze([Object.freeze(panel())]) as unknown as Panel[] };
    withPanel(board, { title: 'new' });
    expect(board.panels).toHaveLength(1);
  });

  it.each([
    ['panels without a place', [panel({ id: 2 })], 3, 0],
    ['panels without a number', [{ title: 'old', gridPos: { x: 0, y: 3, w: 6, h: 4 } }], 1, 7],
    ['a lower one that comes first', [panel({ gridPos: { x: 0, y: 20, w: 6, h: 5 } }), panel({ id: 7 })], 8, 25],
    ['an empty row', [panel({ id: 5, panels: [] })], 6, 0],
  ])('finds its place below %s', (_, panels, id, y) => {
    const made = withPanel({ title: 'Board', panels }, { title: 'new' });
    expect([made.id, made.dashboard.panels?.slice(-1)[0].gridPos?.y]).toEqual([id, y]);
  });

  it('has a number and a place of its own, whatever it came with', () => {
    const came = panel({ id: 77, gridPos: { x: 12, y: 99, w: 3, h: 3 } });
    expect(withPanel({ title: 'Board' }, came).dashboard.panels).toEqual([
      { ...came, id: 1, gridPos: { x: 0, y: 0, w: 24, h: 10 } },
    ]);
  });

  it.each([
    [1, '49h', '0h+1h'],
    [24, '72h', '0h+24h'],
    [168, '216h', '0h+168h'],
  ])('shows two days and the %p h ahead: %s, shifted by %s', (ahead, timeFrom, timeShift) =>
    expect(panelOf('cpu', query, ahead)).toMatchObject({ timeFrom, timeShift })
  );

  it('asks the data source of its query', () => {
    const datasource = { type: 'forewarn-earlywarning-datasource', uid: 'fw' };
    expect(panelOf('cpu', { ...query, datasource }, 0)).toMatchObject({ type: 'timeseries', title: 'cpu', datasource });
  });

  it('is not saved where the board cannot be read', async () => {
    const { sent } = fakeGrafana({ 'POST /api/dashboards/db': { uid: 'b' } });
    await expect(addPanel({ uid: 'gone', title: 'Board' }, panelOf('cpu', query, 0))).rejects.toMatchObject({
      status: 404,
    });
    expect(sent.map((s) => s.method)).toEqual(['GET']);
  });

  it('is refused where somebody else has saved the board in between', async () => {
    fakeGrafana({
      '/api/dashboards/uid/b': { dashboard: { uid: 'b', title: 'Board', version: 3 }, meta: {} },
      'POST /api/dashboards/db': refusal(412, 'The dashboard has been changed by someone else'),
    });
    await expect(addPanel({ uid: 'b', title: 'Board' }, panelOf('cpu', query, 0))).rejects.toMatchObject({
      status: 412,
    });
  });

  it('is saved over the version that was read, and never over a newer one', async () => {
    const { sent } = fakeGrafana({
      '/api/dashboards/uid/b': { dashboard: { uid: 'b', title: 'Board', version: 3 }, meta: {} },
      'POST /api/dashboards/db': { uid: 'b' },
    });
    await addPanel({ uid: 'b', title: 'Board' }, panelOf('cpu', query, 0));
    expect(sent[1].data).toMatchObject({ dashboard: { version: 3 } });
    expect(sent[1].data).not.toHaveProperty('overwrite');
  });

  it('goes to a board whose uid needs quoting', async () => {
    const { requests } = fakeGrafana({
      '/api/dashboards/uid/a%2Fb%3F': { dashboard: { title: 'Odd' }, meta: {} },
      'POST /api/dashboards/db': { uid: 'a/b?' },
    });
    await addPanel({ uid: 'a/b?', title: 'Odd' }, panelOf('cpu', query, 0));
    expect(requests[0]).toBe('/api/dashboards/uid/a%2Fb%3F');
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

  it('is told once for each panel, however many of its queries ask it', async () => {
    const twice = panel({
      title: 'twice',
      targets: [
        { refId: 'A', model: { name: 'cpu' } },
        { refId: 'B', model: { name: 'cpu', version: 2 } },
      ],
    });
    fakeGrafana({
      [SEARCH]: [{ uid: 'a', title: 'A' }],
      ...board('a', twice, panel({ title: undefined, targets: [] })),
    });
    expect(await findUses('cpu')).toEqual([{ dashboard: { uid: 'a', title: 'A' }, panel: 'twice' }]);
  });

  it('is a panel without a title, too, but no model whose name only begins alike', async () => {
    const asks = (name: string) => ({ targets: [{ refId: 'A', model: { name } }] });
    fakeGrafana({ [SEARCH]: [{ uid: 'a', title: 'A' }], ...board('a', asks('cpu'), asks('cpu-2'), asks('CPU')) });
    expect((await findUses('cpu')).map((u) => u.panel)).toEqual(['']);
  });

  it('is nothing where there are no boards', async () => {
    fakeGrafana({ [SEARCH]: [] });
    expect(await findUses('cpu')).toEqual([]);
  });

  it('is unknown, not nothing, where boards cannot be listed', async () => {
    fakeGrafana({ [SEARCH]: new Error('no') });
    await expect(findUses('cpu')).rejects.toMatchObject({ data: { message: 'no' } });
  });
});

describe('boards', () => {
  it.each([
    ['', undefined, '/api/search?type=dash-db&limit=50&query='],
    ['CPU & RAM', 10, '/api/search?type=dash-db&limit=10&query=CPU%20%26%20RAM'],
    ['磁盘', 50, '/api/search?type=dash-db&limit=50&query=%E7%A3%81%E7%9B%98'],
  ])('with %p in their title are asked for at %p', async (text, limit, address) => {
    const found = [{ uid: 'a', title: 'A' }];
    const { requests } = fakeGrafana({ [address]: found });
    expect(await findDashboards(text, limit)).toEqual(found);
    expect(requests).toEqual([address]);
  });
});

it('finds panels in rows of rows', () => {
  const deep = panel({ id: 3 });
  expect(flat([panel({ id: 1, panels: [panel({ id: 2, panels: [deep] })] })]).map((p) => p.id)).toEqual([1, 2, 3]);
});
