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

describe('an awaited answer that goes wrong', () => {
  const setup = () => {
    const { open, ask } = pending<string>();
    const hook = renderHook(({ q }) => useAsync(() => ask(q), [q]), { initialProps: { q: 'a' } });
    return { open, ...hook };
  };

  it('says why from the start, without a value', async () => {
    const { open, result } = setup();
    await act(async () => open[0].reject({ status: 502, statusText: '', data: { message: '' } }));
    expect(result.current).toMatchObject({ value: undefined, error: 'HTTP 502', loading: false });
  });

  it('keeps the reason while it is asked anew', async () => {
    const { open, result } = setup();
    await act(async () => open[0].reject(new Error('down')));
    act(() => result.current.reload());
    expect(result.current).toMatchObject({ error: 'down', loading: true });
  });

  it('is not told of an older question’s failure', async () => {
    const { open, result, rerender } = setup();
    rerender({ q: 'b' });
    await act(async () => open[0].reject(new Error('too late')));
    expect(result.current).toMatchObject({ error: undefined, loading: true });
    await act(async () => open[1].resolve('B'));
    await act(async () => open[0].reject(new Error('later still')));
    expect(result.current).toMatchObject({ value: 'B', error: undefined, loading: false });
  });

  it('of the first of two reloads does not take the place of the second', async () => {
    const { open, result } = setup();
    await act(async () => open[0].resolve('A'));
    act(() => result.current.reload());
    act(() => result.current.reload());
    expect(open).toHaveLength(3);
    await act(async () => open[2].resolve('newest'));
    await act(async () => open[1].resolve('old'));
    expect(result.current).toMatchObject({ value: 'newest', loading: false });
  });

  it('is heard by nobody after the page is gone', async () => {
    const errors = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    for (const end of ['resolve', 'reject'] as const) {
      const { open, result, unmount } = setup();
      unmount();
      await act(async () => open[0][end]('late' as never));
      expect(result.current).toMatchObject({ value: undefined, error: undefined, loading: true });
    }
    expect(errors).not.toHaveBeenCalled();
    errors.mockRestore();
  });

  it('is asked with what the page knows at that time, not at the first', async () => {
    const asked: string[] = [];
    const { result, rerender } = renderHook(
      ({ filter }) =>
        useAsync(async () => {
          asked.push(filter);
          return filter;
        }, []),
      { initialProps: { filter: 'old' } }
    );
    await waitFor(() => expect(result.current.value).toBe('old'));
    rerender({ filter: 'new' });
    expect(asked).toEqual(['old']);
    act(() => result.current.reload());
    await waitFor(() => expect(result.current.value).toBe('new'));
    expect(asked).toEqual(['old', 'new']);
  });

  it.each([undefined, 0])('is asked once only where the time between is %p', async (every) => {
    jest.useFakeTimers();
    const ask = jest.fn(async () => 'A');
    renderHook(() => useAsync(ask, [], every));
    await act(async () => jest.advanceTimersByTime(3_600_000));
    expect(ask).toHaveBeenCalledTimes(1);
    jest.useRealTimers();
  });

  it('is tried again every so often, until it goes well', async () => {
    jest.useFakeTimers();
    let up = false;
    const ask = jest.fn(async () => (up ? 'A' : Promise.reject(new Error('down'))));
    const { result } = renderHook(() => useAsync(ask, [], 1000));
    await act(async () => jest.advanceTimersByTime(1000));
    expect(result.current.error).toBe('down');
    up = true;
    await act(async () => jest.advanceTimersByTime(1000));
    expect(result.current).toMatchObject({ value: 'A', error: undefined });
    jest.useRealTimers();
  });

  it('is asked in another step where that changes, and the old step is over', async () => {
    jest.useFakeTimers();
    const ask = jest.fn(async () => 'A');
    const { rerender } = renderHook(({ every }) => useAsync(ask, [], every), { initialProps: { every: 1000 } });
    await act(async () => jest.advanceTimersByTime(999));
    rerender({ every: 5000 });
    await act(async () => jest.advanceTimersByTime(4999));
    expect(ask).toHaveBeenCalledTimes(1);
    await act(async () => jest.advanceTimersByTime(1));
    expect(ask).toHaveBeenCalledTimes(2);
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

  it('of an older question is dropped, well or not, however late it comes', async () => {
    const { open, rerender, result } = setup();
    await rest(500);
    rerender({ q: 'b' });
    await act(async () => open[0].resolve('A'));
    expect(result.current).toEqual({ loading: true });
    await rest(500);
    rerender({ q: 'c' });
    await act(async () => open[1].reject(new Error('b is wrong')));
    await rest(500);
    await act(async () => open[2].resolve('C'));
    expect(result.current).toEqual({ key: 'c', value: 'C', loading: false });
  });

  it('is asked at the very moment that the question has rested, not before', async () => {
    const { open } = setup();
    await rest(499);
    expect(open).toHaveLength(0);
    await rest(1);
    expect(open).toHaveLength(1);
  });

  it('is not asked for once nobody looks, and not heard where it comes then', async () => {
    const first = setup();
    first.unmount();
    await rest(1000);
    expect(first.open).toHaveLength(0);
    const second = setup();
    await rest(500);
    second.unmount();
    await act(async () => second.open[0].resolve('A'));
    expect(second.result.current).toEqual({ loading: true });
  });

  it('is not asked anew where the same question is drawn again', async () => {
    const { open, rerender, result } = setup();
    await rest(500);
    await act(async () => open[0].resolve('A'));
    rerender({ q: 'a' });
    await rest(2000);
    expect(open).toHaveLength(1);
    expect(result.current).toEqual({ key: 'a', value: 'A', loading: false });
  });

  it('is for an empty question, too: only none is none', async () => {
    const { open, rerender } = setup();
    rerender({ q: '' });
    await rest(500);
    expect(open.map((o) => o.question)).toEqual(['']);
  });

  it('goes when the question goes, and comes back with it without being asked anew', async () => {
    const { open, rerender, result } = setup();
    await rest(500);
    await act(async () => open[0].resolve('A'));
    rerender({ q: undefined });
    expect(result.current).toEqual({ loading: false });
    rerender({ q: 'a' });
    expect(result.current).toEqual({ key: 'a', value: 'A', loading: false });
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

  it('looks again afterwards, whether it went well or not, as the page is by then', async () => {
    const seen: string[] = [];
    const { open, ask } = pending<string>();
    const { result, rerender } = renderHook(({ page }) => useAction(() => seen.push(page)), {
      initialProps: { page: 'first' },
    });
    act(() => void result.current.run(() => ask('save')));
    rerender({ page: 'second' });
    expect(seen).toEqual([]);
    await act(async () => open[0].resolve('saved'));
    expect(seen).toEqual(['second']);
    await act(async () => void (await result.current.run(async () => Promise.reject(new Error('no')))));
    expect(seen).toEqual(['second', 'second']);
  });

  it('fails like one that is awaited where it throws at once', async () => {
    const { result } = renderHook(() => useAction());
    const broken = () => {
      throw { status: 403, data: { error: 'this needs the role Admin or a higher one' } };
    };
    await act(async () => expect(await result.current.run(broken)).toBe(false));
    expect(result.current).toMatchObject({ busy: false, error: 'This needs the role Admin or a higher one' });
  });

  it('shows no old failure while it is tried again', async () => {
    const { open, ask } = pending<string>();
    const { result } = renderHook(() => useAction());
    await act(async () => void (await result.current.run(async () => Promise.reject(new Error('no')))));
    act(() => void result.current.run(() => ask('save')));
    expect([result.current.busy, result.current.error]).toEqual([true, undefined]);
    await act(async () => open[0].resolve('saved'));
    expect([result.current.busy, result.current.error]).toEqual([false, undefined]);
  });

  it('is the same function all the time, so that nothing that depends on it begins anew', () => {
    const { result, rerender } = renderHook(() => useAction(() => undefined));
    const { run } = result.current;
    rerender();
    expect(result.current.run).toBe(run);
  });
});
