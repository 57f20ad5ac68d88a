import { act, renderHook } from '@testing-library/react';

import { Client } from '../api/client';
import { ModelQuery } from '../api/contract';
import { wide } from '../testing/data';
import { fakeGrafana, refusal } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { useChart } from './useChart';
import { usePreview } from './usePreview';
import { useReplay } from './useReplay';

const client = new Client('fw');
const PREVIEW = `POST ${resource('preview')}`;
const REPLAY = `POST ${resource('replay')}`;
const query = (expr: string): ModelQuery => ({ queryType: 'anomaly', source: { kind: 'prometheus', expr } });
const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('what a query finds', () => {
  const setup = (answer: unknown, expr = 'up') => {
    const grafana = fakeGrafana({ [PREVIEW]: answer });
    const hook = renderHook((text: string) => usePreview(client, query(text)), { initialProps: expr });
    return { ...grafana, ...hook };
  };

  it('is asked when the query has rested, once, however much was typed', async () => {
    const { result, rerender, sent } = setup(sample.preview(), 'u');
    for (const text of ['up', 'up{', 'up{a="b"}']) {
      await pass(300);
      rerender(text);
    }
    expect(sent).toEqual([]);
    expect(result.current.loading).toBe(true);
    await pass(500);
    expect(sent.map((s) => s.data)).toEqual([{ query: query('up{a="b"}') }]);
    expect(result.current).toMatchObject({ value: { cost: { series: 2 } }, loading: false });
  });

  it('is not asked while the query is not complete, and what was found goes', async () => {
    const { result, rerender, sent } = setup(sample.preview());
    await pass(500);
    rerender('');
    await pass(5000);
    expect(sent).toHaveLength(1);
    expect(result.current).toEqual({ value: undefined, loading: false });
  });

  it('stays while a new query is asked', async () => {
    const { result, rerender } = setup(sample.preview());
    await pass(500);
    rerender('down');
    expect(result.current).toMatchObject({ value: { cost: { series: 2 } }, loading: true });
  });

  it.each([
    ['the query', 400, 'is 1x', 'query.interval', false],
    ['the server behind the source', 502, 'connection refused', undefined, true],
    ['the store', 503, 'store is locked', undefined, false],
  ])('says that %s is at fault', async (_, status, message, field, down) => {
    const { result } = setup(refusal(status, message, field));
    await pass(500);
    expect(result.current).toEqual({ error: message, field, down, loading: false });
  });

  it('is not told after the page is left', async () => {
    const { unmount, sent } = setup(sample.preview());
    unmount();
    await pass(5000);
    expect(sent).toEqual([]);
  });
});

describe('what a chart shows', () => {
  const span = { back: 24, ahead: 6 };
  const setup = (reply: () => Array<ReturnType<typeof wide>> | Error, given: ModelQuery | undefined) => {
    const grafana = fakeGrafana({}, reply);
    const hook = renderHook((q: ModelQuery | undefined) => useChart('fw', q, span), { initialProps: given });
    return { ...grafana, ...hook };
  };

  it('is asked over the given hours, and drawn as a panel does', async () => {
    const { result, queries } = setup(() => [wide({ a: [1, 2] })], query('up'));
    await pass(500);
    expect(queries).toEqual([{ ...query('up'), refId: 'A' }]);
    const { from, to } = result.current.data!.timeRange;
    expect(to.valueOf() - from.valueOf()).toBe(30 * 3_600_000);
    expect(result.current.data!.series).toHaveLength(1);
  });

  it('is an error where the source gives one, and what was drawn goes', async () => {
    let down = false;
    const { result, rerender } = setup(
      () => (down ? new Error('connection refused') : [wide({ a: [1] })]),
      query('up')
    );
    await pass(500);
    down = true;
    rerender(query('down'));
    await pass(500);
    expect(result.current).toEqual({ data: undefined, error: 'connection refused', loading: false });
  });

  it('is nothing without a query, or with half of one', async () => {
    const { result, rerender, queries } = setup(() => [], undefined);
    await pass(500);
    rerender({ queryType: 'forecast', source: { kind: 'mysql' } });
    await pass(500);
    expect(queries).toEqual([]);
    expect(result.current).toEqual({ data: undefined, error: undefined, loading: false });
  });
});

describe('what would have fired', () => {
  const setup = (answer: unknown, budget = 0) => {
    const grafana = fakeGrafana({ [REPLAY]: answer });
    const hook = renderHook((perWeek: number) => useReplay(client, 'cpu', 3, perWeek), { initialProps: budget });
    return { ...grafana, ...hook };
  };

  it('is asked of thirty days, at the detector’s own sensitivity where there is no budget', async () => {
    const { result, sent } = setup(sample.replay());
    await pass(400);
    expect(sent.map((s) => s.data)).toEqual([{ model: 'cpu', days: 30 }]);
    expect(result.current).toMatchObject({ budget: 0, loading: false, error: undefined });
    expect(result.current.value?.alerts).toHaveLength(1);
  });

  it('is asked for the budget at which the slider rests, and says which one it belongs to', async () => {
    const { result, rerender, sent } = setup(sample.replay());
    await pass(400);
    for (const perWeek of [5, 4, 3]) {
      rerender(perWeek);
      await pass(100);
    }
    expect(result.current).toMatchObject({ budget: 0, loading: true });
    await pass(400);
    expect(sent.map((s) => (s.data as { alertsPerWeek?: number }).alertsPerWeek)).toEqual([undefined, 3]);
    expect(result.current).toMatchObject({ budget: 3, loading: false });
  });

  it('says why the past could not be replayed', async () => {
    const { result } = setup(refusal(504, 'it took too long'));
    await pass(400);
    expect(result.current).toMatchObject({ value: undefined, error: 'it took too long', loading: false });
  });
});
