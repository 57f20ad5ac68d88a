import { t } from '@grafana/i18n';

import { like, Sentence, WHOLE } from './sentence';

/** The sentences of the queries, and of the sources that they read. */
export const QUERY: Sentence[] = [
  [
    like(
      'the forecasts of version {n} of the model {name} were {n} times as far off of late as the same as last season, which answers until they are better again'
    ),
    ([version, model, ratio]) =>
      t(
        'phrase.demoted',
        'The forecasts of version {{version}} of the model {{model}} were {{ratio}} times as far off of late as the same as last season, which answers until they are better again',
        { version, model, ratio, ...WHOLE }
      ),
  ],
  [
    like('the model {name} keeps no components: fitted on request'),
    ([model]) =>
      t('phrase.fitted-components', 'The model {{model}} keeps no components: fitted on request', { model, ...WHOLE }),
  ],
  [
    like('version {n} of the model {name} was trained on newer data than this range shows: fitted on request'),
    ([version, model]) =>
      t(
        'phrase.fitted-newer',
        'Version {{version}} of the model {{model}} was trained on newer data than this range shows: fitted on request',
        { version, model, ...WHOLE }
      ),
  ],
  [
    like('version {n} of the model {name} ends at {name}, too long ago to go on from: fitted on request, retrain it'),
    ([version, model, at]) =>
      t(
        'phrase.fitted-old',
        'Version {{version}} of the model {{model}} ends at {{at}}, too long ago to go on from: fitted on request, retrain it',
        { version, model, at, ...WHOLE }
      ),
  ],
  [
    like('not in version {n} of the model {name}, which was trained before it was there: fitted on request'),
    ([version, model]) =>
      t(
        'phrase.fitted-new',
        'Not in version {{version}} of the model {{model}}, which was trained before it was there: fitted on request',
        { version, model, ...WHOLE }
      ),
  ],
  [
    like('version {n} of the model {name} keeps nothing of it, it had too few points: fitted on request'),
    ([version, model]) =>
      t(
        'phrase.fitted-few',
        'Version {{version}} of the model {{model}} keeps nothing of it, it had too few points: fitted on request',
        { version, model, ...WHOLE }
      ),
  ],
  [
    like('volume: the source gives no series, so guards.minVolume holds nothing back'),
    () => t('phrase.no-volume', 'Volume: the source gives no series, so the least volume holds nothing back'),
  ],
  [
    like('agreement: the source gives no series, so guards.agreement holds nothing back'),
    () => t('phrase.no-other', 'Other signal: the source gives no series, so it holds nothing back'),
  ],
  [
    like('deployments: the source gives no series, so no deployment is known'),
    () => t('phrase.no-deployments', 'Deployments: the source gives no series, so no deployment is known'),
  ],
  [
    /^threshold\.(?:query|capacity): the source gives no series, so no time can be told$/,
    () => t('phrase.no-limit', 'Limit: the source gives no series, so no time can be told'),
  ],
  [
    like("the dashboard's filter {name} does not apply: no series of the model {name} has a label {name}"),
    ([filter, model, label]) =>
      t(
        'phrase.no-filter',
        'The dashboard’s filter {{filter}} does not apply: no series of the model {{model}} has a label {{label}}',
        { filter, model, label, ...WHOLE }
      ),
  ],
  [
    like(
      "the dashboard's filters ({name}) do not apply here: they pick series of Prometheus, and this is read from MySQL as its statement says"
    ),
    ([filters]) =>
      t(
        'phrase.no-filters',
        'The dashboard’s filters ({{filters}}) do not apply here: they pick series of Prometheus, and this is read from MySQL as its statement says',
        { filters, ...WHOLE }
      ),
  ],
  [
    like('There is no data yet: nothing can be learnt.'),
    () => t('phrase.no-data', 'There is no data yet: nothing can be learnt.'),
  ],
  [
    like('{n}, and the threshold of {n} expected in {n} h (earliest {n} h); it was crossed {n} h later'),
    ([, limit, hours, early, later]) =>
      t(
        'phrase.crossed-later',
        'limit of {{limit}} expected in {{hours}} h (at the earliest {{early}} h); crossed {{later}} h later',
        { limit, hours, early, later }
      ),
  ],
  [
    like('{n}, and the threshold of {n} expected in {n} h (earliest {n} h); withdrawn'),
    ([, limit, hours, early]) =>
      t('phrase.withdrawn', 'limit of {{limit}} expected in {{hours}} h (at the earliest {{early}} h); withdrawn', {
        limit,
        hours,
        early,
      }),
  ],
  [
    like('looked at every {name}, so that runs in a row confirm nothing: a warning stands where its condition held'),
    ([span]) =>
      t(
        'phrase.looks',
        'Looked at every {{span}}, so that runs in a row confirm nothing: a warning stands where its condition held',
        { span }
      ),
  ],
  [
    like('forecast from every {span} on, so that a point was forecast up to {span} earlier than asked'),
    ([span, early]) =>
      t('phrase.strides', 'Forecast from every {{span}} on: a point was forecast up to {{early}} earlier than asked', {
        span,
        early,
      }),
  ],
  [
    like('source {name}: {n} series lack one of the labels to join on ({name}) and were left out'),
    ([source, n, labels]) =>
      t(
        'phrase.lacking',
        'Source {{source}}: series left out, as they lack one of the labels to join on ({{labels}}): {{n}}',
        { source, n, labels, ...WHOLE }
      ),
  ],
  [
    like('the bundled holidays of {name} do not cover {name}: add its days to calendar.days'),
    ([list, years]) =>
      t('phrase.holidays', 'The bundled holidays of {{list}} do not cover {{years}}: add its days to the calendar', {
        list,
        years,
        ...WHOLE,
      }),
  ],
  [
    like('The series were compared every {span}; what was shorter may be missing.'),
    ([span]) =>
      t('phrase.compared', 'The series were compared every {{span}}; what was shorter may be missing.', { span }),
  ],
  [
    like(
      '{n} rows repeat the time of another row of the same series; their mean was taken: is a label column missing?'
    ),
    ([n]) =>
      t(
        'phrase.repeated-rows',
        'Rows that repeat the time of another row of the same series: {{n}}. Their mean was taken: is a label column missing?',
        { n }
      ),
  ],
  [
    like('{n} rows fell into the same interval as another; their mean was taken'),
    ([n]) =>
      t('phrase.merged-rows', 'Rows that fell into the same interval as another: {{n}}. Their mean was taken', { n }),
  ],
  [
    like(
      'the newest {n} rows have {n} message patterns: {n} are followed, the most frequent, the newest and the rarest; the others are counted as "{name}"'
    ),
    ([rows, all, n, other]) =>
      t(
        'phrase.patterns',
        'The newest {{rows}} rows have {{all}} message patterns: {{n}} are followed, the most frequent, the newest and the rarest; the others are counted as {{other}}',
        { rows, all, n, other, ...WHOLE }
      ),
  ],
  [
    like(
      'the expression reads a counter as it is, which only grows and falls to zero at a restart: rate(…[$__rate_interval]) handles the resets'
    ),
    () =>
      t(
        'phrase.counter',
        'The expression reads a counter as it is, which only grows and falls to zero at a restart: rate(…[$__rate_interval]) handles the resets'
      ),
  ],
  [
    like('retraining is due: its errors are well above those in training, and stay so'),
    () => t('phrase.retrain-errors', 'Retraining is due: its errors are well above those in training, and stay so'),
  ],
  [
    like('retraining is due: it has seen half as many points again as it was trained on'),
    () => t('phrase.retrain-age', 'Retraining is due: it has seen half as many points again as it was trained on'),
  ],
];
