import { act, renderHook } from '@testing-library/react';

import { Client } from '../api/client';
import { Job } from '../api/contract';
import { fakeGrafana, refusal } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { isOver, useJob } from './useJob';

const client = new Client('fw');
const JOB = resource('jobs/01K9ZX3V6Q');
const job = (change: Partial<Job> = {}): Job => ({ ...sample.job(), ...change });
const running = (done: number) => job({ progress: { done, total: 12, current: '' } });
const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

/** Watches a job whose answers come in the given order, the last one for good. */
function watch(first: Job | undefined, ...answers: unknown[]) {
  const left = [...answers];
  const grafana = fakeGrafana({ [JOB]: () => (left.length > 1 ? left.shift() : left[0]) });
  const onOver = jest.fn();
  const hook = renderHook((given: Job | undefined) => useJob(client, given, onOver), { initialProps: first });
  return { ...grafana, ...hook, onOver };
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

it.each([
  ['queued', false],
  ['running', false],
  ['done', true],
  ['failed', true],
  ['cancelled', true],
] as const)('a job that is %s is over: %p', (state, over) => expect(isOver(job({ state }))).toBe(over));

describe('a running job', () => {
  it('is asked for at once, then each second, until it is over; that is told once', async () => {
    const { result, requests, onOver } = watch(job(), running(1), running(2), job({ state: 'done', version: 3 }));
    await pass(0);
    expect(result.current.job?.progress.done).toBe(1);
    await pass(1000);
    expect(result.current.job?.progress.done).toBe(2);
    expect(onOver).not.toHaveBeenCalled();
    await pass(1000);
    expect(result.current.job).toMatchObject({ state: 'done', version: 3 });
    await pass(60_000);
    expect(requests).toHaveLength(3);
    expect(onOver.mock.calls).toEqual([[expect.objectContaining({ state: 'done', version: 3 })]]);
  });

  it('says when it was read, so that the time left can be told', async () => {
    const { result } = watch(job(), running(1));
    const before = Date.now();
    await pass(0);
    expect(result.current.at).toBe(before);
    await pass(1000);
    expect(result.current.at).toBe(before + 1000);
  });

  it('is what it was while it cannot be read, with why; it is asked for again', async () => {
    const { result, requests } = watch(job(), running(4), refusal(502, 'bad gateway'), running(6));
    await pass(0);
    await pass(1000);
    expect(result.current).toMatchObject({ error: 'bad gateway', job: { progress: { done: 4 } } });
    await pass(1000);
    expect(requests).toHaveLength(2);
    await pass(1000);
    expect(result.current.error).toBeUndefined();
    expect(result.current.job?.progress.done).toBe(6);
  });

  it('is not asked for after the page is left, not even where an answer is on its way', async () => {
    const { requests, unmount } = watch(job(), running(1));
    await pass(0);
    unmount();
    await pass(10_000);
    expect(requests).toHaveLength(1);
  });

  it('gives way to another one', async () => {
    const { result, rerender } = watch(job(), running(5));
    await pass(0);
    rerender(job({ id: 'other', progress: { done: 0, total: 0, current: '' } }));
    expect(result.current.job).toMatchObject({ id: 'other', progress: { done: 0 } });
    await pass(0);
    expect(result.current).toMatchObject({ job: { id: 'other' }, error: expect.stringContaining('jobs/other') });
  });
});

it.each([
  ['there is none', undefined],
  ['it is over', job({ state: 'failed', error: 'no series' })],
])('nothing is asked where %s', async (_, given) => {
  const { result, requests, onOver } = watch(given, running(1));
  await pass(5000);
  expect(requests).toEqual([]);
  expect(result.current.job).toBe(given);
  expect(onOver).not.toHaveBeenCalled();
});
