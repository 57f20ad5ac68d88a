import { alertOutput, outputOf } from './outputs';
import { unpacked } from './prefill';
import { FIRST_THRESHOLD } from './samples';
import { ForewarnQuery, QueryType, SourceSpec, TrainedModel } from './types';
import { needsThreshold } from './validate';

const EMPTY: SourceSpec = { kind: 'prometheus', expr: '' };

/** The query asked for another purpose: what both purposes share stays, what only the old one knows goes. */
export function withType(query: ForewarnQuery, queryType: QueryType, forAlert: boolean): ForewarnQuery {
  const {
    source,
    sources,
    join,
    model,
    threshold,
    whatIf: _,
    guards,
    volume,
    agreement,
    deployments,
    direction,
    output,
    signal,
    lead,
    ...rest
  } = query;
  const sameEngine = isForecast(query.queryType ?? 'forecast') && isForecast(queryType);
  const next: ForewarnQuery = { ...rest, queryType };
  if (sameEngine && model) {
    next.model = model;
  }
  if (forAlert) {
    next.output = alertOutput(queryType);
  }
  if (queryType === 'anomaly') {
    Object.assign(next, drop({ guards, volume, agreement, direction }));
  }
  if (queryType === 'anomaly' || queryType === 'composite') {
    Object.assign(next, drop({ deployments }));
  }
  if (next.model?.name) {
    return next;
  }
  if (queryType === 'composite') {
    const first = source ?? EMPTY;
    next.sources = sources ?? [
      { ...first, name: 'signal1' },
      { kind: first.kind, name: 'signal2' },
    ];
    next.join = join ?? ['instance'];
    return next;
  }
  next.source = source ?? unnamed(sources?.[0]) ?? EMPTY;
  if (queryType === 'warning') {
    next.threshold = threshold ?? FIRST_THRESHOLD;
  } else if (queryType === 'anomaly' && threshold && !threshold.query && !threshold.capacity) {
    next.threshold = threshold;
  }
  return next;
}

/** The query asked for another output: what only one output needs goes with it. */
export function withOutput(query: ForewarnQuery, output: string): ForewarnQuery {
  const { signal: _signal, lead: _lead, ...rest } = query;
  const signal = output === 'share' ? query.sources?.[0]?.name : undefined;
  const next = { ...rest, output, ...(signal && { signal }) };
  if ((query.queryType ?? 'forecast') !== 'forecast') {
    return next;
  }
  const { threshold = FIRST_THRESHOLD, ...without } = next;
  return needsThreshold(next) ? { ...without, threshold } : without;
}

/** The query answered by a trained model, which knows the source and how to learn from it. */
export function withTrained(query: ForewarnQuery, name: string): ForewarnQuery {
  const { refId, datasource, hide, key, queryType, style, output, signal, lead, adhocFilters } = query;
  return drop({ refId, datasource, hide, key, queryType, style, output, signal, lead, adhocFilters, model: { name } });
}

/** The query fitted on request by an algorithm, with the source and settings that the trained model had. */
export function withoutTrained(query: ForewarnQuery, algorithm: string, trained?: TrainedModel): ForewarnQuery {
  const { queryType = 'forecast' } = query;
  const learnt = trained && { ...trained.definition.query, refId: query.refId };
  // a trained forecast may be asked to warn, which needs a limit, and the other way round
  const fit = learnt && learnt.queryType !== queryType ? withType(learnt, queryType, false) : learnt;
  const next: ForewarnQuery = { ...fit, ...drop(query), model: { algorithm } };
  return next.source || next.sources ? next : { ...next, source: EMPTY };
}

const drop = <T extends object>(object: T): T =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;

/** The query with the one output that a rule needs; the same object where it has one already. */
export function forRule(given: ForewarnQuery): ForewarnQuery {
  const query = unpacked(given);
  const output = outputOf(query.queryType ?? 'forecast', query.output, true);
  return output === query.output ? query : { ...query, output };
}

const isForecast = (type: QueryType) => type === 'forecast' || type === 'warning';

function unnamed(source?: SourceSpec & { name?: string }): SourceSpec | undefined {
  if (!source) {
    return undefined;
  }
  const { name: _, ...rest } = source;
  return rest;
}
