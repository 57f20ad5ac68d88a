import { t } from '@grafana/i18n';

import { DETECTOR } from './sentences/detector';
import { SOURCE, STORE } from './sentences/failure';
import { FORECAST } from './sentences/forecast';
import { QUERY } from './sentences/query';
import { REFUSAL } from './sentences/refusal';
import { NUMBER, Sentence, SPAN, WHOLE } from './sentences/sentence';
import { TRAIL } from './sentences/trail';

/** The back end's sentences, by what their numbers leave of them. */
const PHRASES: Sentence[] = [
  ...DETECTOR,
  ...FORECAST,
  ...QUERY,
  ...SOURCE,
  ...STORE,
  ...REFUSAL,
  ...TRAIL,
  [
    new RegExp(`^${NUMBER} points: enough to repeat the last values, not to learn from\\.$`),
    ([n]) => t('phrase.points', 'Points: {{n}}. Enough to repeat the last values, not to learn from.', { n }),
  ],
  [
    new RegExp(`^${SPAN} of history: level and trend are learnt\\.`),
    ([span]) =>
      t(
        'phrase.basic',
        '{{span}} of history: level and trend are learnt. From two days on, the day’s rhythm is, too.',
        {
          span,
          ...WHOLE,
        }
      ),
  ],
  [
    new RegExp(`^${SPAN} of history: the day's rhythm is learnt\\.`),
    ([span]) =>
      t('phrase.daily', '{{span}} of history: the day’s rhythm is learnt. From two weeks on, the week’s is, too.', {
        span,
        ...WHOLE,
      }),
  ],
  [
    new RegExp(`^${SPAN} of history: the rhythms of day and week are learnt\\.$`),
    ([span]) => t('phrase.weekly', '{{span}} of history: the rhythms of day and week are learnt.', { span, ...WHOLE }),
  ],
  [
    new RegExp(
      `^There are only ${NUMBER} days of data; the first third of them is learnt from and the rest is replayed\\.$`
    ),
    ([days]) =>
      t('phrase.short', 'There are only {{days}} days of data: a third is learnt from, the rest is replayed.', {
        days: Math.round(Number(days)),
      }),
  ],
  [
    new RegExp(`^Even a band ${NUMBER} times as wide would have raised ${NUMBER} alerts a week\\.$`),
    ([wide, week]) =>
      t('phrase.wide', 'Even a band {{wide}} times as wide would have raised {{week}} alerts a week.', { wide, week }),
  ],
  [
    new RegExp(`^${NUMBER} alerts; the newest ${NUMBER} are listed\\.$`),
    ([all, listed]) => t('phrase.listed', 'Alerts: {{all}}; the newest {{listed}} are listed.', { all, listed }),
  ],
  [
    new RegExp(`^${NUMBER} series have no data in this time$`),
    ([n]) => t('phrase.empty', 'Series without data in this time: {{n}}', { n }),
  ],
  [
    new RegExp(`^${NUMBER} % above what is usual then \\(${NUMBER}, expected ${NUMBER} to ${NUMBER}\\)$`),
    ([share, , lower, upper]) =>
      t('phrase.above', '{{share}} % above what is usual then ({{lower}} to {{upper}})', { share, lower, upper }),
  ],
  [
    new RegExp(`^${NUMBER} % below what is usual then \\(${NUMBER}, expected ${NUMBER} to ${NUMBER}\\)$`),
    ([share, , lower, upper]) =>
      t('phrase.below', '{{share}} % below what is usual then ({{lower}} to {{upper}})', { share, lower, upper }),
  ],
  [
    new RegExp(`^${NUMBER}, and the threshold of ${NUMBER} expected in ${NUMBER} h \\(earliest ${NUMBER} h\\)$`),
    ([, limit, hours, early]) =>
      t('phrase.rising', 'limit of {{limit}} expected in {{hours}} h (at the earliest {{early}} h)', {
        limit,
        hours,
        early,
      }),
  ],
  [
    new RegExp(`^${NUMBER}, the threshold of ${NUMBER} was crossed$`),
    ([, limit]) => t('phrase.crossed', 'the limit of {{limit}} was crossed', { limit }),
  ],
  [/^as the group and its own history$/, () => t('phrase.own-group', 'As the group and as its own history')],
  [/^nothing to compare with$/, () => t('phrase.alone', 'Nothing to compare with')],
  [
    /^less than half of the evaluated window is known$/,
    () => t('phrase.sparse', 'Less than half of the evaluated window is known'),
  ],
  [/^nothing of its history is known$/, () => t('phrase.no-history', 'Nothing of its history is known')],
  [/^several signals together are unlikely$/, () => t('phrase.together', 'several signals together are unlikely')],
  [
    new RegExp(`^level is ${NUMBER} against the group's median, ${NUMBER} is usual$`),
    ([now, usual]) => t('phrase.level', 'level {{now}} from the group’s median, usually {{usual}}', { now, usual }),
  ],
  [
    new RegExp(`^upper is ${NUMBER} against the group's median, ${NUMBER} is usual$`),
    ([now, usual]) => t('phrase.peaks', 'peaks {{now}} from the group’s median, usually {{usual}}', { now, usual }),
  ],
  [
    new RegExp(`^swing is ${NUMBER} against the group's median, ${NUMBER} is usual$`),
    ([now, usual]) => t('phrase.swings', 'swings {{now}} from the group’s median, usually {{usual}}', { now, usual }),
  ],
  [
    new RegExp(
      `^outside the cluster at ${NUMBER} of ${NUMBER} steps, at most ${NUMBER} robust standard deviations (above|below) what is usual against the group's median$`
    ),
    ([steps, all, far, side]) =>
      side === 'above'
        ? t(
            'phrase.higher',
            'apart from the group at {{steps}} of {{all}} steps, up to {{far}} σ above what is usual',
            {
              steps,
              all,
              far,
            }
          )
        : t('phrase.lower', 'apart from the group at {{steps}} of {{all}} steps, up to {{far}} σ below what is usual', {
            steps,
            all,
            far,
          }),
  ],
  [
    new RegExp(`^${NUMBER} % of the whole, ${NUMBER} % is usual at this time(?:; .*)?$`),
    ([now, usual]) => t('phrase.part', '{{now}} % of the whole, usually {{usual}} % at this time', { now, usual }),
  ],
  [
    /^No season is proven, so each point is compared with the level of the last hour and with the newest points\.$/,
    () => t('phrase.no-season', 'No season is proven: compared with the last hour and the newest points.'),
  ],
  [
    new RegExp(
      `^The series repeats every ${SPAN}, so each point is compared with the same time of the cycles before and with the newest points\\.$`
    ),
    ([span]) =>
      t(
        'phrase.season',
        'Repeats every {{span}}: compared with the same time of earlier cycles and the newest points.',
        {
          span,
        }
      ),
  ],
  [
    /^From how the series itself moved: its seasons, its stretches of steady growth, and the breaks between them\.$/,
    () =>
      t('phrase.moved', 'From how the series itself moved: its seasons, its steady growth, and the breaks between.'),
  ],
];

/**
 * A sentence of the back end in the reader's language, also one that another follows, or that says first what it is about; one that
 * is not known stays as it is.
 */
export const phrase = (text: string): string => known(text) ?? about(text) ?? text;

function known(text: string): string | undefined {
  for (const [pattern, words] of PHRASES) {
    const found = pattern.exec(text);
    if (found) {
      return words(found.slice(1));
    }
  }
  return both(text);
}

/** Why a band is as it is, and what keeping to a number of alerts made of it; or which version answered, and why it forecasts so. */
function both(text: string): string | undefined {
  const [, first, second] = /^(.+\.)( For at most .+)$/.exec(text) ?? [];
  const [, version, model, at, why] =
    /^Version ([0-9]+) of the model (.+?), trained on (.+? UTC)\. (.+)$/.exec(text) ?? [];
  return why
    ? t('phrase.trained', 'Version {{version}} of the model {{model}}, trained on {{at}}. {{what}}', {
        version,
        model,
        at,
        what: phrase(why),
        ...WHOLE,
      })
    : first && `${phrase(first)} ${phrase(second)}`;
}

/** A sentence behind what it is about: a series or how many of them there are, a signal, or a series and its signal. */
function about(text: string): string | undefined {
  for (let at = text.indexOf(': '); at > 0; at = text.indexOf(': ', at + 1)) {
    const what = known(text.slice(at + 2));
    if (what !== undefined) {
      const [, who, name] = /^(.*?)(?:(?:^|: )signal (.+))?$/.exec(text.slice(0, at)) ?? [];
      return behind(who, name ? t('phrase.signal', 'Signal {{name}}: {{what}}', { name, what, ...WHOLE }) : what);
    }
  }
  return undefined;
}

function behind(who: string, what: string): string {
  switch (who) {
    case 'invalid query':
      return t('phrase.invalid', 'The query is not valid: {{what}}', { what, ...WHOLE });
    case 'invalid model':
      return t('phrase.invalid-model', 'The model is not valid: {{what}}', { what, ...WHOLE });
    case 'training is not possible':
      return t('phrase.not-possible', 'Training is not possible: {{what}}', { what, ...WHOLE });
  }
  const [, n, all] = /^([0-9]+)(?: of ([0-9]+))? series$/.exec(who) ?? [];
  if (all) {
    return t('phrase.some', '{{n}} of {{all}} series: {{what}}', { n, all, what, ...WHOLE });
  }
  if (n) {
    return t('phrase.many', '{{n}} series: {{what}}', { n, what, ...WHOLE });
  }
  return who ? t('phrase.about', '{{who}}: {{what}}', { who, what, ...WHOLE }) : what;
}
