import { DependencyList, useCallback, useEffect, useMemo, useRef, useState } from 'react';

import { messageOf } from './message';

/** An answer that is awaited; while it is asked anew the old one stays. */
export interface Async<T> {
  value?: T;
  error?: string;
  loading: boolean;
  /** Asks again. */
  reload: () => void;
}

/** Asks when the dependencies change, and every so many milliseconds where that is given. Late answers of older questions are dropped. */
export function useAsync<T>(ask: () => Promise<T>, deps: DependencyList, every?: number): Async<T> {
  const [tick, setTick] = useState(0);
  const [state, setState] = useState<{ question?: object; value?: T; error?: string }>({});
  // eslint-disable-next-line react-hooks/exhaustive-deps, react-hooks/use-memo -- the caller says when to ask anew
  const question = useMemo(() => ({ tick }), [...deps, tick]);
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    let live = true;
    latest.current().then(
      (value) => live && setState({ question, value }),
      (e) => live && setState((old) => ({ question, value: old.value, error: messageOf(e) }))
    );
    return () => {
      live = false;
    };
  }, [question]);
  const reload = useCallback(() => setTick((n) => n + 1), []);
  useEffect(() => {
    if (!every) {
      return undefined;
    }
    const timer = setInterval(reload, every);
    return () => clearInterval(timer);
  }, [every, reload]);
  return { value: state.value, error: state.error, loading: state.question !== question, reload };
}

/** An answer to a question that may still change. */
export interface Rested<T> {
  value?: T;
  /** What was thrown. */
  thrown?: unknown;
  /** The question that was answered. */
  key?: string;
  loading: boolean;
}

/** Asks when the question has rested for a moment; the old answer stays until then. Without a question there is no answer. */
export function useRested<T>(key: string | undefined, ask: (key: string) => Promise<T>, rest: number): Rested<T> {
  const [state, setState] = useState<{ key?: string; value?: T; thrown?: unknown }>({});
  const latest = useRef(ask);
  useEffect(() => {
    latest.current = ask;
  });
  useEffect(() => {
    if (key === undefined) {
      return undefined;
    }
    let live = true;
    const timer = setTimeout(() => {
      latest.current(key).then(
        (value) => live && setState({ key, value }),
        (thrown: unknown) => live && setState({ key, thrown })
      );
    }, rest);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [key, rest]);
  return key === undefined ? { loading: false } : { ...state, loading: state.key !== key };
}

/** What a button does: running, and what went wrong. Whoever has to look again afterwards is told then, whether it went well or not. */
export function useAction(after?: () => void): {
  busy: boolean;
  error?: string;
  /** Resolves to whether it went well. */
  run: (action: () => Promise<unknown>) => Promise<boolean>;
} {
  const [state, setState] = useState<{ busy: boolean; error?: string }>({ busy: false });
  const then = useRef(after);
  useEffect(() => {
    then.current = after;
  });
  const run = useCallback(async (action: () => Promise<unknown>) => {
    setState({ busy: true });
    let error: string | undefined;
    try {
      await action();
    } catch (e) {
      error = messageOf(e);
    }
    setState({ busy: false, error });
    then.current?.();
    return error === undefined;
  }, []);
  return { ...state, run };
}
