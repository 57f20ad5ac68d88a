import { t } from '@grafana/i18n';
import { Alert, LoadingPlaceholder, Slider, Stack, Switch, Text } from '@grafana/ui';
import React, { useEffect, useId, useMemo } from 'react';

import { Client } from '../api/client';
import { Replay, ReplayAlert } from '../api/contract';
import { inUnit } from '../api/format';
import { phrase } from '../api/phrases';
import { Failed } from '../components/Failed';
import { ReplayAlerts } from './ReplayAlerts';
import { DAYS, estimate, useReplay } from './useReplay';

interface Props {
  client: Client;
  model: string;
  version: number;
  /** Alerts a week; 0 is the detector's own sensitivity. */
  budget: number;
  onBudget: (perWeek: number) => void;
  /** Told what would have fired, for the chart. */
  onAlerts: (alerts: ReplayAlert[]) => void;
  onShow: (alert: ReplayAlert) => void;
}

/** Alerts a week that the slider starts with, and its end. */
const FIRST = 2;
const MOST = 20;

/** Whole days that were replayed. */
const daysOf = ({ from, to }: Replay) => Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);

/** Would it have fired? The last month with each would-be alert, and a slider that sets how many there may be. */
export function ReplayPanel({ client, model, version, budget, onBudget, onAlerts, onShow }: Props) {
  const ids = { slider: useId(), limit: useId() };
  const { value, budget: asked, error, loading } = useReplay(client, model, version, budget);
  const shown = useMemo(
    () => value && (asked === budget ? { ...value } : estimate(value, budget)),
    [value, asked, budget]
  );
  useEffect(() => onAlerts(shown?.alerts ?? []), [shown, onAlerts]);
  return (
    <section aria-label={t('replay.title', 'Would it have fired?')} aria-busy={loading}>
      <Text element="h3" variant="h5">
        {t('replay.title', 'Would it have fired?')}
      </Text>
      <Stack direction="column" gap={1}>
        <Stack gap={1} alignItems="center">
          <Switch id={ids.limit} value={budget > 0} onChange={(e) => onBudget(e.currentTarget.checked ? FIRST : 0)} />
          <label htmlFor={ids.limit}>
            {budget > 0
              ? t('replay.at-most', 'Alerts a week: at most {{n}}', { n: budget })
              : t('replay.own', 'Set how many alerts a week there may be')}
          </label>
        </Stack>
        {budget > 0 && (
          <Slider
            inputId={ids.slider}
            ariaLabelForHandle={t('replay.slider', 'Alerts a week at most')}
            min={1}
            max={MOST}
            step={1}
            value={budget}
            onChange={(n) => onBudget(Math.max(1, Math.min(MOST, Math.round(n) || 1)))}
          />
        )}
        {error && <Failed title={t('replay.failed', 'The past could not be replayed')} error={error} />}
        {!shown && loading && (
          <LoadingPlaceholder text={t('replay.loading', 'Replaying the last {{n}} days…', { n: DAYS })} />
        )}
        {shown && (
          <>
            <div role="status">
              <Text weight="medium">
                {t(
                  'replay.result',
                  'Alerts in {{days}} days: {{alerts}} ({{week}} a week), from a score of {{score}} on',
                  {
                    alerts: shown.alerts.length,
                    days: value ? daysOf(value) : DAYS,
                    week: Number(shown.perWeek.toFixed(1)),
                    score: inUnit(shown.scoreThreshold),
                  }
                )}
              </Text>
            </div>
            <ReplayAlerts client={client} model={model} alerts={shown.alerts} onShow={onShow} />
          </>
        )}
        {value?.notices.map((notice) => (
          <Alert key={notice} severity="info" title={phrase(notice)} />
        ))}
      </Stack>
    </section>
  );
}
