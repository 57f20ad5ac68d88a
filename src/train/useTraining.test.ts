import { act, renderHook, waitFor } from '@testing-library/react';

import { Client } from '../api/client';
import { Definition, Job } from '../api/contract';
import { Answers, fakeGrafana, refusal } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { newDefinition } from './draft';
import { useTraining } from './useTraining';

const client = new Client('fw');
const JOBS = `POST ${resource('jobs')}`;
const CPU: Definition = newDefinition({ queryType: 'anomaly', source: { kind: 'prometheus', expr: 'node_load1' } });
const job = (change: Partial<Job> = {}): Job => ({
  ...sample.job(),
  model: 'node-load1-anomaly',
  version: 3,
  ...change,
});

const setup = (change: Answers = {}, taken: string[] = [], original?: string) => {
  const onTrained = jest.fn();
  const grafana = fakeGrafana({
    [JOBS]: job({ state: 'done' }),
    [resource('models/node-load1-anomaly/versions/3')]: sample.version(),
    ...change,
  });
  const hook = renderHook(() => useTraining(client, taken, original, onTrained));
  const drafts = () =>
    grafana.sent.filter((s) => s.method === 'POST').map((s) => (s.data as { definition: Definition }).definition);
  return { ...grafana, ...hook, onTrained, drafts };
};

describe('a training', () => {
  it('is of a draft with a name that is free, and gives what came of it', async () => {
    const { result, onTrained, drafts } = setup({ [JOBS]: job({ state: 'done', model: 'node-load1-anomaly' }) }, [
      'node-load1',
    ]);
    await act(() => result.current.train({ ...CPU, provisioned: true }));
    expect(drafts()).toMatchObject([{ name: 'node-load1-anomaly', draft: true, provisioned: false }]);
    expect(result.current.trained).toMatchObject({
      definition: { name: 'node-load1-anomaly' },
      version: { number: 3 },
    });
    expect(onTrained).toHaveBeenCalledTimes(1);
    expect([result.current.busy, result.current.running, result.current.error]).toEqual([false, false, undefined]);
  });

  it('passes over names that are taken', async () => {
    const { result, drafts } = setup({}, ['node-load1-anomaly', 'node-load1-anomaly-2']);
    await act(() => result.current.train(CPU));
    expect(drafts()[0].name).toBe('node-load1-anomaly-3');
  });

  it('of a model that is edited is of a copy beside it', async () => {
    const { result, drafts } = setup({}, ['disk'], 'disk');
    await act(() => result.current.train({ ...CPU, name: 'disk' }));
    expect(drafts()[0].name).toBe('disk-edit');
  });

  it('once more trains the same draft, whatever it reads by then', async () => {
    const { result, drafts } = setup();
    await act(() => result.current.train(CPU));
    const other = { ...CPU, query: { ...CPU.query, source: { kind: 'prometheus' as const, expr: 'up' } } };
    await act(() => result.current.train(other));
    expect(drafts().map((d) => d.name)).toEqual(['node-load1-anomaly', 'node-load1-anomaly']);
    expect(drafts()[1].query.source?.expr).toBe('up');
  });

  it('is watched until it is done', async () => {
    const { result, onTrained } = setup({
      [JOBS]: job({ state: 'queued' }),
      [resource('jobs/01K9ZX3V6Q')]: job({ state: 'done' }),
    });
    await act(() => result.current.train(CPU));
    await waitFor(() => expect(result.current.trained?.version.number).toBe(3));
    expect(onTrained).toHaveBeenCalledTimes(1);
  });
});

describe('what was trained', () => {
  it.each<[string, Partial<Definition>, boolean]>([
    ['a name', { name: 'other' }, true],
    ['a description', { description: 'load' }, true],
    ['a budget, which only moves the band', { alertBudget: 2 }, true],
    ['the query', { query: { ...CPU.query, trainingWindow: '7d' } }, false],
    ['what is left out', { excluded: [{ from: 'a', to: 'b', reason: '' }] }, false],
    ['the time zone', { timezone: 'Asia/Tokyo' }, false],
  ])('stays fresh or not when one changes %s', async (_, change, fresh) => {
    const { result } = setup();
    expect(result.current.isFresh(CPU)).toBe(false);
    await act(() => result.current.train(CPU));
    expect(result.current.isFresh(CPU)).toBe(true);
    expect(result.current.isFresh({ ...CPU, ...change })).toBe(fresh);
  });
});

describe('what goes wrong', () => {
  it('is why it could not begin', async () => {
    const { result, onTrained } = setup({ [JOBS]: refusal(403, 'Editors only') });
    await act(() => result.current.train(CPU));
    expect(result.current).toMatchObject({ error: 'Editors only', busy: false, running: false, trained: undefined });
    expect(onTrained).not.toHaveBeenCalled();
  });

  it('is forgotten when it is tried again', async () => {
    let first = true;
    const { result } = setup({
      [JOBS]: () => {
        const answer = first ? refusal(503, 'busy') : job({ state: 'done' });
        first = false;
        return answer;
      },
    });
    await act(() => result.current.train(CPU));
    expect(result.current.error).toBe('busy');
    await act(() => result.current.train(CPU));
    expect(result.current.error).toBeUndefined();
    expect(result.current.trained).toBeDefined();
  });

  it('is that what came of it cannot be read', async () => {
    const { result, onTrained } = setup({
      [resource('models/node-load1-anomaly/versions/3')]: refusal(500, 'store is locked'),
    });
    await act(() => result.current.train(CPU));
    expect(result.current.error).toBe('store is locked');
    expect(onTrained).not.toHaveBeenCalled();
  });

  it.each(['failed', 'cancelled'] as const)('leaves nothing trained where the job is %s', async (state) => {
    const { result, onTrained } = setup({ [JOBS]: job({ state, error: 'no series' }) });
    await act(() => result.current.train(CPU));
    expect(result.current.trained).toBeUndefined();
    expect(result.current.job).toMatchObject({ state });
    expect(onTrained).not.toHaveBeenCalled();
  });

  it('is why it cannot be cancelled', async () => {
    const cancel = `POST ${resource('jobs/01K9ZX3V6Q/cancel')}`;
    const { result, sent } = setup({
      [JOBS]: job({ state: 'running' }),
      [resource('jobs/01K9ZX3V6Q')]: job({ state: 'running' }),
      [cancel]: refusal(409, 'it is over'),
    });
    await act(() => result.current.train(CPU));
    expect(result.current.running).toBe(true);
    await act(() => result.current.cancel());
    expect(sent.some((s) => `${s.method} ${s.url}` === cancel)).toBe(true);
    expect(result.current.error).toBe('it is over');
  });

  it('is nothing where there is nothing to cancel', async () => {
    const { result, requests } = setup();
    await act(() => result.current.cancel());
    expect(requests).toEqual([]);
    expect(result.current.error).toBeUndefined();
  });
});
