import { phrase } from './phrases';

/** What Grafana says where it got no answer that could be read. */
const STAND_IN = 'Unexpected error';

/** Whether a text tells a reader anything: a proxy's page about itself does not. */
const tells = (text?: string) => Boolean(text?.trim()) && text !== STAND_IN && !/^\s*</.test(text ?? '');

/** The message of whatever was thrown, an Error or the answer of a failed request, in the reader's language as far as it is known. */
export function messageOf(thrown: unknown): string {
  const e = thrown as
    { data?: { message?: string; error?: string }; message?: string; statusText?: string; status?: number } | undefined;
  const said = [e?.data?.message, e?.data?.error, e?.message, e?.statusText].find(tells);
  return phrase(said ?? (e?.status ? `HTTP ${e.status}` : String(thrown)));
}
