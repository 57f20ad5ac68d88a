import { act, renderHook, waitFor } from '@testing-library/react';
import { dateTime } from '@grafana/data';

import { Client } from '../api/client';
import { Audit, Entry } from '../api/contract';
import { RANGE } from '../testing/data';
import { fakeGrafana, Sent } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { TrailFilter, useTrail } from './useTrail';

const AUDIT = resource('audit');
const entry = (seq: number): Entry => ({ ...sample.audit().entries[0], seq });
const page = (more: boolean, ...seqs: number[]): Audit => ({ entries: seqs.map(entry), more });
const filter = (change: Partial<TrailFilter> = {}): TrailFilter => ({ range: RANGE, kind: '', model: '', ...change });
const client = new Client('fw');

const setup = (answer: unknown, first = filter()) => {
  const grafana = fakeGrafana({ [AUDIT]: answer });
  const hook = renderHook((props: TrailFilter) => useTrail(client, props), { initialProps: first });
  return { ...grafana, ...hook, asked: () => grafana.sent.map((s) => s.params ?? {}) };
};
const seqs = (entries?: Entry[]) => entries?.map((e) => e.seq);

it('asks for a page of the range, and leaves “now” open so that what has just happened is there', async () => {
  const { result, asked, rerender } = setup(page(false, 3, 2, 1));
  await waitFor(() => expect(seqs(result.current.entries)).toEqual([3, 2, 1]));
  rerender(filter({ range: { ...RANGE, to: dateTime(RANGE.to), raw: { from: 'now-7d', to: 'now' } } }));
  await waitFor(() => expect(asked()).toHaveLength(2));
  const from = RANGE.from.toISOString();
  expect(asked()).toEqual([
    { from, to: RANGE.to.toISOString(), limit: 100 },
    { from, limit: 100 },
  ]);
});

it('goes on below the last entry, as long as there are more', async () => {
  const { result, asked } = setup((s: Sent) => (s.params?.before ? page(false, 7, 6) : page(true, 9, 8)));
  await waitFor(() => expect(result.current.more).toBe(true));
  await act(async () => result.current.older());
  await waitFor(() => expect(seqs(result.current.entries)).toEqual([9, 8, 7, 6]));
  expect(result.current.more).toBe(false);
  expect(asked()[1]).toMatchObject({ before: 8 });
});

it('begins anew for another filter', async () => {
  const { result, rerender } = setup((s: Sent) => page(false, ...(s.params?.model === 'cpu' ? [5] : [9, 8])));
  await waitFor(() => expect(seqs(result.current.entries)).toEqual([9, 8]));
  rerender(filter({ model: 'cpu' }));
  await waitFor(() => expect(seqs(result.current.entries)).toEqual([5]));
});

it('keeps what was read beside the error of another look, and forgets the error with the next answer', async () => {
  let answer: unknown = page(false, 2);
  const { result } = setup(() => answer);
  await waitFor(() => expect(result.current.loading).toBe(false));
  answer = new Error('the store does not answer');
  await act(async () => result.current.reload());
  await waitFor(() => expect(result.current.error).toBe('the store does not answer'));
  expect(seqs(result.current.entries)).toEqual([2]);
  answer = page(false, 3, 2);
  await act(async () => result.current.reload());
  await waitFor(() => expect(seqs(result.current.entries)).toEqual([3, 2]));
  expect(result.current.error).toBeUndefined();
});
