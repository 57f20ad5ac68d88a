import { t } from '@grafana/i18n';
import { Stack } from '@grafana/ui';
import React from 'react';

import { Fleet } from '../api/contract';
import { fromNow, hoursLeft, NOTHING, runsOutWithin } from '../api/format';
import { fleetOf, recorded24h } from '../api/overview';
import { PAGES } from '../constants';
import { Overview } from '../pages/useOverview';
import { Tile } from './Tile';

/** Hours within which running out is worth a tile. */
const SOON = 72;

const unescaped = { interpolation: { escapeValue: false } };

/** The four figures that say whether one has to read on. */
export function Tiles({ overview }: { overview?: Overview }) {
  const rules = overview?.rules;
  const active = rules?.flatMap((r) => r.instances);
  const firing = active?.filter((i) => i.state === 'firing').length;
  const pending = (active?.length ?? 0) - (firing ?? 0);
  const soon = overview?.warnings?.filter((w) => runsOutWithin(w, SOON));
  const untold = overview?.failures.filter((f) => f.rule.query.queryType === 'warning').length ?? 0;
  const unknown = untold > 0 && soon?.length === 0;
  const broken = rules?.filter((r) => r.error !== undefined);
  // the trail knows of what was told to it, which is better than nothing
  const recorded = overview?.fired === null ? recorded24h(overview.sources) : undefined;
  const fired = overview?.fired ?? recorded ?? overview?.fired;
  const fleet = overview?.sources && fleetOf(overview.sources);
  return (
    <Stack direction="row" gap={2} wrap="wrap">
      <Tile
        title={t('overview.tile-now', 'Abnormal now')}
        value={firing === undefined ? undefined : String(firing)}
        tone={firing ? 'bad' : 'good'}
        note={
          pending > 0
            ? t('overview.tile-now-pending', '{{n}} more may follow', { n: pending })
            : firing
              ? undefined
              : t('overview.tile-now-none', 'nothing fires')
        }
      />
      <Tile
        title={t('overview.tile-soon', 'Runs out within 72 h')}
        value={unknown ? NOTHING : soon && String(soon.length)}
        tone={unknown ? 'neutral' : soon?.length ? 'warning' : 'good'}
        note={
          soon?.length
            ? t('overview.tile-soon-first', '{{series}} in {{left}}', {
                series: soon[0].series,
                left: hoursLeft(soon[0].etaEarly),
                ...unescaped,
              })
            : unknown
              ? t('overview.tile-soon-unknown', 'rules that could not be asked: {{n}}', { n: untold })
              : t('overview.tile-soon-none', 'nothing in sight')
        }
      />
      <Tile
        title={t('overview.tile-health', 'Rules healthy')}
        value={
          rules &&
          broken &&
          t('overview.tile-health-of', '{{healthy}} of {{all}}', {
            healthy: rules.length - broken.length,
            all: rules.length,
          })
        }
        tone={broken?.length ? 'bad' : 'good'}
        note={
          broken?.length
            ? broken.map((r) => r.name).join(', ')
            : t('overview.tile-health-all', 'every rule could be evaluated')
        }
      />
      {fleet && fleet.total > 0 && <Models fleet={fleet} />}
      <Tile
        title={t('overview.tile-fired', 'Alerts in 24 h')}
        value={fired === undefined ? undefined : fired === null ? NOTHING : String(fired)}
        tone={fired === null ? 'neutral' : fired ? 'warning' : 'good'}
        note={
          recorded !== undefined
            ? t('overview.tile-fired-recorded', 'by the trail; Grafana’s history cannot be read')
            : fired === null
              ? t('overview.tile-fired-unknown', 'the history cannot be read')
              : t('overview.tile-fired-note', 'that began to fire')
        }
      />
    </Stack>
  );
}

/** How many trained models are well, what ails the others, and how old the oldest is. */
function Models({ fleet }: { fleet: Fleet }) {
  const { states, total, drifted, oldestTraining, nextTraining } = fleet;
  const ill = states.failed + states.stale + states.empty;
  const ailments: Array<[number, string]> = [
    [states.failed, t('overview.models-failed', 'failed: {{n}}', { n: states.failed })],
    [states.stale, t('overview.models-stale', 'outdated: {{n}}', { n: states.stale })],
    [states.empty, t('overview.models-empty', 'never trained: {{n}}', { n: states.empty })],
    [drifted, t('overview.models-drifted', 'errors grown: {{n}}', { n: drifted })],
    [states.training, t('overview.models-training', 'training now: {{n}}', { n: states.training })],
  ];
  const said = ailments.filter(([n]) => n > 0).map(([, text]) => text);
  const freshness = [
    oldestTraining && t('overview.models-oldest', 'the oldest trained {{ago}}', { ago: fromNow(oldestTraining) }),
    nextTraining && t('overview.models-next', 'next training {{when}}', { when: fromNow(nextTraining) }),
  ].filter((text) => text !== null);
  return (
    <Tile
      title={t('overview.tile-models', 'Models healthy')}
      value={t('overview.tile-health-of', '{{healthy}} of {{all}}', { healthy: total - ill, all: total })}
      tone={ill > 0 || drifted > 0 ? 'warning' : 'good'}
      note={[...said, ...freshness].join(' · ')}
      href={PAGES.models}
    />
  );
}
