import { phrase } from './phrases';

describe('sentences of the back end', () => {
  it.each([
    [
      '7 points: enough to repeat the last values, not to learn from.',
      'Points: 7. Enough to repeat the last values, not to learn from.',
    ],
    [
      "5h of history: level and trend are learnt. From two days on, the day's rhythm is, too.",
      '5h of history: level and trend are learnt. From two days on, the day’s rhythm is, too.',
    ],
    [
      "3d12h of history: the day's rhythm is learnt. From two weeks on, the week's is, too.",
      '3d12h of history: the day’s rhythm is learnt. From two weeks on, the week’s is, too.',
    ],
    [
      '2w of history: the rhythms of day and week are learnt.',
      '2w of history: the rhythms of day and week are learnt.',
    ],
    [
      'There are only 28.0 days of data; the first third of them is learnt from and the rest is replayed.',
      'There are only 28 days of data: a third is learnt from, the rest is replayed.',
    ],
    [
      'Even a band 8 times as wide would have raised 2.5 alerts a week.',
      'Even a band 8 times as wide would have raised 2.5 alerts a week.',
    ],
    ['312 alerts; the newest 200 are listed.', 'Alerts: 312; the newest 200 are listed.'],
    ['3 series have no data in this time', 'Series without data in this time: 3'],
    [
      '189 % above what is usual then (94.58, expected 24.81 to 40.74)',
      '189 % above what is usual then (24.81 to 40.74)',
    ],
    ['25 % below what is usual then (1e-05, expected -2 to 4.1)', '25 % below what is usual then (-2 to 4.1)'],
    [
      '77.06, and the threshold of 90 expected in 166 h (earliest 132 h)',
      'limit of 90 expected in 166 h (at the earliest 132 h)',
    ],
    ['91, the threshold of 90 was crossed', 'the limit of 90 was crossed'],
    ['several signals together are unlikely', 'several signals together are unlikely'],
  ])('%s', (said, shown) => expect(phrase(said)).toBe(shown));

  it('stays as it is where it is not known', () => expect(phrase('something new: 4 %')).toBe('something new: 4 %'));

  it('stays empty', () => expect(phrase('')).toBe(''));
});
