import { DataQueryError, PanelData } from '@grafana/data';
import React, { createContext, ReactNode, useContext, useMemo } from 'react';

import { ForewarnQuery } from '../types';

/** What the back end said of one field of a query. */
export interface FieldError {
  field: string;
  text: string;
}

const Said = createContext<FieldError | undefined>(undefined);

const NAMED = /field "([^"]+)"[:,]? ?(.*)/s;
const REJECTED =
  /^(?:(threshold\.query|threshold\.capacity|volume|agreement|deployments|source (.+?)): )?source rejected the query: (.*)/s;

/**
 * The field that an error's message is about, and what it says of it: the one it names, such as `field "horizon" is 1m, needed is
 * …`, or the source whose server did not take what was asked.
 */
export function fieldError(message = '', query: Pick<ForewarnQuery, 'sources'> = {}): FieldError | undefined {
  const named = NAMED.exec(message);
  if (named) {
    return { field: named[1], text: named[2] };
  }
  const [, side, signal, text] = REJECTED.exec(message) ?? [];
  if (!text) {
    return undefined;
  }
  const at = query.sources?.findIndex((s) => s.name === signal) ?? -1;
  return { field: at >= 0 ? `sources[${at}]` : signal || !side ? 'source' : side, text };
}

const textOf = (e?: DataQueryError) => e?.message ?? e?.data?.message ?? e?.data?.error;

/** Tells the fields inside what the back end said of them when the query last ran. */
export function FieldErrors({
  data,
  query,
  children,
}: {
  data?: PanelData;
  query: ForewarnQuery;
  children: ReactNode;
}) {
  const message = textOf(data?.errors?.find((e) => e.refId === query.refId || !e.refId));
  const said = useMemo(() => fieldError(message, query), [message, query]);
  return <Said.Provider value={said}>{children}</Said.Provider>;
}

/** What the back end said of one of the fields. */
export function useFieldError(...fields: Array<string | undefined>): string | undefined {
  const said = useContext(Said);
  return said && fields.includes(said.field) ? said.text : undefined;
}

/** Whether the back end said something of a field or of a part of it. */
export function useHasError(...fields: string[]): boolean {
  const said = useContext(Said);
  return said !== undefined && fields.some((f) => said.field === f || said.field.startsWith(`${f}.`));
}
