import { DataQueryError, PanelData } from '@grafana/data';
import React, { createContext, ReactNode, useContext, useMemo } from 'react';

/** What the back end said of one field of a query. */
export interface FieldError {
  field: string;
  text: string;
}

const Said = createContext<FieldError | undefined>(undefined);

/** The field that an error's message names, such as `field "horizon" is 1m, needed is …`, and what it says of it. */
export function fieldError(message?: string): FieldError | undefined {
  const named = /field "([^"]+)"[:,]? ?(.*)/s.exec(message ?? '');
  return named ? { field: named[1], text: named[2] } : undefined;
}

const textOf = (e?: DataQueryError) => e?.message ?? e?.data?.message ?? e?.data?.error;

/** Tells the fields inside what the back end said of them when the query last ran. */
export function FieldErrors({ data, refId, children }: { data?: PanelData; refId: string; children: ReactNode }) {
  const message = textOf(data?.errors?.find((e) => e.refId === refId || !e.refId));
  const said = useMemo(() => fieldError(message), [message]);
  return <Said.Provider value={said}>{children}</Said.Provider>;
}

/** What the back end said of a field, or of what it is a part of. */
export function useFieldError(field?: string): string | undefined {
  const said = useContext(Said);
  const same = said && field && (said.field === field || field.startsWith(`${said.field}.`));
  return same ? said.text : undefined;
}

/** Whether the back end said something of a field or of a part of it. */
export function useHasError(...fields: string[]): boolean {
  const said = useContext(Said);
  return said !== undefined && fields.some((f) => said.field === f || said.field.startsWith(`${f}.`));
}
