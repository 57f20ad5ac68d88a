import { request } from '../api/request';
import { login } from '../api/role';

const SILENCES = '/api/alertmanager/grafana/api/v2';

/** A condition on a label; a silence holds what fulfils all of its conditions. */
export interface Matcher {
  name: string;
  value: string;
  isEqual?: boolean;
  isRegex: boolean;
}

/** A stretch in which matching alerts notify nobody. */
export interface Silence {
  id: string;
  matchers: Matcher[];
  startsAt: string;
  endsAt: string;
  createdBy: string;
  comment: string;
  status: { state: 'active' | 'pending' | 'expired' };
}

/** Silences that hold now or will; the soonest to end first. */
export async function fetchSilences(): Promise<Silence[]> {
  const all = await request<Silence[]>(`${SILENCES}/silences`);
  return all.filter((s) => s.status.state !== 'expired').sort((a, b) => a.endsAt.localeCompare(b.endsAt));
}

/** Label by which Grafana's silences name a rule. */
export const RULE_LABEL = '__alert_rule_uid__';

/** Turns the notifications of a rule off for some hours; with labels, only those of matching instances. */
export function silence(
  ruleUid: string,
  hours: number,
  comment: string,
  labels: Record<string, string> = {},
  now = Date.now()
): Promise<{ silenceID: string }> {
  const matchers: Matcher[] = [
    { name: RULE_LABEL, value: ruleUid, isEqual: true, isRegex: false },
    ...Object.entries(labels).map(([name, value]) => ({ name, value, isEqual: true, isRegex: false })),
  ];
  return request(`${SILENCES}/silences`, {
    method: 'POST',
    data: {
      matchers,
      startsAt: new Date(now).toISOString(),
      endsAt: new Date(now + hours * 3_600_000).toISOString(),
      createdBy: login(),
      comment,
    },
  });
}

/** Ends a silence: notifications are on again. */
export const endSilence = (id: string) =>
  request<void>(`${SILENCES}/silence/${encodeURIComponent(id)}`, { method: 'DELETE' });

const holds = (m: Matcher, labels: Record<string, string>) => {
  const value = labels[m.name] ?? '';
  let same: boolean;
  try {
    same = m.isRegex ? new RegExp(`^(?:${m.value})$`).test(value) : value === m.value;
  } catch {
    same = false;
  }
  return same === (m.isEqual ?? true);
};

/** The active silence under which a rule's instance is; without labels, one that holds the whole rule. The last to end counts. */
export function silenceOf(
  silences: Silence[],
  ruleUid: string,
  labels: Record<string, string> = {}
): Silence | undefined {
  const all = { ...labels, [RULE_LABEL]: ruleUid };
  return silences
    .filter((s) => s.status.state === 'active' && s.matchers.every((m) => holds(m, all)))
    .sort((a, b) => b.endsAt.localeCompare(a.endsAt))[0];
}
