import { BackendSrv, setBackendSrv } from '@grafana/runtime';
import { NEVER, of, throwError } from 'rxjs';

import { messageOf } from './message';
import { request } from './request';

/** A Grafana that answers everything alike, and the requests that reached it. */
function answering(answer: unknown) {
  const fetch = jest.fn((_: object) => of({ data: answer }));
  setBackendSrv({ fetch } as unknown as BackendSrv);
  return fetch;
}

describe('what is sent', () => {
  it('is a GET without a body unless said otherwise, and shows no message of its own', async () => {
    const fetch = answering({});
    await request('/api/x');
    expect(fetch).toHaveBeenCalledWith({
      url: '/api/x',
      method: 'GET',
      data: undefined,
      params: undefined,
      headers: undefined,
      showErrorAlert: false,
      showSuccessAlert: false,
    });
  });

  it.each(['POST', 'PUT', 'DELETE'])('is a %s with what was given', async (method) => {
    const fetch = answering({});
    const given = { method, data: { a: 1 }, params: { b: 2 }, headers: { 'X-C': '3' } };
    await request('/api/x', given);
    expect(fetch).toHaveBeenCalledWith(expect.objectContaining(given));
  });

  it('goes out once for each call', async () => {
    const fetch = answering([]);
    await Promise.all([request('/api/x'), request('/api/x')]);
    expect(fetch).toHaveBeenCalledTimes(2);
  });
});

describe('what comes back', () => {
  it.each([[{ a: 1 }], [[]], [{}]])('is handed on as it is: %j', async (answer) => {
    answering(answer);
    expect(await request('/api/x')).toBe(answer);
  });

  it.each([
    ['the page of a sign-in', 'GET', '<!doctype html><title>Sign in</title>'],
    ['the page of a proxy, to what was sent', 'POST', '<html>502 Bad Gateway</html>'],
    ['nothing', 'GET', ''],
    ['null', 'GET', null],
    ['not even null', 'GET', undefined],
    ['a bare number', 'GET', 7],
  ])('is refused where it is %s', async (_, method, answer) => {
    answering(answer);
    await expect(request('/api/x', { method })).rejects.toThrow('The answer is no data but a page');
  });

  it.each([
    ['DELETE', ''],
    ['DELETE', undefined],
    ['POST', ''],
    ['PUT', null],
  ])('may be nothing where nothing is to be read: %s gives %p', async (method, answer) => {
    answering(answer);
    expect(await request('/api/x', { method })).toBe(answer);
  });

  it('is what Grafana refused, whole', async () => {
    const refused = { status: 403, data: { error: 'this needs the role Editor or a higher one' } };
    setBackendSrv({ fetch: () => throwError(() => refused) } as unknown as BackendSrv);
    await expect(request('/api/x')).rejects.toBe(refused);
  });

  it('is an abort where Grafana gave the request up', async () => {
    const aborted = { cancelled: true, status: -1, statusText: 'Request was aborted', data: null };
    setBackendSrv({ fetch: () => throwError(() => aborted) } as unknown as BackendSrv);
    expect(messageOf(await request('/api/x').catch((e) => e))).toBe('Request was aborted');
  });

  it('is awaited as long as it takes', async () => {
    setBackendSrv({ fetch: () => NEVER } as unknown as BackendSrv);
    const first = await Promise.race([request('/api/x'), Promise.resolve('still waiting')]);
    expect(first).toBe('still waiting');
  });
});
