import { createDataFrame, FieldType } from '@grafana/data';

import { Entry, Label } from '../api/contract';
import { NOW } from '../testing/data';
import { signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { belonging } from './Deliveries';
import { labelOf } from './EntryCard';
import { byDay } from './Timeline';
import { told } from './told';
import { momentAt } from './ValuesThen';
import { actionText, iconOf, kinds, shownValues, valueName, valueText } from './words';

const HOUR = 3_600_000;
const at = (ms: number) => new Date(ms).toISOString();
const entry = (change: Partial<Entry> = {}): Entry => ({
  ...sample.audit().entries[0],
  time: at(NOW),
  action: 'warning.raised',
  model: 'disk',
  subject: 'db-1',
  labels: { instance: 'db-1' },
  values: {},
  ...change,
});

describe('deliveries of a warning', () => {
  const delivery = (change: Partial<Entry>) => entry({ action: 'delivery.sent', subject: '', labels: {}, ...change });

  it.each([
    ['the same subject', {}, { subject: 'db-1' }, 1],
    ['the same rule', { values: { rule: 'Disk' } }, { values: { rule: 'Disk' } }, 1],
    ['all its labels', {}, { labels: { instance: 'db-1', channel: 'x' } }, 1],
    ['another subject and rule', { values: { rule: 'Disk' } }, { subject: 'db-2', values: { rule: 'CPU' } }, 0],
    ['no rule on either side', {}, { subject: 'db-2' }, 0],
    ['nothing in common where the warning has no labels', { subject: '', labels: {} }, { subject: '' }, 0],
  ])('are those of %s', (_, warning, sent, n) => expect(belonging(entry(warning), [delivery(sent)])).toHaveLength(n));
});

describe('the label of a warning', () => {
  const label = (change: Partial<Label> = {}): Label => ({
    ...sample.label(),
    model: 'disk',
    series: { instance: 'db-1' },
    from: at(NOW - HOUR),
    to: at(NOW + HOUR),
    ...change,
  });

  it.each([
    ['its time, model and series', {}, true],
    ['a label whose end is its beginning', { to: at(NOW) }, true],
    ['the time before', { to: at(NOW - 1) }, false],
    ['another model', { model: 'cpu' }, false],
    ['another series', { series: { instance: 'db-2' } }, false],
    ['every series of the model', { series: {} }, true],
  ])('is that of %s', (_, change, is) => expect(labelOf(entry(), [label(change)]) !== undefined).toBe(is));
});

describe('the values of a moment', () => {
  const frame = (values: Array<number | null>, output = 'actual') =>
    createDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: values.map((_, i) => NOW - (values.length - 1 - i) * 600_000) },
        { name: output, type: FieldType.number, labels: { output }, values },
      ],
    });

  it.each([
    ['the newest at or before it', [1, 2, 3], NOW, 3],
    ['none of what came later', [1, 2, 3], NOW - 600_000, 2],
    ['the last known one', [1, 2, null], NOW, 2],
    ['none that is an hour old', [1], NOW + HOUR, null],
    ['none that is no number', [NaN, Infinity], NOW, null],
  ])('are %s', (_, values, time, is) => expect(momentAt([frame(values)], time).actual).toBe(is));

  it('come from any frame, and are unknown where there is none', () => {
    expect(momentAt([frame([1]), frame([2], 'expected')], NOW)).toEqual({ actual: 1, expected: 2 });
    expect(momentAt([], NOW)).toEqual({ actual: null, expected: null });
  });
});

describe('words', () => {
  it('stand for every action that is known; another stays as it is written', () => {
    expect(actionText('model.demoted')).toBe('series answered by the simpler model');
    expect(actionText('model.restored')).toBe('series answered by its model again');
    expect(actionText('model.sang')).toBe('model.sang');
  });

  it('are put beside a sign', () => {
    expect(iconOf(entry())).toBe('exclamation-circle');
    expect(iconOf(entry({ action: 'model.demoted' }))).toBe('cube');
    expect(iconOf(entry({ action: 'other.thing' }))).toBe('circle');
    expect(new Set(kinds().map((k) => k.value)).size).toBe(kinds().length);
  });

  it('leave out what only machines need, and only of warnings', () => {
    const values = { key: 'x', score: 2, why: '', lower: null };
    expect(shownValues(entry({ values }))).toEqual([['score', 2]]);
    expect(shownValues(entry({ action: 'model.change', values }))).toEqual([
      ['key', 'x'],
      ['score', 2],
    ]);
  });

  it.each([
    [3.14159, '3.14'],
    [0, '0'],
    ['', '–'],
    [null, '–'],
    [['a', 'b'], '["a","b"]'],
    [false, 'false'],
    ['text', 'text'],
  ])('say %j as %s', (value, text) => expect(valueText(value)).toBe(text));

  it('say a time in the reader’s zone', () =>
    expect(valueText('2026-03-01T12:00:00Z')).toMatch(/^2026-0[23]-\d\d \d\d:\d\d:\d\d$/));

  it('name values', () =>
    expect([valueName('eta_early'), valueName('new')]).toEqual(['Hours left, at the earliest', 'new']));
});

describe('what a warning says, and why', () => {
  const recorded = sample.audit().entries[1];
  const why = (e: Entry) => Object.fromEntries(shownValues(e)).why;
  afterEach(() => signIn('Viewer'));

  it.each([
    ['en-US', recorded.note, recorded.values.why],
    ['zh-Hans', recorded.values.note_zh, recorded.values.why_zh],
    ['de-DE', recorded.note, recorded.values.why],
  ])('is told in the reader’s language where it was recorded in it: %s', (language, note, reason) => {
    signIn('Viewer', language);
    expect(told(recorded, 'note')).toBe(note);
    expect(why(recorded)).toBe(reason);
    // and once only
    expect(Object.keys(Object.fromEntries(shownValues(recorded)))).toEqual(['eta_early', 'rule', 'why']);
  });

  it('is told in English to whoever reads it where the rule is in Chinese', () => {
    const chinese = entry({ note: '磁盘将满。', values: { note_en: 'The disk fills up.' } });
    signIn('Viewer', 'en-GB');
    expect(told(chinese, 'note')).toBe('The disk fills up.');
    signIn('Viewer', 'zh-Hans');
    expect(told(chinese, 'note')).toBe('磁盘将满。');
  });

  it('stays as it was written in older lines', () => {
    signIn('Viewer', 'zh-Hans');
    const older = entry({ note: 'CPU 93 %.', values: { why: 'somehow' } });
    expect(told(older, 'note')).toBe('CPU 93 %.');
    expect(why(older)).toBe('somehow');
    expect(told(entry({ note: '', values: {} }), 'why')).toBe('');
  });
});

describe('days', () => {
  it('hold their entries in order; a day without any is not there', () => {
    const entries = [NOW, NOW - HOUR / 2, NOW - 48 * HOUR].map((ms, i) => entry({ seq: 9 - i, time: at(ms) }));
    expect(byDay(entries).map(([, list]) => list.map((e) => e.seq))).toEqual([[9, 8], [7]]);
    expect(byDay([])).toEqual([]);
  });
});
