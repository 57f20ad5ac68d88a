import { dateTime, TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';

import { endsNow, panesAhead, showFuture } from './future';

const at = Date.parse('2026-03-01T12:00:00Z');
const range = (to: string, raw: string) =>
  ({ from: dateTime(at - 1000), to: dateTime(to), raw: { from: 'now-1h', to: raw } }) as TimeRange;

describe('a range', () => {
  it.each([
    ['up to now', range('2026-03-01T12:00:00Z', 'now'), true],
    ['that is rounded to the past', range('2026-03-01T00:00:00Z', 'now/d'), true],
    ['into the future', range('2026-03-02T12:00:00Z', 'now+24h'), false],
    ['in the past, chosen on purpose', range('2026-02-01T00:00:00Z', '2026-02-01 00:00:00'), false],
    ['that is not known', undefined, false],
  ])('%s ends now: %s', (_, given, want) => expect(endsNow(given, at)).toBe(want));
});

describe('Explore’s panes', () => {
  const panes = { abc: { datasource: 'fw', queries: [{ refId: 'A' }], range: { from: 'now-2d', to: 'now' } }, def: {} };

  it('end ahead, and keep what else they hold', () =>
    expect(JSON.parse(panesAhead(JSON.stringify(panes), '24h')!)).toEqual({
      abc: { ...panes.abc, range: { from: 'now-2d', to: 'now+24h' } },
      def: { range: { from: 'now-1d', to: 'now+24h' } },
    }));

  it.each(['', 'left', '{}', 'null'])('that cannot be read are left alone: %s', (text) =>
    expect(panesAhead(text, '24h')).toBeUndefined()
  );
});

describe('showing the future', () => {
  it.each([
    ['a dashboard', '/d/x?from=now-2d&to=now', '72h', { to: 'now+72h' }],
    ['a dashboard by weeks', '/d/x', '1w', { to: 'now+1w' }],
    ['a dashboard where the horizon is a variable', '/d/x', '$horizon', { to: 'now+24h' }],
    [
      'Explore',
      `/explore?panes=${encodeURIComponent('{"a":{"range":{"from":"now-1h","to":"now"}}}')}`,
      '6h',
      { panes: '{"a":{"range":{"from":"now-1h","to":"now+6h"}}}' },
    ],
  ])('moves the end of %s', (_, address, horizon, want) => {
    locationService.push(address);
    showFuture(horizon);
    expect(locationService.getSearchObject()).toMatchObject(want);
  });
});
