import { request } from '../api/request';
import { RulerRule } from './build';

const RULER = '/api/ruler/grafana/api/v1';

/** A folder that rules can be put into. */
export interface Folder {
  uid: string;
  title: string;
}

/** The folders that the user sees. */
export const fetchFolders = () => request<Folder[]>('/api/folders?limit=500');

/** The folder that Forewarn's rules go into where nobody chose another: the one of that name, made where it is missing. */
export async function ownFolder(title = 'Forewarn'): Promise<Folder> {
  const there = (await fetchFolders()).find((f) => f.title === title);
  return there ?? request<Folder>('/api/folders', { method: 'POST', data: { title } });
}

/** Names of the contact points, as far as the user may read them. */
export async function fetchContactPoints(): Promise<string[]> {
  const points = await request<Array<{ name: string }>>('/api/v1/provisioning/contact-points');
  return [...new Set(points.map((p) => p.name))].sort();
}

interface Group {
  name: string;
  interval?: string;
  rules: Array<{ grafana_alert?: { title?: string; uid?: string } }>;
}

/** The group's rules as they are now; none where there is no such group. */
async function fetchGroup(folderUid: string, name: string): Promise<Group> {
  const folders = await request<Record<string, Group[]>>(`${RULER}/rules/${folderUid}`);
  return (
    Object.values(folders)
      .flat()
      .find((group) => group.name === name) ?? { name, rules: [] }
  );
}

/** Adds a rule to a group, or replaces the one of the same title; the group's other rules stay. Gives the rule's uid. */
export async function saveRule(
  folderUid: string,
  groupName: string,
  rule: RulerRule,
  interval = '1m'
): Promise<string> {
  const group = await fetchGroup(folderUid, groupName);
  const same = group.rules.find((r) => r.grafana_alert?.title === rule.grafana_alert.title);
  const uid = same?.grafana_alert?.uid;
  const mine = uid ? { ...rule, grafana_alert: { ...rule.grafana_alert, uid } } : rule;
  const rules = [...group.rules.filter((r) => r !== same), mine];
  const done = await request<{ created?: string[] } | undefined>(`${RULER}/rules/${folderUid}`, {
    method: 'POST',
    data: { name: groupName, interval: group.interval ?? interval, rules },
  });
  return uid ?? done?.created?.[0] ?? '';
}

/** Stops a rule or lets it run again; stopping sends a resolved message, and rules from files refuse it. */
export async function pauseRule(uid: string, paused: boolean): Promise<void> {
  const url = `/api/v1/provisioning/alert-rules/${encodeURIComponent(uid)}`;
  const rule = await request<Record<string, unknown>>(url);
  await request(url, {
    method: 'PUT',
    data: { ...rule, isPaused: paused },
    headers: { 'X-Disable-Provenance': 'true' },
  });
}
