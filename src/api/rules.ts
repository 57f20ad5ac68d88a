import { getDataSourceSrv } from '@grafana/runtime';

import { DATASOURCE_ID } from '../constants';
import { ForewarnQuery } from '../datasource/types';
import { ModelQuery } from './contract';
import { language } from './language';
import { phrase } from './phrases';
import { request } from './request';

/** One firing or pending instance of a rule. */
export interface Instance {
  labels: Record<string, string>;
  summary: string;
  description?: string;
  state: 'firing' | 'pending';
  /** ISO time since when it is active. */
  since: string;
}

/** A Grafana-managed rule whose query asks a Forewarn data source. */
export interface Rule {
  uid: string;
  name: string;
  folder: string;
  /** Why the rule cannot be evaluated; undefined where it can. */
  error?: string;
  query: ForewarnQuery;
  datasourceUid: string;
  /** What the trained model that the query names was defined to read and ask. */
  trained?: ModelQuery;
  /** The panel that the rule's annotations name. */
  panel?: { dashboardUid: string; id: number };
  instances: Instance[];
  /** Stopped: it is not evaluated. */
  paused?: boolean;
  /** Comes from a file and cannot be stopped here. */
  provisioned?: boolean;
}

type Texts = Record<string, string>;

interface RawAlert {
  state: string;
  activeAt: string | null;
  labels: Texts;
  annotations?: Texts;
}

interface RawRule {
  uid?: string;
  name: string;
  query?: string;
  queriedDatasourceUIDs?: string[];
  health: string;
  isPaused?: boolean;
  /** Set where a file or the provisioning API made the rule. */
  provenance?: string;
  lastError?: string;
  annotations?: Texts;
  alerts?: RawAlert[];
}

interface RawNode {
  datasourceUid?: string;
  model?: ForewarnQuery & { datasource?: { type?: string; uid?: string } };
}

interface RulesAnswer {
  data: { groups: Array<{ file: string; rules: RawRule[] }> };
}

interface RulerAnswer {
  grafana_alert?: { data?: RawNode[] };
}

/** The Forewarn node of a rule's list of queries; of several the first, but an early warning before all. */
export function forewarnNode(nodes: unknown, uids: Set<string>): { query: ForewarnQuery; uid: string } | undefined {
  if (!Array.isArray(nodes)) {
    return undefined;
  }
  const ours = (nodes as RawNode[]).flatMap((node) => {
    const uid = node?.datasourceUid ?? node?.model?.datasource?.uid ?? '';
    return node?.model && uids.has(uid) ? [{ query: node.model, uid }] : [];
  });
  return ours.find((node) => node.query.queryType === 'warning') ?? ours[0];
}

/** The rules API gives the queries as text: JSON, unless some node is a plain Prometheus query. */
function parseNodes(query: string | undefined): unknown {
  try {
    return JSON.parse(query ?? '');
  } catch {
    return undefined;
  }
}

/** Reads the queries from the ruler, for rules that mix in queries of other sources; nothing where that is not allowed. */
async function askRuler(uid: string): Promise<unknown> {
  try {
    const answer = await request<RulerAnswer>(`/api/ruler/grafana/api/v1/rule/${uid}`);
    return answer.grafana_alert?.data;
  } catch {
    return undefined;
  }
}

const inWord = (text: string, word: string) => text.toLowerCase().includes(word);

/** A text of the annotations in the reader's language: `summary_zh` beside `summary`. */
function localized(annotations: Texts, name: string): string | undefined {
  const text = annotations[`${name}_${language()?.split('-')[0]}`] || annotations[name];
  // after a restart a rule's texts stay templates until it is evaluated
  return text?.includes('{{') ? undefined : text;
}

function instancesOf(raw: RawRule): Instance[] {
  return (raw.alerts ?? []).flatMap((a) => {
    const state = a.state.toLowerCase().split(' ')[0];
    if (state !== 'alerting' && state !== 'firing' && state !== 'recovering' && state !== 'pending') {
      return [];
    }
    const texts = a.annotations ?? {};
    return [
      {
        labels: a.labels,
        summary: localized(texts, 'summary') ?? raw.name,
        description: localized(texts, 'description'),
        state: state === 'pending' ? ('pending' as const) : ('firing' as const),
        since: a.activeAt ?? '',
      },
    ];
  });
}

/** A rule that keeps its last state over an error counts as broken too, although Grafana calls it healthy. */
function errorOf(raw: RawRule): string | undefined {
  if (raw.health === 'error') {
    return phrase(raw.lastError || raw.name);
  }
  const kept = (raw.alerts ?? []).find((a) => inWord(a.state, '(error'));
  return kept && phrase(kept.annotations?.Error ?? raw.lastError ?? raw.name);
}

function panelOf(raw: RawRule): Rule['panel'] {
  const texts = raw.annotations ?? raw.alerts?.[0]?.annotations ?? {};
  const dashboardUid = texts.__dashboardUid__;
  const id = Number(texts.__panelId__);
  return dashboardUid && Number.isInteger(id) && id > 0 ? { dashboardUid, id } : undefined;
}

/** The rules on Forewarn data sources with their active instances, as the signed-in user may see them; paused ones on request. */
export async function fetchRules({ paused = false } = {}): Promise<Rule[]> {
  const sources = getDataSourceSrv().getList({ pluginId: DATASOURCE_ID });
  const uids = new Set(sources.map((d) => d.uid));
  const answer = await request<RulesAnswer>('/api/prometheus/grafana/api/v1/rules');
  const raws = answer.data.groups.flatMap((group) => group.rules.map((raw) => ({ raw, folder: group.file })));
  const rules = await Promise.all(
    raws.map(async ({ raw, folder }): Promise<Rule | undefined> => {
      if (
        (raw.isPaused && !paused) ||
        (raw.queriedDatasourceUIDs && !raw.queriedDatasourceUIDs.some((uid) => uids.has(uid)))
      ) {
        return undefined;
      }
      let node = forewarnNode(parseNodes(raw.query), uids);
      if (!node && raw.uid && raw.queriedDatasourceUIDs) {
        node = forewarnNode(await askRuler(raw.uid), uids);
      }
      return (
        node && {
          uid: raw.uid ?? '',
          name: raw.name,
          folder,
          error: errorOf(raw),
          query: node.query,
          datasourceUid: node.uid,
          ...(raw.isPaused && { paused: true }),
          ...(raw.provenance === 'file' && { provisioned: true }),
          panel: panelOf(raw),
          instances: instancesOf(raw),
        }
      );
    })
  );
  return rules.filter((rule) => rule !== undefined);
}
