import { APIRequestContext, expect, Page, test as base } from '@playwright/test';

export const DATASOURCE = { type: 'forewarn-earlywarning-datasource', uid: process.env.FOREWARN_UID ?? 'forewarn' };
export const OVERVIEW = '/a/forewarn-earlywarning-app/overview';

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
