import { cleanUp, expect, HISTORY, signIn, test, trained } from './fixtures';

const NAME = 'e2e history';

test.beforeEach(async ({ page }) => trained(page.request, NAME));
test.afterEach(async ({ page }) => {
  await signIn(page.request);
  await cleanUp(page.request, NAME);
});

test('tells who did what, filtered by kind, model and text, in a chain that is whole', async ({ page }) => {
  await page.goto(HISTORY);
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await expect(timeline.getByText('training done').first()).toBeVisible();
  await expect(page.getByText(/chain whole/)).toBeVisible();
  await page.getByRole('combobox', { name: 'Model' }).click();
  await page.getByRole('option', { name: NAME, exact: true }).click();
  await expect(timeline.getByText('warning raised')).toHaveCount(0);
  await expect(timeline.getByText(NAME).first()).toBeVisible();
  await page.getByPlaceholder('Filter by series, person or text').fill('no.such-thing');
  await expect(page.getByText('Nothing here matches the filter')).toBeVisible();
  await page.getByPlaceholder('Filter by series, person or text').fill(NAME);
  await expect(timeline.getByText('training done').first()).toBeVisible();
});

test('a warning opens its card with its numbers', async ({ page }) => {
  await page.goto(HISTORY);
  await page.getByRole('combobox', { name: 'Kind' }).click();
  await page.getByRole('option', { name: 'warnings' }).click();
  const timeline = page.getByRole('region', { name: 'Timeline' });
  await timeline
    .getByRole('button', { name: /Details of warning raised/ })
    .first()
    .click();
  await expect(timeline.getByText('Rule', { exact: true })).toBeVisible();
  await expect(timeline.getByText('Sent to', { exact: true })).toBeVisible();
});

test('a would-be alert is labelled, and the label is in the trail', async ({ page }) => {
  const to = new Date();
  const from = new Date(to.getTime() - 3_600_000);
  const label = { model: NAME, series: { instance: 'tencent-bj-02:9100' }, from, to, kind: 'incident', note: 'e2e' };
  const made = await page.request.post('/api/datasources/uid/forewarn/resources/labels', { data: label });
  expect(made.status()).toBe(201);
  await page.goto(HISTORY);
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText(/label/i);
  await expect(page.getByText(/e2e history \(.*labelled alerts were right/)).toBeVisible();
  const { id } = await made.json();
  expect((await page.request.delete(`/api/datasources/uid/forewarn/resources/labels/${id}`)).ok()).toBe(true);
});
