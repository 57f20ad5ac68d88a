import { LegacyMetricFindQueryOptions, MetricFindValue } from '@grafana/data';
import { t } from '@grafana/i18n';
import { getTemplateSrv } from '@grafana/runtime';

import { labelsOf } from '../api/browse';
import { promql, sql } from './interpolate';
import { SourceSpec } from './types';

/** How far back series are looked for, hours. */
const BACK = 1;

const FORM = /^label_values\((.+),\s*([a-zA-Z_]\w*)\s*\)$/s;

/** What a dashboard variable's text asks for. */
interface Wanted {
  source: SourceSpec;
  label: string;
}

/**
 * Reads `label_values(what, label)`, as Grafana's Prometheus source has it; what is PromQL, or SQL that begins with SELECT or WITH.
 * Throws where the text is of another form.
 */
export function wantedBy(text: string): Wanted {
  const [, what, label] = FORM.exec(text.trim()) ?? [];
  if (!label) {
    throw new Error(
      t('validate.variable', 'Write label_values(metric, label) or label_values(SELECT …, label), not {{text}}', {
        text,
      })
    );
  }
  if (/^\s*(select|with)\b/i.test(what)) {
    return { source: { kind: 'mysql', rawSql: what.trim(), format: 'time_series' }, label };
  }
  return { source: { kind: 'prometheus', expr: `count by (${label}) (${what.trim()})` }, label };
}

/** The values that a label has in the last hour, each once and in order; a text without letters asks for none. */
export async function labelValues(
  uid: string,
  text: string,
  options: LegacyMetricFindQueryOptions = {}
): Promise<MetricFindValue[]> {
  if (!text.trim()) {
    return [];
  }
  const { source, label } = wantedBy(text);
  const fill = (t: string, format: typeof promql) => getTemplateSrv().replace(t, options.scopedVars, format);
  const filled = {
    ...source,
    ...(source.expr && { expr: fill(source.expr, promql) }),
    ...(source.rawSql && { rawSql: fill(source.rawSql, sql) }),
  };
  const found = await labelsOf(uid, filled, BACK);
  const values = new Set(found.map((f) => f.labels[label]).filter(Boolean));
  return [...values].sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).map((value) => ({ text: value }));
}
