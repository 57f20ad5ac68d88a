import { t } from '@grafana/i18n';
import { BackendSrvRequest, getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

/** Whether an answer is none that was asked for: a page of a proxy or a sign-in, or nothing where something is to be read. */
const isStrange = (data: unknown, method: string) =>
  typeof data === 'string' && data.trim() !== '' ? true : method === 'GET' && (typeof data !== 'object' || !data);

/** Asks Grafana's API as the signed-in user; what it refuses is thrown, and left to the caller to show. */
export async function request<T>(
  url: string,
  { method = 'GET', data, params, headers }: Pick<BackendSrvRequest, 'method' | 'data' | 'params' | 'headers'> = {}
): Promise<T> {
  const answer = await lastValueFrom(
    getBackendSrv().fetch<T>({ url, method, data, params, headers, showErrorAlert: false, showSuccessAlert: false })
  );
  if (isStrange(answer.data, method)) {
    throw new Error(
      t(
        'failure.no-data',
        'The answer is no data but a page: does a proxy or a sign-in stand between? Load this page anew'
      )
    );
  }
  return answer.data;
}
