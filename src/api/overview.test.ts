import { instance, rule } from '../testing/data';
import { fakeGrafana, refusal } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { Entry, Fleet } from './contract';
import { fetchSources, fleetOf, recorded24h, recordedOf, SourceState, withoutRule } from './overview';

const entry = (change: Partial<Entry> = {}): Entry => ({ ...sample.overview().warnings[0], ...change });
const source = (uid: string, change: Partial<ReturnType<typeof sample.overview>> = {}): SourceState => ({
  uid,
  name: uid.toUpperCase(),
  overview: { ...sample.overview(), ...change },
});
const silent: SourceState = { uid: 'c', name: 'C', error: 'bad gateway' };
const fleet = (change: Partial<Fleet> = {}) => ({ models: { ...sample.overview().models, ...change } });

describe('what the data sources say', () => {
  it('is asked of each, once; one that fails says why and does not hide the others', async () => {
    const other = '/api/datasources/uid/b/resources/overview';
    const { requests } = fakeGrafana(
      { [resource('overview')]: sample.overview(), [other]: refusal(502, 'bad gateway') },
      undefined,
      [
        { uid: 'fw', name: 'Forewarn' },
        { uid: 'b', name: 'Second' },
      ]
    );
    expect(await fetchSources()).toEqual([
      { uid: 'fw', name: 'Forewarn', overview: sample.overview() },
      { uid: 'b', name: 'Second', error: 'bad gateway' },
    ]);
    expect(requests).toEqual([resource('overview'), other]);
  });

  it('is nothing where there is none', async () => {
    fakeGrafana({}, undefined, []);
    expect(await fetchSources()).toEqual([]);
  });
});

describe('the fleet', () => {
  it('is added up over all that answered', () => {
    const all = fleetOf([source('a'), silent, source('b', fleet({ total: 10, answering: 9, drifted: 2 }))]);
    expect(all).toMatchObject({ total: 14, answering: 12, drifted: 3 });
    expect(all.states).toEqual({ ready: 4, training: 0, failed: 0, stale: 2, paused: 0, empty: 2 });
  });

  it.each([
    ['the earlier of both', '2026-01-02T00:00:00Z', '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['the only one that is known', null, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['the only one that is known, the other way', '2026-01-02T00:00:00Z', null, '2026-01-02T00:00:00Z'],
    ['none', null, null, null],
  ])('was trained and will be at %s', (_, first, second, is) => {
    const both = [first, second].map((at, i) => source(String(i), fleet({ oldestTraining: at, nextTraining: at })));
    expect(fleetOf(both)).toMatchObject({ oldestTraining: is, nextTraining: is });
  });

  it('is empty where nobody answered', () =>
    expect(fleetOf([silent])).toMatchObject({ total: 0, oldestTraining: null }));
});

describe('warnings of a day', () => {
  it('are added up over the trails, and unknown where no trail can be read', () => {
    expect(recorded24h([source('a'), silent, source('b', { raised24h: 5 })])).toBe(7);
    expect(recorded24h([silent])).toBeUndefined();
    expect(recorded24h()).toBeUndefined();
  });
});

describe('what the trail recorded of an active instance', () => {
  const mine = rule({ uid: 'r', name: 'Disk runs out', datasourceUid: 'a' });
  const active = instance({ labels: { alertname: 'Disk runs out', instance: 'db-2', mountpoint: '/var' } });

  it.each([
    ['by the name of its rule', {}, true],
    ['by the uid of its rule, which outlives a name', { values: { ruleUid: 'r', rule: 'An older name' } }, true],
    ['not of another rule of that name', { values: { ruleUid: 'other', rule: 'Disk runs out' } }, false],
    ['not of another entity', { labels: { instance: 'db-9', mountpoint: '/var' } }, false],
    ['also where the alert has more labels', { labels: { instance: 'db-2' } }, true],
  ])('is found %s', (_, change, is) => {
    const found = recordedOf(mine, active, [source('a', { warnings: [entry(change)] })]);
    expect(found !== undefined).toBe(is);
  });

  it('is none of another data source’s trail, nor of one that is silent', () => {
    expect(recordedOf(mine, active, [source('b')])).toBeUndefined();
    expect(recordedOf({ ...mine, datasourceUid: 'c' }, active, [silent])).toBeUndefined();
    expect(recordedOf(mine, active)).toBeUndefined();
  });
});

describe('open warnings without a rule', () => {
  it('are those whose rule nobody sees, the newest first, with whose trail they are in', () => {
    const older = entry({ seq: 1, time: '2026-11-19T00:00:00Z' });
    const newer = entry({ seq: 2, time: '2026-11-20T00:00:00Z', values: { rule: 'Other' } });
    const seen = entry({ seq: 3, values: { ruleUid: 'disk' } });
    const found = withoutRule(
      [source('a', { warnings: [older, seen] }), silent, source('b', { warnings: [newer] })],
      [rule()]
    );
    expect(found.map((w) => [w.entry.seq, w.source.uid])).toEqual([
      [2, 'b'],
      [1, 'a'],
    ]);
  });
});
