import { CoreApp, DataSourceInstanceSettings, ScopedVars } from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';

import { alertOutput } from './outputs';
import { Algorithms, ForewarnOptions, ForewarnQuery, SourceSpec } from './types';
import { isRunnable } from './validate';

/** The Forewarn data source: everything but variables is done by its back end. */
export class ForewarnDataSource extends DataSourceWithBackend<ForewarnQuery, ForewarnOptions> {
  annotations = {};

  constructor(settings: DataSourceInstanceSettings<ForewarnOptions>) {
    super(settings);
  }

  /** A forecast of nothing yet; in the alert editor the one output that a rule needs. */
  getDefaultQuery(app: CoreApp): Partial<ForewarnQuery> {
    const query: Partial<ForewarnQuery> = { queryType: 'forecast', source: { kind: 'prometheus', expr: '' } };
    if (app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting) {
      return { ...query, queryType: 'anomaly', output: alertOutput('anomaly') };
    }
    return query;
  }

  filterQuery(query: ForewarnQuery): boolean {
    return isRunnable(query);
  }

  applyTemplateVariables(query: ForewarnQuery, scopedVars: ScopedVars): ForewarnQuery {
    // Forewarn's own step decides $__interval and its kin; they are expanded by the back end.
    const { __interval, __interval_ms, __rate_interval, ...vars } = scopedVars;
    const fill = (text?: string) => text && getTemplateSrv().replace(text, vars);
    const source = (s: SourceSpec): SourceSpec => ({
      ...s,
      ...(s.expr !== undefined && { expr: fill(s.expr) }),
      ...(s.legendFormat !== undefined && { legendFormat: fill(s.legendFormat) }),
      ...(s.rawSql !== undefined && { rawSql: fill(s.rawSql) }),
    });
    return {
      ...query,
      ...(query.source && { source: source(query.source) }),
      ...(query.sources && { sources: query.sources.map((s) => ({ ...source(s), name: s.name })) }),
      ...(query.trainingWindow !== undefined && { trainingWindow: fill(query.trainingWindow) }),
      ...(query.interval !== undefined && { interval: fill(query.interval) }),
      ...(query.horizon !== undefined && { horizon: fill(query.horizon) }),
    };
  }

  /** The algorithms that the back end knows, with their parameters. */
  algorithms(): Promise<Algorithms> {
    return this.getResource('algorithms');
  }
}
