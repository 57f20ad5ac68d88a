import { ForewarnQuery } from '../datasource/types';
import { pool } from './ask';
import { request } from './request';

/** A dashboard as the search lists it. */
export interface Found {
  uid: string;
  title: string;
}

/** A panel as a dashboard holds it, as far as it matters here; rows hold panels of their own. */
export interface Panel {
  id?: number;
  title?: string;
  type?: string;
  gridPos?: { x: number; y: number; w: number; h: number };
  targets?: ForewarnQuery[];
  fieldConfig?: { defaults?: { unit?: string }; overrides?: unknown[] };
  panels?: Panel[];
  [key: string]: unknown;
}

interface Dashboard {
  uid?: string;
  title: string;
  panels?: Panel[];
  [key: string]: unknown;
}

interface Answer {
  dashboard: Dashboard;
  meta: { folderUid?: string; url?: string; provisioned?: boolean };
}

/** Dashboards looked through at most for what uses a model. */
const MOST = 200;

/** Dashboards whose title contains a text. */
export const findDashboards = (text = '', limit = 50) =>
  request<Found[]>(`/api/search?type=dash-db&limit=${limit}&query=${encodeURIComponent(text)}`);

/** All panels, those in rows included. */
export const flat = (panels: Panel[] = []): Panel[] => panels.flatMap((p) => [p, ...flat(p.panels)]);

/** A dashboard as it is saved. */
export const fetchDashboard = (uid: string) => request<Answer>(`/api/dashboards/uid/${encodeURIComponent(uid)}`);

/** The dashboard with a panel more, below all others. */
export function withPanel(dashboard: Dashboard, panel: Panel): { dashboard: Dashboard; id: number } {
  const all = flat(dashboard.panels);
  const id = Math.max(0, ...all.map((p) => p.id ?? 0)) + 1;
  const below = Math.max(0, ...all.map((p) => (p.gridPos ? p.gridPos.y + p.gridPos.h : 0)));
  const placed = { ...panel, id, gridPos: { x: 0, y: below, w: 24, h: 10 } };
  return { dashboard: { ...dashboard, panels: [...(dashboard.panels ?? []), placed] }, id };
}

/** A panel that draws a query the way Forewarn styles it, its future included. */
export function panelOf(title: string, query: ForewarnQuery, hoursAhead: number): Panel {
  return {
    type: 'timeseries',
    title,
    datasource: query.datasource,
    targets: [query],
    ...(hoursAhead > 0 && { timeFrom: `${48 + hoursAhead}h`, timeShift: `0h+${hoursAhead}h` }),
    fieldConfig: { defaults: {}, overrides: [] },
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
      tooltip: { mode: 'multi', sort: 'none' },
    },
  };
}

/** Where a panel went. */
export interface Placed {
  dashboardUid: string;
  id: number;
}

/** The address of one panel of a dashboard. */
export const panelUrl = ({ dashboardUid, id }: Placed) => `/d/${dashboardUid}?viewPanel=panel-${id}`;

/** Puts a panel on a dashboard; without a uid on a new one of that title. */
export async function addPanel(to: { uid?: string; title: string }, panel: Panel): Promise<Placed> {
  const old: Answer = to.uid
    ? await fetchDashboard(to.uid)
    : {
        dashboard: { title: to.title, tags: ['forewarn'], time: { from: 'now-2d', to: 'now' }, panels: [] },
        meta: {},
      };
  const { dashboard, id } = withPanel(old.dashboard, panel);
  const saved = await request<{ uid: string }>('/api/dashboards/db', {
    method: 'POST',
    data: { dashboard, folderUid: old.meta.folderUid, message: panel.title },
  });
  return { dashboardUid: saved.uid, id };
}

/** A panel that asks a trained model. */
export interface Use {
  dashboard: Found;
  panel: string;
}

/** Panels that ask a trained model of this name, among the dashboards that the user sees. */
export async function findUses(model: string): Promise<Use[]> {
  const dashboards = await findDashboards('', MOST);
  const answers = await pool(dashboards.map((d) => () => fetchDashboard(d.uid)));
  return answers.flatMap((answer, i) =>
    answer.status === 'fulfilled'
      ? flat(answer.value.dashboard.panels)
          .filter((p) => (p.targets ?? []).some((q) => q.model?.name === model))
          .map((p) => ({ dashboard: dashboards[i], panel: p.title ?? '' }))
      : []
  );
}
