import { cleanUp, expect, makeViewer, MODELS, RESOURCES, signIn, test, trained } from './fixtures';

const NAME = 'e2e models';

test.beforeEach(async ({ page }) => trained(page.request, NAME));
test.afterEach(async ({ page }) => {
  await signIn(page.request);
  await cleanUp(page.request, NAME);
});

test('trains again, makes an older version live, rolls back, and pauses', async ({ page }) => {
  await page.goto(`${MODELS}?model=${encodeURIComponent(NAME)}`);
  const drawer = page.getByRole('dialog', { name: new RegExp(NAME) });
  const versions = drawer.getByRole('list', { name: 'Versions' });
  const version = (n: number) =>
    versions
      .getByRole('listitem')
      .filter({ hasText: `Version ${n}` })
      .first();
  await expect(version(1)).toContainText('live');
  await drawer.getByRole('button', { name: 'Train again' }).click();
  await expect(version(2)).toContainText('live', { timeout: 40_000 });
  await version(1).getByRole('button', { name: 'Make it live' }).click();
  await expect(version(1)).toContainText('live');
  await version(2).getByRole('button', { name: 'Make it live' }).click();
  await expect(version(2)).toContainText('live');
  await drawer.getByRole('button', { name: 'Roll back' }).click();
  await expect(version(1)).toContainText('live');
  await drawer.getByRole('button', { name: 'Pause training' }).click();
  await expect(drawer.getByText('paused')).toBeVisible();
  await drawer.getByRole('button', { name: 'Resume training' }).click();
  await expect(drawer.getByText('ready')).toBeVisible();
});

test('shows each series, and says what deleting would stop', async ({ page }) => {
  await page.goto(MODELS);
  await page.getByPlaceholder('Filter by name or purpose').fill('e2e mod');
  await page.getByRole('button', { name: NAME, exact: true }).click();
  const drawer = page.getByRole('dialog', { name: new RegExp(NAME) });
  await drawer.getByRole('tab', { name: 'Series' }).click();
  await expect(drawer.getByRole('cell', { name: 'tencent-bj-02:9100' })).toBeVisible();
  await drawer.getByRole('tab', { name: 'Definition' }).click();
  await expect(drawer.getByText('node_cpu_seconds_total').first()).toBeVisible();
  await drawer.getByRole('button', { name: 'Delete' }).click();
  await page
    .getByRole('dialog', { name: /Delete/ })
    .getByRole('button', { name: 'Delete' })
    .click();
  await expect(page.getByRole('button', { name: NAME, exact: true })).toHaveCount(0);
});

test('a Viewer may look, and neither is offered a change nor allowed one', async ({ page }) => {
  const viewer = await makeViewer(page.request);
  await page.context().clearCookies();
  await signIn(page.request, viewer.login, viewer.password);
  await page.goto(`${MODELS}?model=${encodeURIComponent(NAME)}`);
  const drawer = page.getByRole('dialog', { name: new RegExp(NAME) });
  await expect(drawer.getByRole('list', { name: 'Versions' })).toContainText('Version 1');
  const offered = await drawer.getByRole('button').allTextContents();
  expect(offered.filter((text) => text.trim() !== '')).toEqual([]);
  const name = encodeURIComponent(NAME);
  const definition = {
    name: 'e2e viewer',
    query: { queryType: 'forecast', source: { kind: 'prometheus', expr: 'up' } },
  };
  for (const [method, path, data] of [
    ['POST', `models/${name}/train`, {}],
    ['POST', `models/${name}/promote`, { version: 1 }],
    ['POST', `models/${name}/rollback`, {}],
    ['POST', `models/${name}/pause`, { paused: true }],
    ['PUT', `models/${name}`, { definition }],
    ['DELETE', `models/${name}`, undefined],
    ['POST', 'models', { definition, train: false }],
    ['POST', 'jobs', { definition }],
    [
      'POST',
      'labels',
      { model: NAME, series: {}, from: '2026-01-01T00:00:00Z', to: '2026-01-01T01:00:00Z', kind: 'incident' },
    ],
    ['GET', `models/${name}/export`, undefined],
    ['GET', 'channels', undefined],
  ] as const) {
    const answer = await page.request.fetch(`${RESOURCES}/${path}`, { method, data });
    expect([method, path, answer.status()]).toEqual([method, path, 403]);
  }
});
