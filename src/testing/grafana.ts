import { DataFrame, DataSourceInstanceSettings } from '@grafana/data';
import { BackendSrv, DataSourceSrv, setBackendSrv, setDataSourceSrv } from '@grafana/runtime';
import { Observable, of, throwError } from 'rxjs';

import { ForewarnQuery } from '../datasource/types';

/** What a test's Grafana answers: for each address an object, or an Error that fails the request. */
export type Answers = Record<string, unknown>;

/** What a test's data source answers to a query. */
export type Reply = (query: ForewarnQuery) => DataFrame[] | Error;

/** Puts a Grafana in place that knows the given data sources and answers the given addresses; every request is noted. */
export function fakeGrafana(
  answers: Answers = {},
  reply: Reply = () => [],
  sources: Array<{ uid: string; name: string }> = [{ uid: 'fw', name: 'Forewarn' }]
) {
  const requests: string[] = [];
  const queries: ForewarnQuery[] = [];
  const fetch = ({ url, params }: { url: string; params?: Record<string, unknown> }): Observable<unknown> => {
    const full = params?.ruleUID ? `${url}?ruleUID=${params.ruleUID}` : url;
    requests.push(full);
    const answer = answers[full] ?? answers[url];
    return answer === undefined || answer instanceof Error
      ? throwError(() => ({
          status: 404,
          data: { message: answer instanceof Error ? answer.message : `nothing at ${full}` },
        }))
      : of({ data: answer });
  };
  setBackendSrv({ fetch } as unknown as BackendSrv);
  const ds = {
    query: ({ targets }: { targets: ForewarnQuery[] }) => {
      queries.push(targets[0]);
      const data = reply(targets[0]);
      return of(data instanceof Error ? { data: [], errors: [{ message: data.message }] } : { data });
    },
    interpolateVariablesInQueries: (list: ForewarnQuery[]) =>
      list.map((q) => ({ ...q, source: q.source && { ...q.source, expr: q.source.expr?.replace('$host', 'web-1') } })),
  };
  setDataSourceSrv({
    getList: ({ pluginId }: { pluginId: string }) =>
      pluginId === 'forewarn-earlywarning-datasource' ? (sources as unknown as DataSourceInstanceSettings[]) : [],
    get: async () => ds,
  } as unknown as DataSourceSrv);
  return { requests, queries };
}
