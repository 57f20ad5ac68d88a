import { Definition } from '../api/contract';
import { hoursOf } from '../api/ranges';
import { ForewarnQuery, QueryType } from '../datasource/types';
import { Texts } from './texts';

/** What the rule form asks for; times are durations such as 10m. */
export interface RuleForm {
  title: string;
  folderUid: string;
  /** From this score on; 1 is the edge of the allowed band. For rules on scores. */
  score: number;
  /** Hours within which the limit may be reached. For early warnings. */
  within: number;
  /** The value that a forecast must pass. For forecasts. */
  limit: number;
  /** The impact that has to come with it: the value itself is beyond this. Without it every anomaly counts. */
  impact?: { direction: 'above' | 'below'; value: number };
  pending: string;
  keepFiring: string;
  severity: 'critical' | 'warning' | 'info';
  /** Contact point; empty leaves it to the notification policies. */
  receiver: string;
  panel?: { dashboardUid: string; id: number };
}

/** One query or expression of a rule, as Grafana's ruler takes it. */
export interface RuleNode {
  refId: string;
  queryType: string;
  datasourceUid: string;
  relativeTimeRange: { from: number; to: number };
  model: Record<string, unknown>;
}

/** A rule as Grafana's ruler takes it. */
export interface RulerRule {
  for: string;
  keep_firing_for: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  grafana_alert: {
    title: string;
    condition: string;
    no_data_state: 'OK';
    exec_err_state: 'KeepLast';
    is_paused: boolean;
    data: RuleNode[];
    notification_settings?: { receiver: string };
  };
}

/** A rule lets go only when the score is back below this share of its threshold. */
const RELEASE = 0.8;
/** … and when the time left has grown by this much. */
const RELIEF = 4 / 3;

const EXPRESSION = { type: '__expr__', uid: '__expr__' };
const HOUR = 3600;

const expression = (refId: string, model: Record<string, unknown>): RuleNode => ({
  refId,
  queryType: '',
  datasourceUid: '__expr__',
  relativeTimeRange: { from: 0, to: 0 },
  model: { refId, datasource: EXPRESSION, ...model },
});

/** The newest value of a query; a bucket without one is left out, so that no data stays no data. */
const last = (refId: string, of: string, reducer = 'last') =>
  expression(refId, { type: 'reduce', expression: of, reducer, settings: { mode: 'dropNN' } });

const threshold = (refId: string, of: string, raise: Evaluator, release: Evaluator) =>
  expression(refId, {
    type: 'threshold',
    expression: of,
    conditions: [
      {
        type: 'query',
        evaluator: raise,
        unloadEvaluator: release,
        operator: { type: 'and' },
        query: { params: [refId] },
        reducer: { type: 'last', params: [] },
      },
    ],
  });

interface Evaluator {
  type: 'gt' | 'lt';
  params: number[];
}

/** The signals of a composite, with the nodes that tell the part of each in its score: 0 to 1, and in per cent. */
export const signalsOf = (definition: Definition) =>
  (definition.query.sources ?? []).map(({ name }, i) => ({ name, part: `Q${i + 1}`, percent: `R${i + 1}` }));

/** The queries and expressions of a rule on a trained model; C is the condition. */
export function ruleNodes(uid: string, definition: Definition, form: RuleForm): RuleNode[] {
  const type: QueryType = definition.query.queryType ?? 'forecast';
  const query = (refId: string, output: string, from = HOUR, to = 0, own: Partial<ForewarnQuery> = {}): RuleNode => ({
    refId,
    queryType: type,
    datasourceUid: uid,
    relativeTimeRange: { from, to },
    model: { ...modelOf(uid, definition, refId, output), ...own },
  });
  switch (type) {
    case 'warning':
      return [
        query('A', 'eta_early'),
        query('M', 'eta'),
        query('N', 'current'),
        query('G', 'growth'),
        query('P', 'last_week'),
        query('Q', 'probability'),
        expression('R', { type: 'math', expression: '100 * $Q' }),
        threshold('C', 'A', { type: 'lt', params: [form.within] }, { type: 'gt', params: [form.within * RELIEF] }),
      ];
    case 'forecast': {
      const ahead = Math.round(form.within * HOUR);
      const direction = form.impact?.direction ?? 'above';
      const up = direction === 'above';
      // the rule looks ahead as far as it was told, however far its model does, but for a step at least
      const hours = Math.max(form.within, hoursOf(definition.query.interval, 0));
      const horizon = { horizon: `${Math.ceil(60 * hours)}m` };
      const limit = { ...horizon, threshold: { value: form.limit, direction } };
      return [
        query('A', 'forecast', 0, -ahead, horizon),
        last('M', 'A', up ? 'max' : 'min'),
        query('T', 'eta', HOUR, 0, limit),
        query('V', 'crossing', HOUR, 0, limit),
        query('L', 'crossing_lower', HOUR, 0, limit),
        query('U', 'crossing_upper', HOUR, 0, limit),
        query('K', 'actual'),
        last('N', 'K'),
        threshold(
          'C',
          'M',
          { type: up ? 'gt' : 'lt', params: [form.limit] },
          { type: up ? 'lt' : 'gt', params: [form.limit] }
        ),
      ];
    }
    case 'outlier':
      return [
        query('A', 'outlier'),
        query('S', 'score'),
        query('V', 'actual'),
        query('E', 'expected'),
        expression('X', { type: 'math', expression: 'abs($V - $E)' }),
        query('G', 'agree'),
        query('H', 'members'),
        expression('D', { type: 'math', expression: raiseOrHold('$A', form) }),
        threshold('C', 'D', { type: 'gt', params: [1] }, { type: 'lt', params: [1] }),
      ];
    default: {
      const values = type === 'anomaly';
      const window = type === 'composite' ? 2 * HOUR : HOUR;
      return [
        query('A', 'anomalous', window),
        last('B', 'A'),
        query('T', 'score', window),
        last('S', 'T'),
        ...(values
          ? [
              query('L', 'actual', window),
              last('V', 'L'),
              query('N', 'expected', window),
              last('E', 'N'),
              expression('X', { type: 'math', expression: 'abs($V - $E)' }),
              query('K', 'last_week', window),
              last('P', 'K'),
            ]
          : signalsOf(definition).flatMap(({ name, part, percent }) => [
              query(part, 'share', window, 0, { signal: name }),
              expression(percent, { type: 'math', expression: `100 * $${part}` }),
            ])),
        expression('D', { type: 'math', expression: raiseOrHold('$B', form, values) }),
        threshold('C', 'D', { type: 'gt', params: [1] }, { type: 'lt', params: [1] }),
      ];
    }
  }
}

/**
 * 2 where the flag is up, the score is high enough and the impact is there; 1 where only the score has not come down yet, which
 * keeps a raised alert; 0 where all is well. A threshold on 1 with a recovery threshold makes an alert of it that does not flap.
 */
function raiseOrHold(flag: string, { score, impact }: RuleForm, values = false): string {
  const beyond = values && impact ? ` * ($V ${impact.direction === 'above' ? '>' : '<'} ${impact.value})` : '';
  return `${flag} * ($S >= ${score})${beyond} + ($S > ${Number((RELEASE * score).toFixed(3))})`;
}

function modelOf(uid: string, definition: Definition, refId: string, output: string): Record<string, unknown> {
  const query: ForewarnQuery = {
    refId,
    datasource: { type: 'forewarn-earlywarning-datasource', uid },
    queryType: definition.query.queryType,
    model: { name: definition.name },
    output,
  };
  return { ...query };
}

/** Whether the rule's second half ("and the value is over …") can be asked of this kind of model. */
export const hasImpact = (type?: QueryType) => type === 'anomaly';

/** A complete rule: it does not page for missing data, and an error keeps its last state. */
export function buildRule(uid: string, definition: Definition, form: RuleForm, texts: Texts): RulerRule {
  const panel = form.panel && {
    __dashboardUid__: form.panel.dashboardUid,
    __panelId__: String(form.panel.id),
  };
  return {
    for: form.pending || '0s',
    keep_firing_for: form.keepFiring || '0s',
    labels: { severity: form.severity, kind: kindOf(definition.query.queryType), model: definition.name },
    annotations: { ...texts, ...panel },
    grafana_alert: {
      title: form.title,
      condition: 'C',
      no_data_state: 'OK',
      exec_err_state: 'KeepLast',
      is_paused: false,
      data: ruleNodes(uid, definition, form),
      ...(form.receiver && { notification_settings: { receiver: form.receiver } }),
    },
  };
}

/** The kinds of rules that the provisioned ones have too. */
function kindOf(type?: QueryType): string {
  switch (type) {
    case 'warning':
    case 'forecast':
      return 'forecast';
    case 'outlier':
      return 'outlier';
    default:
      return 'anomaly';
  }
}
