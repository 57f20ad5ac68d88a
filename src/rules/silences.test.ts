import { fakeGrafana, refusal, signIn } from '../testing/grafana';
import { endSilence, fetchSilences, Matcher, RULE_LABEL, Silence, silence, silenceOf } from './silences';

const LIST = '/api/alertmanager/grafana/api/v2/silences';
const equal = (name: string, value: string): Matcher => ({ name, value, isEqual: true, isRegex: false });
const held = (matchers: Matcher[], change: Partial<Silence> = {}): Silence => ({
  id: 's',
  matchers,
  startsAt: '2026-03-01T11:00:00Z',
  endsAt: '2026-03-01T13:00:00Z',
  createdBy: 'anna',
  comment: '',
  status: { state: 'active' },
  ...change,
});
const rule = equal(RULE_LABEL, 'r1');

describe('turning notifications off', () => {
  beforeEach(() => signIn('Editor'));

  it.each<[string, Record<string, string> | undefined, Matcher[]]>([
    ['a whole rule', undefined, [rule]],
    ['one instance', { host: 'web-1', disk: '/data' }, [rule, equal('host', 'web-1'), equal('disk', '/data')]],
    ['labels with what a pattern would mean', { path: '/a.*|b"' }, [rule, equal('path', '/a.*|b"')]],
  ])('of %s has an end, who and why', async (_, labels, matchers) => {
    const { sent } = fakeGrafana({ [`POST ${LIST}`]: { silenceID: 'new' } });
    const now = Date.parse('2026-03-01T12:00:00Z');
    await expect(silence('r1', 4, 'why', labels, now)).resolves.toEqual({ silenceID: 'new' });
    expect(sent[0].data).toEqual({
      matchers,
      startsAt: '2026-03-01T12:00:00.000Z',
      endsAt: '2026-03-01T16:00:00.000Z',
      createdBy: 'anna',
      comment: 'why',
    });
  });

  it('that Grafana refuses is thrown as it said', async () => {
    fakeGrafana({ [`POST ${LIST}`]: refusal(403, 'no right to silence') });
    await expect(silence('r1', 1, '')).rejects.toMatchObject({ status: 403, data: { error: 'no right to silence' } });
  });

  it('ends by its id, whatever is in it', async () => {
    const { sent } = fakeGrafana({ 'DELETE /api/alertmanager/grafana/api/v2/silence/a%2Fb': {} });
    await endSilence('a/b');
    expect(sent[0].method).toBe('DELETE');
  });
});

it('lists what holds now or will, the soonest to end first', async () => {
  fakeGrafana({
    [LIST]: [
      held([rule], { id: 'late', endsAt: '2026-03-02T00:00:00Z' }),
      held([rule], { id: 'gone', status: { state: 'expired' } }),
      held([rule], { id: 'soon' }),
      held([rule], { id: 'to come', endsAt: '2026-03-01T18:00:00Z', status: { state: 'pending' } }),
    ],
  });
  expect((await fetchSilences()).map((s) => s.id)).toEqual(['soon', 'to come', 'late']);
});

describe('an instance is silent', () => {
  const regex = (value: string, isEqual = true): Matcher => ({ name: 'host', value, isEqual, isRegex: true });
  const labels = { host: 'web-1', severity: 'warning' };
  it.each<[string, Matcher[], boolean]>([
    ['by its rule', [rule], true],
    ['by its rule and a label', [rule, equal('host', 'web-1')], true],
    ['not by another label’s value', [rule, equal('host', 'web-2')], false],
    ['not by another rule', [equal(RULE_LABEL, 'r2')], false],
    ['by labels alone, whatever the rule', [equal('severity', 'warning')], true],
    ['by a pattern', [regex('web-.*')], true],
    ['not by a part of a pattern', [regex('web')], false],
    ['by a pattern of alternatives, as a whole', [regex('db|web-1')], true],
    ['by what it is not', [{ ...equal('host', 'db'), isEqual: false }], true],
    ['not by what it is', [{ ...equal('host', 'web-1'), isEqual: false }], false],
    ['not by a pattern that it must not have', [regex('web-.*', false)], false],
    ['by the empty value of a label that it lacks', [equal('team', '')], true],
    ['not by a pattern that is none', [regex('(')], false],
    ['where an older Grafana leaves isEqual out', [{ name: 'host', value: 'web-1', isRegex: false }], true],
  ])('%s', (_, matchers, silent) => expect(silenceOf([held(matchers)], 'r1', labels) !== undefined).toBe(silent));

  it('only while the silence is active', () =>
    expect(silenceOf([held([rule], { status: { state: 'pending' } })], 'r1', labels)).toBeUndefined());

  it('until the last of its silences ends', () => {
    const late = held([rule], { id: 'late', endsAt: '2026-03-05T00:00:00Z' });
    expect(silenceOf([held([rule]), late, held([rule], { id: 'other' })], 'r1')?.id).toBe('late');
  });
});
