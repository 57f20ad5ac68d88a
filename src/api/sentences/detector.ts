import { t } from '@grafana/i18n';

import { like, Sentence } from './sentence';

/** The sentences of the detectors. */
export const DETECTOR: Sentence[] = [
  [
    like(
      'the series is quarantined at times: {n} points were not flagged because {n} alerts within a day had been as bad'
    ),
    ([n, most]) =>
      t(
        'phrase.quarantined-day',
        'Quarantined at times. Points not flagged: {{n}}, as {{most}} alerts within a day had been as bad',
        { n, most }
      ),
  ],
  [
    like(
      'the series is quarantined at times: {n} points were not flagged because beyond {n} alerts within a week each has to go further out'
    ),
    ([n, week]) =>
      t(
        'phrase.quarantined-week',
        'Quarantined at times. Points not flagged: {{n}}, as beyond {{week}} alerts within a week each has to go further out',
        { n, week }
      ),
  ],
  [
    like(
      'the series is quarantined at times: {n} points were not flagged because {n} alerts within a day had been as bad, and beyond {n} alerts within a week each has to go further out'
    ),
    ([n, most, week]) =>
      t(
        'phrase.quarantined',
        'Quarantined at times. Points not flagged: {{n}}, as {{most}} alerts within a day had been as bad, and beyond {{week}} alerts within a week each has to go further out',
        { n, most, week }
      ),
  ],
  [
    like('the history is too short to keep to {n} alerts a week: {n} days of it are needed'),
    ([budget, days]) =>
      t(
        'phrase.budget-short',
        'The history is too short to keep to {{budget}} alerts a week: {{days}} days of it are needed',
        { budget, days }
      ),
  ],
  [
    like('even a band {n} times as wide would have made {n} alerts a week, more than {n}: the series is quarantined'),
    ([wide, week, budget]) =>
      t(
        'phrase.budget-missed',
        'Even a band {{wide}} times as wide would have made {{week}} alerts a week, more than {{budget}}: the series is quarantined',
        { wide, week, budget }
      ),
  ],
  [
    like(
      ' For at most {n} alerts a week the band is {n} times its width; in the {n} weeks before that would have made {n} a week.'
    ),
    ([budget, wide, weeks, week]) =>
      t(
        'phrase.budget-kept',
        'For at most {{budget}} alerts a week the band is {{wide}} times its width: {{week}} a week in the {{weeks}} weeks before.',
        { budget, wide, weeks, week }
      ),
  ],
  [
    like('no daily or weekly season is proven by the history, so points are compared with the level before them'),
    () => t('phrase.level-before', 'No daily or weekly season is proven: compared with the level before'),
  ],
  [
    like('less than a day of history is known ({n} of {n} points): nothing is flagged yet'),
    ([n, all]) =>
      t('phrase.first-day', 'Less than a day of history is known ({{n}} of {{all}} points): nothing is flagged yet', {
        n,
        all,
      }),
  ],
  [
    like(
      'only {n} days of history are known: the band is wider than it will be, and one point alone has to lie further out'
    ),
    ([days]) =>
      t(
        'phrase.first-days',
        'Days of history known: {{days}}. The band is wider than it will be, and one point alone has to lie further out',
        { days }
      ),
  ],
  [
    like('the series goes far out on several days, so its band is wider than most days need'),
    () => t('phrase.habit', 'The series goes far out on several days: its band is wider than most days need'),
  ],
  [
    like('the series is restless again and again, so that alone is not flagged for now'),
    () => t('phrase.restless', 'The series is restless again and again: that alone is not flagged for now'),
  ],
  [
    like(
      '{n} % of the history are already beyond the floor of {n}: what is learnt as normal may be bad; exclude that time from training or use a fixed threshold'
    ),
    ([share, limit]) =>
      t(
        'phrase.bad-floor',
        '{{share}} % of the history are already beyond the floor of {{limit}}: what is learnt as normal may be bad. Exclude that time from training, or use a fixed threshold',
        { share, limit }
      ),
  ],
  [
    like(
      '{n} % of the history are already beyond the threshold of {n}: what is learnt as normal may be bad; exclude that time from training or use a fixed threshold'
    ),
    ([share, limit]) =>
      t(
        'phrase.bad-threshold',
        '{{share}} % of the history are already beyond the threshold of {{limit}}: what is learnt as normal may be bad. Exclude that time from training, or use a fixed threshold',
        { share, limit }
      ),
  ],
  [like('The query asks for this detector.'), () => t('phrase.asked-detector', 'The query asks for this detector.')],
  [
    like('the query gives {n} series; a whole has {n} parts at least'),
    ([n, least]) =>
      t('phrase.few-parts', 'Series that the query gives: {{n}}. A whole has at least {{least}} parts', { n, least }),
  ],
  [
    like('the query gives {n} instances; a group needs at least {n} to tell who differs'),
    ([n, least]) =>
      t(
        'phrase.few-instances',
        'Instances that the query gives: {{n}}. A group needs at least {{least}} to tell who differs',
        { n, least }
      ),
  ],
  [
    like(
      'at {n} of {n} steps no cluster held {n} % of the instances: the group has split, and nobody was accused there'
    ),
    ([n, all, share]) =>
      t(
        'phrase.split',
        'At {{n}} of {{all}} steps no cluster held {{share}} % of the instances: the group has split, and none was named there',
        { n, all, share }
      ),
  ],
  [
    like('outliers held back by maintenance: {n}'),
    ([n]) => t('phrase.held-maintenance', 'Outliers held back by maintenance: {{n}}', { n }),
  ],
  [
    like('outliers held back by a deployment: {n}'),
    ([n]) => t('phrase.held-deployment', 'Outliers held back by a deployment: {{n}}', { n }),
  ],
  [like('no outlier: all instances agree'), () => t('phrase.agree', 'No outlier: all instances agree')],
  [
    like('after {n} alarms within a day only a worse one is raised: {n} points were held back'),
    ([most, n]) =>
      t('phrase.alarms', 'After {{most}} alarms within a day only a worse one is raised. Points held back: {{n}}', {
        most,
        n,
      }),
  ],
  [
    like('the history is too short to learn how the signals lie together, so each is compared with itself'),
    () =>
      t('phrase.apart', 'The history is too short to learn how the signals lie together: each is compared with itself'),
  ],
  [
    like('too few points: none of the {n} signals has enough known values'),
    ([n]) => t('phrase.no-signal', 'Too few points: none of the {{n}} signals has enough known values', { n }),
  ],
  [
    like('too few points: the series has {n} known values, {name} needs {n}'),
    ([n, , least]) => t('phrase.few', 'Too few points: {{n}} known values, {{least}} are needed', { n, least }),
  ],
  [
    like(
      'too few points: the history before the evaluated {name} holds {n} stretches of that length, {n} are needed: choose a longer trainingWindow or a shorter window'
    ),
    ([span, n, least]) =>
      t(
        'phrase.few-stretches',
        'Too few points: the history before the evaluated {{span}} holds {{n}} stretches of that length, {{least}} are needed. Choose a longer training window or a shorter window',
        { span, n, least }
      ),
  ],
  [
    like(
      'too few points: the history before the evaluated {name} holds {n} windows of that length over all instances, {n} are needed: choose a longer trainingWindow or a shorter window'
    ),
    ([span, n, least]) =>
      t(
        'phrase.few-windows',
        'Too few points: the history before the evaluated {{span}} holds {{n}} windows of that length, {{least}} are needed. Choose a longer training window or a shorter window',
        { span, n, least }
      ),
  ],
];
