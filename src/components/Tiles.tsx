import { t } from '@grafana/i18n';
import { Stack } from '@grafana/ui';
import React from 'react';

import { hoursLeft, NOTHING, runsOutWithin } from '../api/format';
import { Model } from '../api/contract';
import { isHealthy } from '../api/models';
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
  const fired = overview?.fired;
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
      {overview?.models && overview.models.length > 0 && <Models models={overview.models} />}
      <Tile
        title={t('overview.tile-fired', 'Alerts in 24 h')}
        value={fired === undefined ? undefined : fired === null ? NOTHING : String(fired)}
        tone={fired === null ? 'neutral' : fired ? 'warning' : 'good'}
        note={
          fired === null
            ? t('overview.tile-fired-unknown', 'the history cannot be read')
            : t('overview.tile-fired-note', 'that began to fire')
        }
      />
    </Stack>
  );
}

/** How many trained models answer with what they are to know, and which do not. */
function Models({ models }: { models: Model[] }) {
  const ill = models.filter((m) => !isHealthy(m)).map((m) => m.definition.name);
  return (
    <Tile
      title={t('overview.tile-models', 'Models healthy')}
      value={t('overview.tile-health-of', '{{healthy}} of {{all}}', {
        healthy: models.length - ill.length,
        all: models.length,
      })}
      tone={ill.length > 0 ? 'warning' : 'good'}
      note={ill.length > 0 ? ill.join(', ') : t('overview.tile-models-all', 'trained and up to date')}
    />
  );
}
