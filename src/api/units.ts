import { fetchDashboard, flat, Panel } from './dashboards';
import { pool } from './ask';
import { Rule } from './rules';

const METRIC = new Set(['all', 'actual', 'expected', 'forecast', 'lower', 'upper', 'current']);

/** The unit in which a panel draws its metric; undefined where it draws something else, such as scores or hours. */
export function unitOf(panels: Panel[], id: number): string | undefined {
  const panel = flat(panels).find((p) => p.id === id);
  const target = panel?.targets?.[0];
  const metric = target && target.queryType !== 'composite' && METRIC.has(target.output ?? 'all');
  const unit = panel?.fieldConfig?.defaults?.unit;
  return metric && unit !== 'none' ? unit : undefined;
}

/** The metric's unit of each rule, by uid, from the panel that the rule names. A dashboard that cannot be read has no unit to give. */
export async function fetchUnits(rules: Rule[]): Promise<Record<string, string>> {
  const dashboards = [...new Set(rules.flatMap((r) => (r.panel ? [r.panel.dashboardUid] : [])))];
  const answers = await pool(dashboards.map((uid) => () => fetchDashboard(uid)));
  const units: Record<string, string> = {};
  for (const rule of rules) {
    const answer = rule.panel && answers[dashboards.indexOf(rule.panel.dashboardUid)];
    if (rule.panel && answer?.status === 'fulfilled') {
      const unit = unitOf(answer.value.dashboard.panels ?? [], rule.panel.id);
      if (unit) {
        units[rule.uid] = unit;
      }
    }
  }
  return units;
}
