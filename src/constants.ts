import pluginJson from './plugin.json';

/** Id of the app. */
const APP_ID = pluginJson.id;

/** Id of the data source that the app brings along. */
export const DATASOURCE_ID = 'forewarn-earlywarning-datasource';

/** Root of the app's pages. */
const APP_BASE = `/a/${APP_ID}`;

/** The dashboards that come with the app, which all carry its tag. */
export const DASHBOARDS = '/dashboards?tag=forewarn';

/** The app's pages. */
export const PAGES = {
  overview: `${APP_BASE}/overview`,
  train: `${APP_BASE}/train`,
  models: `${APP_BASE}/models`,
  alerts: `${APP_BASE}/alerts`,
  history: `${APP_BASE}/history`,
};
