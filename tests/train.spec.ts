import { readFileSync } from 'node:fs';
import path from 'node:path';

import { APIRequestContext, Page } from '@playwright/test';

import { cleanUp, expect, signIn, test, TRAIN, UID } from './fixtures';

const LANGUAGES = ['en-US', 'zh-Hans'] as const;
type Language = (typeof LANGUAGES)[number];

/** The wizard's words in a language, by "group.key". */
function texts(language: Language): (key: string) => string {
  const file = path.join(__dirname, `../src/locales/${language}/forewarn-earlywarning-app.json`);
  const all: Record<string, Record<string, string>> = JSON.parse(readFileSync(file, 'utf8'));
  return (key) => {
    const [group, name] = key.split('.');
    expect(all[group]?.[name], key).toBeTruthy();
    return all[group][name];
  };
}

/** From an empty wizard to a trained model, a panel on a dashboard and an alert rule. */
async function train(page: Page, language: Language, name: string) {
  const w = texts(language);
  const button = (text: string) => page.getByRole('button', { name: text, exact: true });
  await page.goto(TRAIN);
  await test.step('data: series, cost and what the history is enough for', async () => {
    await button(w('example.cpu')).click();
    await expect(page.getByRole('region', { name: w('train.preview') })).toContainText('tencent-bj-01:9100');
    await button(w('train.to-model')).click();
  });
  await test.step('model: train with progress', async () => {
    await button(w('train.train')).click();
    await expect(page.getByRole('list', { name: w('figures.title') })).toContainText('%', { timeout: 60_000 });
  });
  await test.step('check: what would have fired, and the slider', async () => {
    const alerts = page.getByRole('list', { name: w('replay.list') });
    await expect(alerts).toContainText('tencent-bj-02:9100', { timeout: 60_000 });
    const before = await alerts.getByRole('listitem').count();
    await page.getByLabel(w('replay.own')).click({ force: true });
    await page.getByRole('slider', { name: w('replay.slider') }).press('Home');
    await expect(page.getByText(w('replay.at-most').replace('{{n}}', '1'))).toBeVisible();
    await expect.poll(() => alerts.getByRole('listitem').count()).toBeLessThanOrEqual(before);
  });
  await test.step('save: model, panel and rule', async () => {
    await button(w('train.to-save')).last().click();
    await page.getByLabel(w('save.name'), { exact: true }).fill(name);
    await button(w('save.save')).click();
    await expect(page.getByText(w('finished.with-rule').replace('{{name}}', name))).toBeVisible();
  });
}

/** What the wizard left behind. */
async function made(request: APIRequestContext, name: string) {
  const model = await (await request.get(`/api/datasources/uid/${UID}/resources/models/${name}`)).json();
  const rules = await (await request.get('/api/ruler/grafana/api/v1/rules')).json();
  const groups = Object.values(rules).flat() as Array<{ name: string; rules: Array<{ grafana_alert: object }> }>;
  return { model, rule: groups.find((g) => g.name === name)?.rules[0] };
}

for (const language of LANGUAGES) {
  test(`from a query to a model, a panel and a rule in under three minutes, in ${language}`, async ({ page }) => {
    test.setTimeout(180_000);
    const name = `e2e ${language}`;
    await cleanUp(page.request, name);
    await signIn(page.request, 'admin', 'admin', language);
    await train(page, language, name);
    const { model, rule } = await made(page.request, name);
    expect(model).toMatchObject({ definition: { name, draft: false, alertBudget: 1 } });
    expect(model.live).toBeGreaterThan(0);
    expect(rule).toMatchObject({ grafana_alert: { title: name } });
    await page.getByRole('link', { name: texts(language)('finished.panel') }).click();
    await expect(page).toHaveURL(/viewPanel=/);
    await expect(page.getByRole('button', { name: /tencent-bj-02:9100/ }).first()).toBeVisible();
    await signIn(page.request);
    await cleanUp(page.request, name);
  });
}

test('maintenance of each week is entered with what is wrong said beside it, and becomes part of the model', async ({
  page,
}) => {
  await page.goto(TRAIN);
  await page.getByRole('button', { name: 'CPU of each host' }).click();
  await page.getByRole('button', { name: 'Choose the model' }).click();
  await page.getByRole('button', { name: 'Calendar, limits and guards' }).click();
  const maintenance = page.getByRole('region', { name: 'Maintenance' });
  await maintenance.getByRole('button', { name: 'Each week' }).click();
  await maintenance.getByRole('button', { name: 'Sat', exact: true }).press('Space');
  await maintenance.getByLabel('Start').fill('24:30');
  await expect(maintenance.getByRole('alert')).toContainText('“24:30”');
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toBeDisabled();
  await maintenance.getByLabel('Start').fill('03:30');
  await expect(maintenance.getByRole('alert')).toHaveCount(0);
  const started = page.waitForRequest((r) => r.method() === 'POST' && r.url().endsWith('/jobs'));
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  expect((await started).postDataJSON().definition.query.calendar).toEqual({
    maintenance: [{ days: ['sat', 'sun'], start: '03:30', duration: '2h' }],
  });
  await expect(page.getByRole('list', { name: 'How good the model is' })).toContainText('%', { timeout: 60_000 });
});

test('a query that cannot be read is named, with the field', async ({ page }) => {
  await page.goto(TRAIN);
  await page.getByLabel('PromQL expression').fill('rate(node_cpu_seconds_total[5m]');
  await page.getByLabel('PromQL expression').blur();
  await expect(page.getByRole('alert').first()).toContainText(/parse error|unclosed/i);
  await expect(page.getByRole('button', { name: 'Train', exact: true })).toHaveCount(0);
});
