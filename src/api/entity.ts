import { legendLabels } from './legend';
import { Instance, Rule } from './rules';

/** Labels that say nothing about which entity is meant. */
const NOISE = new Set([
  'alertname',
  'grafana_folder',
  'output',
  'severity',
  'kind',
  'model',
  'job',
  'app',
  'team',
  'ref_id',
  'datasource_uid',
]);

const SEVERITIES = ['critical', 'error', 'high', 'warning', 'medium', 'info', 'low'];

/** The entity an instance is about: named as its query's legend names the series, otherwise by the labels that say something. */
export function entityOf(instance: Instance, legend?: string): string {
  const wanted = legendLabels(legend).filter((name) => instance.labels[name]);
  const parts =
    wanted.length > 0
      ? wanted.map((name) => instance.labels[name])
      : Object.entries(instance.labels)
          .filter(([name]) => !NOISE.has(name) && !name.startsWith('__'))
          .map(([, value]) => value);
  return parts.join(' ') || instance.labels.alertname || '';
}

/** One active instance with its rule. */
export interface Attention {
  rule: Rule;
  instance: Instance;
  entity: string;
}

/** Active instances of all rules, the most urgent first: firing before pending, then severity, then the longest-lasting. */
export function attention(rules: Rule[]): Attention[] {
  const severity = (labels: Record<string, string>) => {
    const at = SEVERITIES.indexOf((labels.severity ?? '').toLowerCase());
    return at < 0 ? SEVERITIES.length : at;
  };
  return rules
    .flatMap((rule) =>
      rule.instances.map((instance) => ({
        rule,
        instance,
        entity: entityOf(instance, (rule.query.source ?? rule.trained?.source)?.legendFormat),
      }))
    )
    .sort(
      (a, b) =>
        a.instance.state.localeCompare(b.instance.state) ||
        severity(a.instance.labels) - severity(b.instance.labels) ||
        a.instance.since.localeCompare(b.instance.since) ||
        a.entity.localeCompare(b.entity)
    );
}

/** Whether a text typed into the filter is found in a name or in a label's value. */
export function matches(filter: string, ...texts: Array<string | undefined>): boolean {
  const wanted = filter.trim().toLowerCase();
  return wanted === '' || texts.some((text) => text?.toLowerCase().includes(wanted));
}
