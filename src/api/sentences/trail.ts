import { t } from '@grafana/i18n';

import { like, Sentence, WHOLE } from './sentence';

/** What trained models and their trail say: why one was trained, kept back or put away, and what judged. */
export const TRAIL: Sentence[] = [
  [
    like('Trained on {n} points, and {n} newer ones taken in.'),
    ([n, newer]) => t('trail.trained-on', 'Points trained on: {{n}}; newer ones taken in: {{newer}}.', { n, newer }),
  ],
  [like('its schedule of {span}'), ([span]) => t('trail.schedule', 'every {{span}}, as its schedule says', { span })],
  [
    like(
      "kept back: its error of {n} is more than {n} times the live version's {n}; promote it to use it all the same"
    ),
    ([error, times, live]) =>
      t(
        'trail.kept-back',
        'Kept back: its error of {{error}} is more than {{times}} times the live version’s {{live}}. Make it live to use it all the same',
        { error, times, live }
      ),
  ],
  [
    like("a draft of {name}'s that nobody saved within a day"),
    ([who]) => t('trail.expired', 'A draft of {{who}}’s that nobody saved within a day', { who, ...WHOLE }),
  ],
  [
    like("no longer in the data source's settings: paused, and open to changes by administrators"),
    () => t('trail.unlisted', 'Not in the data source’s settings any more: paused, and administrators may change it'),
  ],
  [
    like('its errors are well above those in training, and stay so'),
    () => t('trail.errors', 'its errors are well above those in training, and stay so'),
  ],
  [
    like('it has seen half as many points again as it was trained on'),
    () => t('trail.seen', 'it has seen half as many points again as it was trained on'),
  ],
  [like('reading the source'), () => t('trail.reading', 'reading the source')],
  [like('waiting for the store'), () => t('trail.waiting', 'waiting for the store')],
  [like('line {n} is missing'), ([line]) => t('trail.missing', 'Line {{line}} is missing', { line })],
  [
    like('line {n} does not follow on the line before it'),
    ([line]) => t('trail.unchained', 'Line {{line}} does not follow on the line before it', { line }),
  ],
  [
    like('line {n} does not match its hash: it was changed'),
    ([line]) => t('trail.altered', 'Line {{line}} does not match its hash: it was changed', { line }),
  ],
  [
    like('line {n} is not the one that was written last'),
    ([line]) => t('trail.not-last', 'Line {{line}} is not the one that was written last', { line }),
  ],
  [
    like('the trail ends at line {n}, and {n} were written'),
    ([end, written]) =>
      t('trail.cut', 'The trail ends at line {{end}}, and {{written}} were written', { end, written }),
  ],
  [
    like('the trail begins after line {n}, and no line says that those before it were taken away'),
    ([line]) =>
      t(
        'trail.beheaded',
        'The trail begins after line {{line}}, and no line says that those before it were taken away',
        { line }
      ),
  ],
];
