import { DATASOURCE, expect, test } from './fixtures';

const EDIT = `/connections/datasources/edit/${DATASOURCE.uid}`;

test('both connections are tested, and the answer names each side', async ({ page }) => {
  await page.goto(EDIT);
  await page.getByRole('button', { name: 'Save & test' }).click();
  await expect(page.getByText(/Prometheus .* answers/)).toBeVisible();
});

test('a saved password is never shown', async ({ page }) => {
  await page.goto(EDIT);
  const password = page.getByLabel('Password', { exact: true });
  await expect(password).toBeDisabled();
  await expect(password).toHaveValue('configured');
});

test('a wrong address is said beside the field', async ({ page }) => {
  await page.goto(EDIT);
  const url = page.locator('#prometheus-url');
  await url.fill('prometheus:9090');
  await expect(page.getByText('Write an address such as')).toBeVisible();
});

test('a source that is down is named', async ({ page }) => {
  const made = await page.request.post('/api/datasources', {
    data: {
      name: `down ${Date.now()}`,
      type: DATASOURCE.type,
      access: 'proxy',
      url: 'http://127.0.0.1:1',
      jsonData: {},
    },
  });
  const { datasource } = await made.json();
  try {
    await page.goto(`/connections/datasources/edit/${datasource.uid}`);
    await page.getByRole('button', { name: 'Save & test' }).click();
    await expect(page.getByText(/prometheus fails/)).toBeVisible();
  } finally {
    await page.request.delete(`/api/datasources/uid/${datasource.uid}`);
  }
});
