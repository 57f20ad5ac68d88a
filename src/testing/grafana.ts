import { DataFrame, DataSourceInstanceSettings } from '@grafana/data';
import { BackendSrv, config, DataSourceSrv, setBackendSrv, setDataSourceSrv } from '@grafana/runtime';
import { Observable, of, throwError } from 'rxjs';

import { ForewarnQuery } from '../datasource/types';

/** A request as it was sent. */
export interface Sent {
  method: string;
  url: string;
  data?: unknown;
  params?: Record<string, unknown>;
  headers?: Record<string, string>;
}

/**
 * What a test's Grafana answers: for each address an object, an Error that fails the request, or a function that makes one of
 * them of the request. Addresses of other methods than GET begin with the method.
 */
export type Answers = Record<string, unknown>;

/** A refusal with a status, and the field that it names. */
export const refusal = (status: number, message: string, field?: string) =>
  Object.assign(new Error(message), { status, data: { error: message, ...(field && { field }) } });

/** Signs a user in with a role, the rights that Grafana gives it, and a language. */
export function signIn(orgRole: 'Viewer' | 'Editor' | 'Admin', language = 'en-US', login = 'anna') {
  const permissions = { 'datasources:explore': orgRole !== 'Viewer' };
  const user = { ...config.bootData?.user, orgRole, language, login, permissions };
  config.bootData = { ...config.bootData, user } as never;
}

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
  const sent: Sent[] = [];
  const fetch = (request: Omit<Sent, 'method'> & { method?: string }): Observable<unknown> => {
    const { url, params, method = 'GET' } = request;
    const full = params?.ruleUID ? `${url}?ruleUID=${params.ruleUID}` : url;
    requests.push(full);
    sent.push({ ...request, method });
    const given = method === 'GET' ? (answers[full] ?? answers[url]) : answers[`${method} ${url}`];
    const answer = typeof given === 'function' ? given({ ...request, method }) : given;
    if (answer === undefined || answer instanceof Error) {
      const { status = 404, data } = (answer ?? {}) as { status?: number; data?: object };
      const message = answer instanceof Error ? answer.message : `nothing at ${full}`;
      return throwError(() => ({ status, data: data ?? { message } }));
    }
    return of({ data: answer });
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
  return { requests, queries, sent };
}
