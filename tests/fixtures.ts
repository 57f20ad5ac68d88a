import { APIRequestContext, expect, Page, test as base } from '@playwright/test';

export const DATASOURCE = { type: 'forewarn-earlywarning-datasource', uid: process.env.FOREWARN_UID ?? 'forewarn' };
export const UID = DATASOURCE.uid;
const APP = '/a/forewarn-earlywarning-app';
export const OVERVIEW = `${APP}/overview`;
export const TRAIN = `${APP}/train`;
export const MODELS = `${APP}/models`;
export const ALERTS = `${APP}/alerts`;
export const HISTORY = `${APP}/history`;
/** The resources of the data source. */
export const RESOURCES = `/api/datasources/uid/${UID}/resources`;

export const CPU =
  '100 * (1 - sum by (instance) (rate(node_cpu_seconds_total{job="node",mode="idle"}[5m])) / sum by (instance) (rate(node_cpu_seconds_total{job="node"}[5m])))';
export const DISK =
  '100 * (1 - node_filesystem_avail_bytes{mountpoint="/data"} / node_filesystem_size_bytes{mountpoint="/data"})';

type Language = 'en-US' | 'zh-Hans';

/** Signs the page's user in, with a language and a theme. */
export async function signIn(
  request: APIRequestContext,
  user = 'admin',
  password = 'admin',
  language: Language = 'en-US'
) {
  const login = await request.post('/login', { data: { user, password } });
  expect(login.ok(), `login of ${user}`).toBe(true);
  const preferences = { language, theme: 'dark', timezone: 'browser' };
  expect((await request.put('/api/user/preferences', { data: preferences })).ok()).toBe(true);
}

/** Explore with one Forewarn query over the last two days and the next. */
export function explore(query: object): string {
  const pane = {
    datasource: DATASOURCE.uid,
    queries: [{ refId: 'A', datasource: DATASOURCE, ...query }],
    range: { from: 'now-2d', to: 'now+24h' },
  };
  return `/explore?schemaVersion=1&panes=${encodeURIComponent(JSON.stringify({ a: pane }))}`;
}

/** A user with the role of a Viewer, made where there is none. */
export async function makeViewer(request: APIRequestContext) {
  const viewer = { login: 'e2e-viewer', password: 'e2e-viewer', name: 'Viewer' };
  const made = await request.post('/api/admin/users', { data: viewer });
  expect([200, 412]).toContain(made.status());
  return viewer;
}

/** Removes a model with the rules and dashboards that the wizard made of it; what is not there is no matter. */
export async function cleanUp(request: APIRequestContext, name: string) {
  await request.delete(`${RESOURCES}/models/${encodeURIComponent(name)}`);
  const folders = await (await request.get('/api/folders?limit=500')).json();
  for (const { uid } of folders) {
    await request.delete(`/api/ruler/grafana/api/v1/rules/${uid}/${encodeURIComponent(name)}`);
  }
  const found = await (await request.get(`/api/search?type=dash-db&query=${encodeURIComponent(name)}`)).json();
  for (const board of found.filter((b: { title: string }) => b.title === name)) {
    await request.delete(`/api/dashboards/uid/${board.uid}`);
  }
}

/** A trained model of the hosts' CPU under a name, saved and live. */
export async function trained(request: APIRequestContext, name: string) {
  await cleanUp(request, name);
  const definition = {
    name,
    query: { queryType: 'anomaly', source: { kind: 'prometheus', expr: CPU }, trainingWindow: '14d', interval: '5m' },
    retrainEvery: '24h',
    timezone: 'UTC',
  };
  const made = await request.post(`${RESOURCES}/models`, { data: { definition, train: true } });
  expect(made.status(), await made.text()).toBe(201);
  await expect(async () => {
    const model = await (await request.get(`${RESOURCES}/models/${encodeURIComponent(name)}`)).json();
    expect(model).toMatchObject({ live: 1, state: 'ready' });
  }).toPass({ timeout: 60_000 });
}

/** Tests whose page is signed in as admin, and which fail on an error that the page did not catch. */
export const test = base.extend<{ page: Page }>({
  page: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (e) => errors.push(e.message));
    await signIn(page.request);
    await use(page);
    expect(errors).toEqual([]);
  },
});

export { expect };
