import { DATASOURCE_ID } from '../constants';
import { RuleNode, RulerRule } from './build';
import list from './prepared.json';
import { ownFolder, saveRule } from './ruler';

/** A rule that comes with the app, as provisioning/alerting has it; a node that asks takes the user's data source. */
interface PreparedRule {
  title: string;
  for: string;
  keepFiringFor: string;
  condition: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  data: Array<{ refId: string; from: number; to: number; asks: boolean; model: Record<string, unknown> }>;
}

/** Rules for one kind of thing: hosts, containers, a gateway, … */
export interface PreparedGroup {
  name: string;
  rules: PreparedRule[];
}

/** The rules that come with the app. */
export const PREPARED = list as unknown as PreparedGroup[];

/** What the rule is called in the user's language. */
export const titleOf = (rule: PreparedRule, zh: boolean): string => (zh && rule.annotations.title_zh) || rule.title;

/** The rule as Grafana takes it: it asks the given data source, and its texts and dashboard are in the user's language. */
export function preparedRule(rule: PreparedRule, uid: string, zh: boolean): RulerRule {
  const own = rule.annotations;
  const annotations = zh
    ? {
        ...own,
        summary: own.summary_zh ?? own.summary,
        description: own.description_zh ?? own.description,
        summary_en: own.summary,
        description_en: own.description,
        ...(own.__dashboardUid__ && { __dashboardUid__: `${own.__dashboardUid__}-zh` }),
      }
    : own;
  const data = rule.data.map(({ refId, from, to, asks, model }): RuleNode => ({
    refId,
    queryType: asks ? String(model.queryType) : '',
    datasourceUid: asks ? uid : '__expr__',
    relativeTimeRange: { from, to },
    model: { ...model, datasource: asks ? { type: DATASOURCE_ID, uid } : { type: '__expr__', uid: '__expr__' } },
  }));
  return {
    for: rule.for,
    keep_firing_for: rule.keepFiringFor,
    labels: rule.labels,
    annotations,
    grafana_alert: {
      title: titleOf(rule, zh),
      condition: rule.condition,
      no_data_state: 'OK',
      exec_err_state: 'KeepLast',
      is_paused: false,
      data,
    },
  };
}

/** Puts a group's rules into Forewarn's folder, in the user's own session; those of the same title are replaced. */
export async function installGroup(group: PreparedGroup, uid: string, zh: boolean): Promise<void> {
  const folder = await ownFolder();
  for (const rule of group.rules) {
    await saveRule(folder.uid, group.name, preparedRule(rule, uid, zh));
  }
}
