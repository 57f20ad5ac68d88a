import fs from 'fs';
import path from 'path';

import appJson from './plugin.json';
import datasourceJson from './datasource/plugin.json';

const SRC = __dirname;

describe('plugin.json', () => {
  it('declares the nested data source and files that exist', () => {
    const files = appJson.includes.filter((i) => i.type !== 'page').map((i) => i.path);
    expect(files).toContain('datasource/plugin.json');
    for (const file of [...files, appJson.info.logos.small, `datasource/${datasourceJson.info.logos.small}`]) {
      expect([file, fs.existsSync(path.join(SRC, file))]).toEqual([file, true]);
    }
  });

  it('includes every dashboard that is there', () => {
    const files = fs.readdirSync(path.join(SRC, 'dashboards'), { recursive: true }).map(String);
    const there = files.filter((f) => f.endsWith('.json')).map((f) => `dashboards/${f}`);
    const included = appJson.includes.filter((i) => i.type === 'dashboard').map((i) => i.path);
    expect(included.sort()).toEqual(there.sort());
  });

  it('has a page in the navigation for each route, and training only for editors', () => {
    const app = fs.readFileSync(path.join(SRC, 'components/App.tsx'), 'utf8');
    const routes = [...app.matchAll(/path="(\w+)"/g)].map((m) => m[1]);
    const pages = appJson.includes.filter((i) => i.type === 'page');
    expect(pages.map((p) => p.path.replace('/a/%PLUGIN_ID%/', ''))).toEqual(routes);
    expect(pages.filter((p) => p.role !== 'Viewer').map((p) => p.name)).toEqual(['Train']);
  });

  it('asks for the same Grafana and speaks the same languages in both plugins', () => {
    expect(datasourceJson.dependencies.grafanaDependency).toBe(appJson.dependencies.grafanaDependency);
    expect(datasourceJson.languages).toEqual(appJson.languages);
  });

  it('has a back end in the data source alone', () => {
    expect(appJson).not.toHaveProperty('executable');
    expect(datasourceJson).toMatchObject({
      backend: true,
      executable: 'gpx_forewarn',
      alerting: true,
      annotations: true,
      metrics: true,
    });
  });
});
