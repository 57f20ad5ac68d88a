import { cleanUp, expect, makeViewer, OVERVIEW, RESOURCES, signIn, test, trained } from './fixtures';

test('says what needs attention and what runs out first', async ({ page }) => {
  await page.goto(OVERVIEW);
  await expect(page.getByRole('region', { name: 'Rules healthy' })).toContainText(/\d+ of \d+/);
  const table = page.getByRole('region', { name: 'What runs out first' });
  const disk = table.getByRole('row').filter({ hasText: 'aliyun-hz-01:9100' });
  await expect(disk).toContainText('%');
  await expect(disk).toContainText(/\d+ h/);
  await expect(page.getByRole('region', { name: 'How unusual, over time' }).getByRole('img')).toBeVisible();
});

test('the data source tells of its models, its warnings and its store in one request', async ({ page }) => {
  const name = 'e2e overview';
  await trained(page.request, name);
  const asked: string[] = [];
  page.on('request', (r) => {
    const [, path] = r.url().split(`${RESOURCES}/`);
    if (path) {
      asked.push(path);
    }
  });
  await page.goto(OVERVIEW);
  const tile = page.getByRole('region', { name: 'Models healthy' });
  await expect(tile).toContainText(/[1-9]\d* of \d+/);
  await expect(tile).toContainText('the oldest trained');
  await expect(page.getByRole('region', { name: 'What runs out first' }).getByRole('rowheader').first()).toBeVisible();
  expect(asked).toEqual(['overview']);
  await tile.getByRole('link', { name: 'Models healthy' }).click();
  await expect(page.getByRole('button', { name, exact: true })).toBeVisible();
  await cleanUp(page.request, name);
});

test('another limit is answered at once, beside what is', async ({ page }) => {
  await page.goto(OVERVIEW);
  await page.getByRole('button', { name: 'aliyun-hz-01:9100 /data', exact: true }).click();
  const drawer = page.getByRole('dialog', { name: /aliyun-hz-01:9100/ });
  const left = drawer.getByRole('row', { name: /^Time left/ }).getByRole('cell');
  await expect(left).toHaveCount(1);
  await expect(left.first()).toContainText(/\d+ h/);
  await drawer.getByLabel('In per cent of today’s').fill('150');
  await expect(drawer.getByLabel('If the limit were')).toHaveValue('135');
  await expect(left).toHaveCount(2);
  await expect(left.nth(1)).toContainText(/\d+ d|never/);
  await expect(left.first()).toContainText(/\d+ h/);
  await drawer.getByRole('button', { name: 'As it is' }).click();
  await expect(left).toHaveCount(1);
});

test('an entry leads to its rule', async ({ page }) => {
  await page.goto(OVERVIEW);
  const list = page.getByRole('region', { name: 'Needs attention' });
  await list.getByRole('link', { name: 'Open rule' }).first().click();
  await expect(page).toHaveURL(/\/alerting\/grafana\/.*\/view/);
});

test('the filter and the address work', async ({ page }) => {
  await page.goto(`${OVERVIEW}?from=now-2d&to=now`);
  await page.getByPlaceholder('Filter by entity, rule or model').fill('no such thing');
  await expect(page.getByText('Nothing here matches the filter.')).toBeVisible();
  await expect(page.getByText('Last 2 days')).toBeVisible();
});

test('speaks Chinese', async ({ page }) => {
  await signIn(page.request, 'admin', 'admin', 'zh-Hans');
  await page.goto(OVERVIEW);
  await expect(page.getByRole('heading', { name: '最先耗尽的资源' })).toBeVisible();
  await signIn(page.request);
});

test('a Viewer reads everything and is offered nothing that changes anything', async ({ page }) => {
  const viewer = await makeViewer(page.request);
  await page.context().clearCookies();
  await signIn(page.request, viewer.login, viewer.password);
  await page.goto(OVERVIEW);
  await expect(page.getByRole('region', { name: 'Rules healthy' })).toContainText(/\d+ of \d+/);
  await expect(page.getByRole('region', { name: 'What runs out first' }).getByRole('rowheader').first()).toBeVisible();
  await expect(page.getByRole('alert')).toHaveCount(0);
  await expect(page.getByRole('main').getByRole('button', { name: /delete|save|silence|pause|reset/i })).toHaveCount(0);
});
