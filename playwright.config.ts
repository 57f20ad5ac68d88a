import { defineConfig } from '@playwright/test';

// Runs against a Grafana that has the plugin, its provisioning and the demo's data: GRAFANA_URL says where.
export default defineConfig({
  testDir: './tests',
  testMatch: '**/*.spec.ts',
  // generous: a busy machine draws a page in half a minute, and a page that never comes fails all the same
  timeout: 120_000,
  expect: { timeout: 30_000 },
  fullyParallel: false,
  workers: 1,
  retries: 0,
  reporter: [['list']],
  outputDir: 'test-results',
  use: {
    baseURL: process.env.GRAFANA_URL ?? 'http://127.0.0.1:3000',
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    },
  },
});
