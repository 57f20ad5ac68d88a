import { act, renderHook, waitFor } from '@testing-library/react';

import { useAction, useAsync, useRested } from './useAsync';

/** Answers that the test gives when it likes. */
function pending<T>() {
  const open: Array<{ question: string; resolve: (value: T) => void; reject: (e: unknown) => void }> = [];
  const ask = (question: string) =>
    new Promise<T>((resolve, reject) => {
      open.push({ question, resolve, reject });
    });
  return { open, ask };
}

describe('an awaited answer', () => {
  const setup = () => {
    const { open, ask } = pending<string>();
    const hook = renderHook(({ q }) => useAsync(() => ask(q), [q]), { initialProps: { q: 'a' } });
    return { open, ...hook };
  };

  it('is loading until it is there', async () => {
    const { open, result } = setup();
    expect(result.current).toMatchObject({ value: undefined, loading: true });
    await act(async () => open[0].resolve('A'));
    expect(result.current).toMatchObject({ value: 'A', loading: false });
  });

  it('stays while it is asked anew, and while that fails', async () => {
    const { open, result } = setup();
    await act(async () => open[0].resolve('A'));
    act(() => result.current.reload());
    expect(result.current).toMatchObject({ value: 'A', loading: true });
    await act(async () => open[1].reject(new Error('down')));
    expect(result.current).toMatchObject({ value: 'A', error: 'down', loading: false });
    act(() => result.current.reload());
    await act(async () => open[2].resolve('B'));
    expect(result.current.value).toBe('B');
    expect(result.current.error).toBeUndefined();
  });

  it('of an older question is dropped, however late it comes', async () => {
    const { open, result, rerender } = setup();
    rerender({ q: 'b' });
    expect(open.map((o) => o.question)).toEqual(['a', 'b']);
    await act(async () => open[1].resolve('B'));
    await act(async () => open[0].resolve('A'));
    expect(result.current.value).toBe('B');
  });

  it('is asked anew every so often, until nobody looks', async () => {
    jest.useFakeTimers();
    const ask = jest.fn(async () => 'A');
    const { unmount } = renderHook(() => useAsync(ask, [], 1000));
    for (const calls of [2, 3, 4]) {
      await act(async () => jest.advanceTimersByTime(1000));
      expect(ask).toHaveBeenCalledTimes(calls);
    }
    unmount();
    await act(async () => jest.advanceTimersByTime(5000));
    expect(ask).toHaveBeenCalledTimes(4);
    jest.useRealTimers();
  });
});

describe('an answer to a question that is still being typed', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());
  const setup = () => {
    const { open, ask } = pending<string>();
    const hook = renderHook(({ q }: { q?: string }) => useRested(q, ask, 500), {
      initialProps: { q: 'a' as string | undefined },
    });
    return { open, ...hook };
  };
  const rest = (ms: number) => act(async () => jest.advanceTimersByTime(ms));

  it('is asked for once, when the question has rested', async () => {
    const { open, rerender, result } = setup();
    for (const q of ['ab', 'abc']) {
      await rest(400);
      rerender({ q });
    }
    expect(open).toHaveLength(0);
    expect(result.current.loading).toBe(true);
    await rest(500);
    expect(open.map((o) => o.question)).toEqual(['abc']);
    await act(async () => open[0].resolve('ABC'));
    expect(result.current).toEqual({ key: 'abc', value: 'ABC', loading: false });
  });

  it('stays while the next one is asked, and gives way to what was thrown', async () => {
    const { open, rerender, result } = setup();
    await rest(500);
    await act(async () => open[0].resolve('A'));
    rerender({ q: 'b' });
    expect(result.current).toMatchObject({ value: 'A', loading: true });
    await rest(500);
    await act(async () => open[1].reject('no'));
    expect(result.current).toEqual({ key: 'b', thrown: 'no', loading: false });
  });

  it('is none where there is no question', async () => {
    const { open, rerender, result } = setup();
    rerender({ q: undefined });
    await rest(1000);
    expect(open).toHaveLength(0);
    expect(result.current).toEqual({ loading: false });
  });
});

describe('what a button does', () => {
  it('is busy until it is done, and says whether it went well', async () => {
    const { open, ask } = pending<string>();
    const { result } = renderHook(() => useAction());
    let well: Promise<boolean> | undefined;
    act(() => {
      well = result.current.run(() => ask('save'));
    });
    expect(result.current.busy).toBe(true);
    await act(async () => open[0].resolve('saved'));
    expect(await well).toBe(true);
    expect(result.current.busy).toBe(false);
  });

  it('keeps what went wrong until it is tried again', async () => {
    const { result } = renderHook(() => useAction());
    await act(async () =>
      expect(await result.current.run(async () => Promise.reject(new Error('no right')))).toBe(false)
    );
    expect(result.current).toMatchObject({ busy: false, error: 'no right' });
    await act(async () => {
      await result.current.run(async () => undefined);
    });
    await waitFor(() => expect(result.current.error).toBeUndefined());
  });
});
