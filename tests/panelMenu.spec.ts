import { CPU, DISK, expect, test } from './fixtures';

const UID = 'e2e-panel-menu';

const panel = (id: number, title: string, expr: string) => ({
  id,
  title,
  type: 'timeseries',
  gridPos: { x: 12 * (id - 1), y: 0, w: 12, h: 10 },
  datasource: { type: 'prometheus', uid: 'e2e-prometheus' },
  targets: [
    { refId: 'A', datasource: { type: 'prometheus', uid: 'e2e-prometheus' }, expr, legendFormat: '{{instance}}' },
  ],
});

test.beforeEach(async ({ page }) => {
  await page.request.post('/api/datasources', {
    data: {
      name: 'e2e Prometheus',
      uid: 'e2e-prometheus',
      type: 'prometheus',
      access: 'proxy',
      url: 'http://127.0.0.1:1',
    },
  });
  const panels = [panel(1, 'CPU', CPU.replace('job="node"', 'job="$job"')), panel(2, 'Disk', DISK)];
  const templating = {
    list: [{ name: 'job', type: 'custom', query: 'node', current: { text: 'node', value: 'node' }, options: [] }],
  };
  const saved = await page.request.post('/api/dashboards/db', {
    data: {
      dashboard: { uid: UID, title: 'e2e panel menu', panels, templating, time: { from: 'now-6h', to: 'now' } },
      overwrite: true,
    },
  });
  expect(saved.ok()).toBe(true);
});

test.afterEach(async ({ page }) => {
  await page.request.delete(`/api/dashboards/uid/${UID}`);
  await page.request.delete('/api/datasources/uid/e2e-prometheus');
});

async function choose(page: import('@playwright/test').Page, title: string, item: string) {
  await page.goto(`/d/${UID}`);
  await page.getByRole('heading', { name: title, exact: true }).hover();
  await page.getByRole('button', { name: `Menu for panel ${title}` }).click();
  await page.getByRole('menuitem', { name: 'Extensions' }).hover();
  await page.getByRole('menuitem', { name: item }).click();
}

test('"Forecast this panel" previews the panel’s own query and goes on to Explore', async ({ page }) => {
  await choose(page, 'CPU', 'Forecast this panel');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: /azure-ea-01:9100 forecast/ })).toBeVisible();
  await dialog.getByRole('link', { name: 'Open in Explore' }).click();
  await expect(page).toHaveURL(/\/explore/);
  await expect(page.getByLabel('PromQL expression')).toHaveValue(/job="node"/);
});

test('"Warn me before…" says how long is left and starts a rule', async ({ page }) => {
  await choose(page, 'Disk', 'Warn me before…');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(/aliyun-hz-01:9100 reaches 90 in \d+ h/)).toBeVisible();
  await dialog.getByRole('link', { name: 'New alert rule' }).click();
  await expect(page).toHaveURL(/\/alerting\/new/);
  await expect(page.getByLabel(/^Output/).first()).toHaveValue('eta_early');
  await expect(page.getByRole('textbox', { name: /name/i }).first()).toHaveValue('Disk');
  await expect(page.getByLabel('PromQL expression')).toHaveValue(DISK);
  await expect(page.getByLabel('Limit', { exact: true })).toHaveValue('90');
});

test('a panel’s query goes on to the wizard', async ({ page }) => {
  await choose(page, 'CPU', 'Forecast this panel');
  await page.getByRole('dialog').getByRole('link', { name: 'Train a model' }).click();
  await expect(page).toHaveURL(/\/train/);
  await expect(page.getByLabel('PromQL expression')).toHaveValue(/job="node"/);
  await expect(page.getByRole('region', { name: 'What the query finds' })).toContainText('azure-ea-01:9100');
});
