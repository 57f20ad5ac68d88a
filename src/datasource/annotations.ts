import { AnnotationQuery, AnnotationSupport } from '@grafana/data';

import { ForewarnQuery } from './types';

/** A query of type trail: what dashboards show of recorded warnings. It is no query for series and has no editor of its own. */
export interface TrailQuery {
  refId: string;
  queryType: 'trail';
  report: 'hours' | 'rules' | 'entities' | 'totals' | 'warnings' | 'annotations' | 'deliveries' | 'precision';
  rule?: string;
  language?: ForewarnQuery['language'];
}

/** Whether a query asks for the trail. */
export function isTrail(query: object): query is TrailQuery {
  return 'queryType' in query && query.queryType === 'trail';
}

/**
 * A dashboard's annotation query: one for anomalies or warnings marks what it finds (output annotations), any other shows the
 * recorded warnings.
 */
export const annotationSupport: AnnotationSupport<ForewarnQuery, AnnotationQuery<ForewarnQuery>> = {
  prepareQuery(annotation) {
    const target = annotation.target as ForewarnQuery | TrailQuery | undefined;
    if (target && !isTrail(target) && (target.queryType === 'anomaly' || target.queryType === 'warning')) {
      return { ...target, output: 'annotations' };
    }
    const { rule, language } = target && isTrail(target) ? target : ({} as Partial<TrailQuery>);
    const trail: TrailQuery = {
      refId: target?.refId || 'Annotations',
      queryType: 'trail',
      report: 'annotations',
      ...(rule && { rule }),
      ...(language && { language }),
    };
    return trail as ForewarnQuery | TrailQuery as ForewarnQuery;
  },
};
