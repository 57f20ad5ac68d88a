import { t } from '@grafana/i18n';

import { like, NUMBER, Sentence, WHOLE } from './sentence';

/** The sentences of the forecasts. */
export const FORECAST: Sentence[] = [
  [
    like(
      'The last {n} values are equal, far longer than ever before: the metric has stopped, so its value is repeated.'
    ),
    ([n]) =>
      t(
        'phrase.stopped',
        'The last {{n}} values are equal, far longer than ever before: the metric has stopped, so its value is repeated.',
        { n }
      ),
  ],
  [
    like('Too little history to compare models, so the last cycle is repeated.'),
    () => t('phrase.little', 'Too little history to compare models: the last cycle is repeated.'),
  ],
  [
    like('No model was closer than repeating the last cycle on {n} held-out stretches.'),
    ([n]) =>
      t('phrase.unbeaten', 'No model was closer than repeating the last cycle on {{n}} held-out stretches.', { n }),
  ],
  [
    like('On {n} held-out stretches the model was {n} % closer than repeating the last cycle.'),
    ([n, share]) =>
      t(
        'phrase.closer',
        'On {{n}} held-out stretches the model was {{share}} % closer than repeating the last cycle.',
        { n, share }
      ),
  ],
  [
    like(
      'On {n} held-out stretches the combination of {n} models (foremost {name}) was {n} % closer than repeating the last cycle.'
    ),
    ([n, models, names, share]) =>
      t(
        'phrase.closer-combined',
        'On {{n}} held-out stretches the combination of {{models}} models (foremost {{names}}) was {{share}} % closer than repeating the last cycle.',
        { n, models, names, share, ...WHOLE }
      ),
  ],
  [like('The query asks for this algorithm.'), () => t('phrase.asked-algorithm', 'The query asks for this algorithm.')],
  [
    like('{n} known points are too few for a backtest: the band rests on how well the model fitted'),
    ([n]) =>
      t(
        'phrase.no-backtest',
        'Known points: {{n}}, too few for a backtest. The band rests on how well the model fitted',
        { n }
      ),
  ],
  [
    like('comparing models took longer than {n} s: {n} of them were left out'),
    ([seconds, n]) =>
      t('phrase.compared-late', 'Comparing models took longer than {{seconds}} s; left out: {{n}}', { seconds, n }),
  ],
  [
    like('the forecast was clipped to the bounds at {n} of {n} steps'),
    ([n, all]) => t('phrase.clipped', 'The forecast was clipped to the bounds at {{n}} of {{all}} steps', { n, all }),
  ],
  [
    like('The level changed by {n} on {name}: what was before is brought to the level since.'),
    ([change, at]) =>
      t(
        'phrase.shifted-by',
        'The level changed by {{change}} on {{at}}: what was before is brought to the level since.',
        { change, at, ...WHOLE }
      ),
  ],
  [
    like('The level changed to {n} times on {name}: what was before is brought to the level since.'),
    ([change, at]) =>
      t(
        'phrase.shifted-to',
        'The level changed to {{change}} times on {{at}}: what was before is brought to the level since.',
        { change, at, ...WHOLE }
      ),
  ],
  [
    like('The series is constant, so its value is repeated.'),
    () => t('phrase.constant', 'The series is constant: its value is repeated.'),
  ],
  [
    like('too few points: a profile needs two cycles'),
    () => t('phrase.two-cycles', 'Too few points: two whole cycles are needed'),
  ],
  [
    new RegExp(`^too few points: (.+) has ${NUMBER} (?:known )?values and needs ${NUMBER}$`),
    ([, n, least]) => t('phrase.few-values', 'Too few points: {{n}} known values, {{least}} are needed', { n, least }),
  ],
  [
    like('too few points: the series has {n} known values, a forecast needs at least {n}'),
    ([n, least]) =>
      t('phrase.few-forecast', 'Too few points: {{n}} known values, a forecast needs at least {{least}}', { n, least }),
  ],
  [
    like('too few points: the series has no known value, at least 1 is needed'),
    () => t('phrase.no-value', 'Too few points: no value is known, at least one is needed'),
  ],
  [
    new RegExp(`^too few points: ${NUMBER} (?:known )?values (?:do not determine|determine no|give no|leave) .+$`),
    ([n]) => t('phrase.undetermined', 'Too few points: {{n}} values do not determine the model', { n }),
  ],
];
