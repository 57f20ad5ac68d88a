import { t } from '@grafana/i18n';

import { like, NUMBER, Sentence, SPAN, WHOLE } from './sentence';

/** A kind of server as the back end writes it, and where it is. */
const SERVER = '(prometheus|mysql) at (\\S+)';

/** A kind of server as its makers write it. */
const kindName = (kind: string) => ({ prometheus: 'Prometheus', mysql: 'MySQL' })[kind] ?? kind;

const sentence = (pattern: string) => new RegExp(`^${pattern}$`, 's');

/** Why a data source's server gave no answer. */
export const SOURCE: Sentence[] = [
  [
    sentence(`source cannot be reached: ${SERVER}: (.+)`),
    ([kind, host, why]) =>
      t('failure.unreachable', '{{kind}} at {{host}} cannot be reached: {{why}}', {
        kind: kindName(kind),
        host,
        why,
        ...WHOLE,
      }),
  ],
  [
    sentence(`source timed out: ${SERVER} gave no answer within ${SPAN}`),
    ([kind, host, span]) =>
      t('failure.slow', '{{kind}} at {{host}} gave no answer within {{span}}', {
        kind: kindName(kind),
        host,
        span,
        ...WHOLE,
      }),
  ],
  [
    sentence(`source timed out: ${SERVER} stopped the statement after ${SPAN}`),
    ([kind, host, span]) =>
      t('failure.stopped', '{{kind}} at {{host}} stopped the statement after {{span}}', {
        kind: kindName(kind),
        host,
        span,
        ...WHOLE,
      }),
  ],
  [
    sentence(`source timed out: ${SERVER}(?:: .+| gave no answer .+)`),
    ([kind, host]) =>
      t('failure.no-answer', '{{kind}} at {{host}} gave no answer in time', { kind: kindName(kind), host, ...WHOLE }),
  ],
  [
    sentence('source denied access: prometheus at (\\S+): (.+): check user, password or token'),
    ([host, why]) =>
      t('failure.denied', 'Prometheus at {{host}} denies access ({{why}}): check user, password or token', {
        host,
        why,
        ...WHOLE,
      }),
  ],
  [
    sentence('source denied access: mysql at (\\S+): user "(.*)": check password and grants \\((.+)\\)'),
    ([host, user, why]) =>
      t(
        'failure.denied-user',
        'MySQL at {{host}} denies access to the user {{user}} ({{why}}): check password and grants',
        {
          host,
          user,
          why,
          ...WHOLE,
        }
      ),
  ],
  [
    sentence(`source rejected the query: ${SERVER}: (.+)`),
    ([kind, host, why]) =>
      t('failure.rejected', '{{kind}} at {{host}} rejects the query: {{why}}', {
        kind: kindName(kind),
        host,
        why,
        ...WHOLE,
      }),
  ],
  [
    like("source is not configured: {name}: fill in its connection on the data source's settings page"),
    ([kind]) =>
      t('failure.no-source', '{{kind}} is not set up: fill in its connection on the data source’s settings page', {
        kind: kindName(kind),
        ...WHOLE,
      }),
  ],
  [
    sentence('source is not configured: (prometheus|mysql): (.+)'),
    ([kind, why]) =>
      t('failure.bad-source', 'The connection to {{kind}} is not set up right: {{why}}', {
        kind: kindName(kind),
        why,
        ...WHOLE,
      }),
  ],
  [
    like('answer is too large: more than {n} series from prometheus: narrow the expression or aggregate'),
    ([n]) =>
      t('failure.many-series', 'The answer has more than {{n}} series: narrow the expression or aggregate', { n }),
  ],
  [
    sentence(`answer is too large: more than ${NUMBER} (values|MiB) from prometheus: .+`),
    ([n, what]) =>
      what === 'values'
        ? t(
            'failure.many-values',
            'The answer has more than {{n}} values: ask for fewer series or a coarser interval',
            { n }
          )
        : t('failure.many-bytes', 'The answer has more than {{n}} MiB: ask for fewer series or a coarser interval', {
            n,
          }),
  ],
  [
    sentence(`answer is too large: more than ${NUMBER} (rows|MiB) from mysql: .+`),
    ([n, what]) =>
      what === 'rows'
        ? t(
            'failure.many-rows',
            'The answer has more than {{n}} rows: aggregate with GROUP BY $__timeGroup(…) or narrow the WHERE',
            { n }
          )
        : t('failure.wide-rows', 'The answer has more than {{n}} MiB: select fewer columns or aggregate', { n }),
  ],
  [
    like('query refused: the statement writes, and only reading is allowed'),
    () => t('failure.writes', 'The statement writes, and only reading is allowed'),
  ],
  [
    like('query refused: mysql: {name}'),
    ([why]) => t('failure.refused', 'The statement is refused: {{why}}', { why, ...WHOLE }),
  ],
  [
    like('the source gave no series: is the query right, and does its time hold data?'),
    () => t('failure.no-series', 'The source gave no series: is the query right, and does its time hold data?'),
  ],
  [
    // as Chrome, Firefox and Safari say it
    /^(?:Failed to fetch|NetworkError when attempting to fetch resource\.|Load failed)$/,
    () => t('failure.offline', 'Grafana does not answer: is the network down, or is Grafana being restarted?'),
  ],
];

/** What is wrong with the store of models and trail, and what to do. */
export const STORE: Sentence[] = [
  [
    sentence(
      'the model store does not work: (\\S+) cannot be reached; it is tried again with the next request(?:: (.+))?'
    ),
    ([where, why]) =>
      why
        ? t(
            'failure.store-away-why',
            '{{where}} cannot be reached; it is tried again with the next request ({{why}})',
            {
              where,
              why,
              ...WHOLE,
            }
          )
        : t('failure.store-away', '{{where}} cannot be reached; it is tried again with the next request', {
            where,
            ...WHOLE,
          }),
  ],
  [
    sentence('the model store does not work: (\\S+) gave no answer in time(?:: .+)?'),
    ([where]) => t('failure.store-slow', '{{where}} gave no answer in time', { where, ...WHOLE }),
  ],
  [
    sentence('the model store does not work: (.+) cannot be opened: does its folder exist, .+'),
    ([where]) =>
      t(
        'failure.store-closed',
        '{{where}} cannot be opened: does its folder exist, may Grafana’s user write to it, or was the file moved away? Put it back, or restart Grafana to begin with an empty one',
        { where, ...WHOLE }
      ),
  ],
  [
    sentence('the model store does not work: (.+) is locked by another program: end it, or wait(?:: .+)?'),
    ([where]) =>
      t('failure.store-locked', '{{where}} is locked by another program: end it, or wait', { where, ...WHOLE }),
  ],
  [
    sentence('the model store does not work: the disk of (.+) is full: nothing is lost, .+'),
    ([where]) =>
      t(
        'failure.store-full',
        'The disk of {{where}} is full: nothing is lost, and nothing more can be kept until there is room',
        { where, ...WHOLE }
      ),
  ],
  [
    sentence(
      "the model store does not work: (.+) may not be (?:written to|opened): give Grafana's user the right to(?:: .+)?"
    ),
    ([where]) =>
      t('failure.store-rights', '{{where}} may not be opened or written to: give Grafana’s user the right to', {
        where,
        ...WHOLE,
      }),
  ],
  [
    sentence('the model store does not work: (.+) is damaged: put a backup in its place, .+'),
    ([where]) =>
      t(
        'failure.store-damaged',
        '{{where}} is damaged: put a backup in its place, or move it away and let Forewarn make a new one',
        { where, ...WHOLE }
      ),
  ],
  [
    sentence('the model store does not work: (.+) is not a SQLite database: .+'),
    ([where]) =>
      t(
        'failure.store-other',
        '{{where}} is not a SQLite database: move the file away and let Forewarn make a new one, or give another path',
        { where, ...WHOLE }
      ),
  ],
  [
    sentence('the model store does not work: (.+) cannot be read or written: check the disk(?:: .+)?'),
    ([where]) => t('failure.store-disk', '{{where}} cannot be read or written: check the disk', { where, ...WHOLE }),
  ],
  [
    sentence('the model store does not work: (\\S+) refuses the user "(.*?)": check storePassword .+'),
    ([where, user]) =>
      t(
        'failure.store-denied',
        '{{where}} refuses the user {{user}}: check storePassword and the grants (all privileges on the database are needed)',
        { where, user, ...WHOLE }
      ),
  ],
  [
    sentence('the model store does not work: (\\S+) does not exist: create the database(?:: .+)?'),
    ([where]) => t('failure.store-none', '{{where}} does not exist: create the database', { where, ...WHOLE }),
  ],
  [
    sentence(
      `the model store does not work: its tables are of version ${NUMBER}, and this version of Forewarn knows ${NUMBER}: .+`
    ),
    ([have, known]) =>
      t(
        'failure.store-newer',
        'The store’s tables are of version {{have}}, and this version of Forewarn knows {{known}}: install the newer Forewarn again, or give it another store',
        { have, known }
      ),
  ],
];
