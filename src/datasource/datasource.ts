import {
  AdHocVariableFilter,
  CoreApp,
  DataQueryRequest,
  DataQueryResponse,
  DataSourceGetTagKeysOptions,
  DataSourceGetTagValuesOptions,
  DataSourceInstanceSettings,
  isDataFrame,
  LegacyMetricFindQueryOptions,
  MetricFindValue,
  ScopedVars,
} from '@grafana/data';
import { DataSourceWithBackend, getTemplateSrv } from '@grafana/runtime';
import { map, Observable } from 'rxjs';

import { chinese } from '../api/language';
import { FilterChoice, FilterRequest } from '../api/contract';
import { annotationSupport, isTrail } from './annotations';
import { choiceOf, chosen, filled } from './filters';
import { promql, sql } from './interpolate';
import { alertOutput } from './outputs';
import { queryLine } from './purposes';
import { Algorithms, ForewarnOptions, ForewarnQuery, ModelSpec, SourceSpec, TrainedModel } from './types';
import { isRunnable } from './validate';
import { labelValues } from './variables';

/** The Forewarn data source: everything but variables is done by its back end. */
export class ForewarnDataSource extends DataSourceWithBackend<ForewarnQuery, ForewarnOptions> {
  annotations = annotationSupport;

  /** What this data source fills in where a query says nothing. */
  readonly defaults: NonNullable<ForewarnOptions['defaults']>;

  constructor(settings: DataSourceInstanceSettings<ForewarnOptions>) {
    super(settings);
    this.defaults = settings.jsonData?.defaults ?? {};
  }

  /** A forecast of nothing yet; in the alert editor an anomaly with the one output that a rule needs. */
  getDefaultQuery(app: CoreApp): Partial<ForewarnQuery> {
    const source: SourceSpec = { kind: 'prometheus', expr: '' };
    if (app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting) {
      return { queryType: 'anomaly', source, output: alertOutput('anomaly') };
    }
    return { queryType: 'forecast', source };
  }

  query(request: DataQueryRequest<ForewarnQuery>): Observable<DataQueryResponse> {
    return super.query(request).pipe(map((answer) => ({ ...answer, data: answer.data.filter(says) })));
  }

  filterQuery(query: ForewarnQuery): boolean {
    return isRunnable(query);
  }

  /** One line that names the query in the history and in folded rows. */
  getQueryDisplayText(query: ForewarnQuery): string {
    return queryLine(query);
  }

  /** Queries that leave a dashboard, for Explore, take the variables' values and the filters along. */
  interpolateVariablesInQueries(
    queries: ForewarnQuery[],
    scopedVars: ScopedVars,
    filters?: AdHocVariableFilter[]
  ): ForewarnQuery[] {
    return queries.map((query) => ({
      ...this.applyTemplateVariables(query, scopedVars, filters),
      datasource: this.getRef(),
    }));
  }

  applyTemplateVariables(query: ForewarnQuery, scopedVars: ScopedVars, filters?: AdHocVariableFilter[]): ForewarnQuery {
    // Forewarn's own step decides $__interval and its kin; they are expanded by the back end.
    const { __interval, __interval_ms, __rate_interval, __rate_interval_ms, __range, __range_s, __range_ms, ...vars } =
      scopedVars;
    const fill: Fill = (text, format) => getTemplateSrv().replace(text, vars, format);
    const { source, sources, volume, agreement, deployments, threshold, model, guards } = query;
    const spoken = query.language ?? sentences();
    const only = isTrail(query) ? [] : filled([...(query.adhocFilters ?? []), ...chosen(filters)], fill);
    return {
      ...query,
      ...(source && { source: fillSource(source, fill) }),
      ...(sources && { sources: sources.map((s) => fillSource(s, fill)) }),
      ...(volume && { volume: fillSource(volume, fill) }),
      ...(agreement && { agreement: fillSource(agreement, fill) }),
      ...(deployments && { deployments: { ...fillSource(deployments, fill), ...texts(deployments, ['quiet'], fill) } }),
      ...(threshold && {
        threshold: {
          ...threshold,
          ...(threshold.query && { query: fillSource(threshold.query, fill) }),
          ...(threshold.capacity && { capacity: fillSource(threshold.capacity, fill) }),
        },
      }),
      ...(model && { model: fillModel(model, fill) }),
      ...(guards && { guards: { ...guards, ...texts(guards, ['for', 'agreement', 'cooldown'], fill) } }),
      ...texts(query, ['trainingWindow', 'interval', 'horizon', 'lead', 'signal'], fill),
      ...(query.join && { join: query.join.map((name) => fill(name)) }),
      ...(spoken && { language: spoken }),
      ...(only.length > 0 && { adhocFilters: only }),
    };
  }

  /** The labels that a dashboard can filter by: those of Prometheus. */
  getTagKeys(options?: DataSourceGetTagKeysOptions<ForewarnQuery>): Promise<MetricFindValue[]> {
    return this.choices(choiceOf('', options?.filters, options?.timeRange));
  }

  /** The values of one of them. */
  getTagValues({ key, filters, timeRange }: DataSourceGetTagValuesOptions<ForewarnQuery>): Promise<MetricFindValue[]> {
    return this.choices(choiceOf(key, filters, timeRange));
  }

  private async choices(asked: FilterRequest): Promise<MetricFindValue[]> {
    const { values } = await this.postResource<FilterChoice>('filters', asked);
    return values.map((text) => ({ text }));
  }

  /** The values of a dashboard variable such as `label_values(node_load1, instance)`. */
  metricFindQuery(query: string, options?: LegacyMetricFindQueryOptions): Promise<MetricFindValue[]> {
    return labelValues(this.uid, query, options);
  }

  /** The algorithms that the back end knows, with their parameters. */
  algorithms(): Promise<Algorithms> {
    return this.getResource('algorithms');
  }

  /** The trained models that can answer queries. */
  async trained(): Promise<TrainedModel[]> {
    const { models } = await this.getResource<{ models: TrainedModel[] }>('models');
    return models;
  }
}

/** Whether a frame says anything. One of no data does not, and a panel without frames says its own "no value" text; of all others some complain. */
const says = (frame: unknown) =>
  !isDataFrame(frame) || frame.fields.length > 0 || (frame.meta?.notices?.length ?? 0) > 0;

/** The language of sentences that explain, for a reader of Chinese; English is what the back end takes anyway. */
const sentences = (): ForewarnQuery['language'] => (chinese() ? 'zh-Hans' : undefined);

type Fill = (text: string, format?: typeof promql) => string;

/** Those of an object's texts that there are, filled in. */
function texts<T extends object>(of: T, names: ReadonlyArray<keyof T>, fill: Fill): Partial<T> {
  const out: Partial<T> = {};
  for (const name of names) {
    const text = of[name];
    if (typeof text === 'string' && text) {
      out[name] = fill(text) as T[typeof name];
    }
  }
  return out;
}

/** The model with its name and the texts among its options filled in. */
function fillModel(model: ModelSpec, fill: Fill): ModelSpec {
  const { options } = model;
  return {
    ...model,
    ...texts(model, ['name'], fill),
    ...(options && { options: { ...options, ...texts(options, Object.keys(options), fill) } }),
  };
}

/** The source with its texts filled in, values quoted as its language needs; what kind it is stays. */
function fillSource<T extends SourceSpec>(source: T, fill: Fill): T {
  const out = {
    ...source,
    ...texts<SourceSpec>(source, ['legendFormat', 'interval', 'table', 'time', 'message', 'level', 'entity'], fill),
  };
  if (source.expr) {
    out.expr = fill(source.expr, promql);
  }
  if (source.rawSql) {
    out.rawSql = fill(source.rawSql, sql);
  }
  for (const name of ['keywords', 'levels'] as const) {
    const list = source[name];
    if (list) {
      out[name] = list.map((text) => fill(text));
    }
  }
  return out;
}
