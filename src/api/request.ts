import { BackendSrvRequest, getBackendSrv } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';

/** Asks Grafana's API as the signed-in user; what it refuses is thrown, and left to the caller to show. */
export async function request<T>(
  url: string,
  { method = 'GET', data, params, headers }: Pick<BackendSrvRequest, 'method' | 'data' | 'params' | 'headers'> = {}
): Promise<T> {
  const answer = await lastValueFrom(
    getBackendSrv().fetch<T>({ url, method, data, params, headers, showErrorAlert: false, showSuccessAlert: false })
  );
  return answer.data;
}
