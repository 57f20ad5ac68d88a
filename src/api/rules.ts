import { getBackendSrv, getDataSourceSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

import { DATASOURCE_ID } from '../constants';
import { ForewarnQuery } from '../datasource/types';

/** One firing or pending instance of a rule. */
export interface Instance {
  labels: Record<string, string>;
  summary: string;
  state: 'firing' | 'pending';
  /** ISO time since when it is active. */
  since: string;
}

/** A Grafana-managed rule whose query asks a Forewarn data source. */
export interface Rule {
  uid: string;
  name: string;
  folder: string;
  health: string;
  error?: string;
  query: ForewarnQuery;
  datasourceUid: string;
  instances: Instance[];
}

interface RawAlert {
  state: string;
  activeAt: string;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
}

interface RawRule {
  uid?: string;
  name: string;
  query: string;
  health: string;
  lastError?: string;
  alerts?: RawAlert[];
}

interface RawNode {
  datasourceUid?: string;
  model?: ForewarnQuery & { datasource?: { type?: string; uid?: string } };
}

interface RulesAnswer {
  data: { groups: Array<{ file: string; rules: RawRule[] }> };
}

/** The Forewarn node of a rule's query list, which Grafana's rules API gives as text. */
export function forewarnNode(query: string, uids: Set<string>): { query: ForewarnQuery; uid: string } | undefined {
  let nodes: unknown;
  try {
    nodes = JSON.parse(query);
  } catch {
    return undefined; // a rule of another source: its query is no list of nodes
  }
  if (!Array.isArray(nodes)) {
    return undefined;
  }
  for (const node of nodes as RawNode[]) {
    const uid = node.datasourceUid ?? node.model?.datasource?.uid ?? '';
    if (node.model && uids.has(uid)) {
      return { query: node.model, uid };
    }
  }
  return undefined;
}

const state = (text: string) => text.toLowerCase().split(' ')[0];

/** The rules on Forewarn data sources with their active instances, as the signed-in user may see them. */
export async function fetchRules(): Promise<Rule[]> {
  const uids = new Set(getDataSourceSrv().getList({ pluginId: DATASOURCE_ID }).map((d) => d.uid));
  const answer = await lastValueFrom(
    getBackendSrv().fetch<RulesAnswer>({ url: '/api/prometheus/grafana/api/v1/rules', showErrorAlert: false })
  );
  const rules: Rule[] = [];
  for (const group of answer.data.data.groups) {
    for (const raw of group.rules) {
      const node = forewarnNode(raw.query, uids);
      if (!node) {
        continue;
      }
      rules.push({
        uid: raw.uid ?? '',
        name: raw.name,
        folder: group.file,
        health: raw.health,
        error: raw.lastError || undefined,
        query: node.query,
        datasourceUid: node.uid,
        instances: (raw.alerts ?? [])
          .filter((a) => state(a.state) === 'alerting' || state(a.state) === 'firing' || state(a.state) === 'pending')
          .map((a) => ({
            labels: a.labels,
            summary: a.annotations?.summary ?? raw.name,
            state: state(a.state) === 'pending' ? 'pending' : 'firing',
            since: a.activeAt,
          })),
      });
    }
  }
  return rules;
}
