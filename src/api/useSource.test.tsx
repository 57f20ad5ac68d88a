import { act, renderHook } from '@testing-library/react';
import React, { ReactNode } from 'react';
import { MemoryRouter, useLocation } from 'react-router-dom';

import { fakeGrafana } from '../testing/grafana';
import { useSource } from './useSource';

const TWO = [
  { uid: 'a', name: 'First' },
  { uid: 'b', name: 'Second' },
];

/** The hook on a page at an address, and where the page is then. */
function at(address: string, sources: Array<{ uid: string; name: string }> = TWO) {
  fakeGrafana({}, undefined, sources);
  const wrapper = ({ children }: { children: ReactNode }) => (
    <MemoryRouter initialEntries={['/before', address]}>{children}</MemoryRouter>
  );
  return renderHook(() => ({ source: useSource(), at: useLocation() }), { wrapper });
}

describe('the data source that a page talks to', () => {
  it.each([
    ['the first where the address names none', '/models', 'a'],
    ['the one that the address names', '/models?ds=b', 'b'],
    ['the first where that one is gone', '/models?ds=gone', 'a'],
    ['the first where the name is empty', '/models?ds=', 'a'],
    ['told by its uid, not by its name', '/models?ds=Second', 'a'],
    ['told in the very letters', '/models?ds=B', 'a'],
    ['the first of several in the address', '/models?ds=b&ds=a', 'b'],
  ])('is %s', (_, address, uid) => {
    const { source } = at(address).result.current;
    expect([source.uid, source.client?.uid]).toEqual([uid, uid]);
    expect(source.sources).toEqual(TWO);
  });

  it('is none where there is none, whatever the address says', () => {
    for (const address of ['/models', '/models?ds=a']) {
      const { source } = at(address, []).result.current;
      expect(source).toMatchObject({ uid: '', sources: [], client: undefined });
    }
  });

  it('is known by the uid that the address quotes', () => {
    const { source } = at('/models?ds=x%2F%26y', [...TWO, { uid: 'x/&y', name: 'Odd' }]).result.current;
    expect(source.client?.url('models')).toBe('/api/datasources/uid/x%2F%26y/resources/models');
  });

  it('stays the same client while nothing changes, so that nothing is asked anew', () => {
    const { result, rerender } = at('/models?ds=b');
    const { client, sources } = result.current.source;
    rerender();
    expect(result.current.source.client).toBe(client);
    expect(result.current.source.sources).toBe(sources);
  });
});

describe('another choice', () => {
  it('stays in the address beside what else is there', () => {
    const { result } = at('/models?name=cpu&ds=a&tab=live');
    const before = result.current.source.client;
    act(() => result.current.source.choose('b'));
    expect(result.current.source.uid).toBe('b');
    expect(result.current.source.client).not.toBe(before);
    expect(result.current.at.pathname).toBe('/models');
    expect(Object.fromEntries(new URLSearchParams(result.current.at.search))).toEqual({
      name: 'cpu',
      ds: 'b',
      tab: 'live',
    });
  });

  it('is made once more, the last one holds', () => {
    const { result } = at('/models');
    act(() => result.current.source.choose('b'));
    act(() => result.current.source.choose('a'));
    expect(result.current.source.uid).toBe('a');
    expect(result.current.at.search).toBe('?ds=a');
  });

  it('of one that is gone leaves the first', () => {
    const { result } = at('/models?ds=b');
    act(() => result.current.source.choose('gone'));
    expect(result.current.source.client?.uid).toBe('a');
  });
});
