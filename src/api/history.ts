import { DataFrameJSON } from '@grafana/data';

import { pool } from './ask';
import { request } from './request';
import { Rule } from './rules';

/** Rules asked for; beyond it the count is a lower bound, but a page must not send a thousand requests. */
const MOST = 200;

const starts = (state: unknown) => String(state ?? '').startsWith('Alerting');

/** Changes to Alerting in a rule's state history, whichever store it comes from. */
export function countFired(frame: DataFrameJSON): number {
  const names = frame.schema?.fields.map((f) => f.name) ?? [];
  const column = (name: string): unknown[] => (frame.data?.values[names.indexOf(name)] as unknown[] | undefined) ?? [];
  if (names.includes('line')) {
    // Loki: one object for each change
    return column('line')
      .map((line) => (typeof line === 'string' ? JSON.parse(line) : line) as { previous?: string; current?: string })
      .filter((line) => starts(line.current) && !starts(line.previous)).length;
  }
  // annotations: one column for each side of the change
  const before = column('prev');
  return column('next').filter((state, i) => starts(state) && !starts(before[i])).length;
}

/** How many times the rules began to fire within the last 24 hours. A rule whose history cannot be read throws. */
export async function fetchFired(rules: Rule[], now = Date.now()): Promise<number> {
  const to = Math.floor(now / 1000);
  const results = await pool(
    rules.slice(0, MOST).map((rule) => async () => {
      const params = { ruleUID: rule.uid, from: to - 24 * 3600, to };
      return countFired(await request<DataFrameJSON>('/api/v1/rules/history', { params }));
    })
  );
  return results.reduce((sum, r) => {
    if (r.status === 'rejected') {
      throw r.reason;
    }
    return sum + r.value;
  }, 0);
}
