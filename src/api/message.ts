import { phrase } from './phrases';

/** The message of whatever was thrown, an Error or the answer of a failed request, in the reader's language as far as it is known. */
export function messageOf(thrown: unknown): string {
  const e = thrown as
    { data?: { message?: string; error?: string }; message?: string; statusText?: string } | undefined;
  return phrase(e?.data?.message ?? e?.data?.error ?? e?.message ?? e?.statusText ?? String(thrown));
}
