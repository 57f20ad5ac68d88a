import { dateTime, PanelData, ScopedVars, TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelRenderer } from '@grafana/runtime';
import { Alert, Combobox, InlineField, InlineFieldRow, LinkButton, LoadingPlaceholder, Stack } from '@grafana/ui';
import React, { useId, useState } from 'react';

import { ask, lastHours } from '../api/ask';
import { hoursLeft } from '../api/format';
import { canEdit, canExplore } from '../api/role';
import { useAsync } from '../api/useAsync';
import { NEVER, readTable, Warning } from '../api/warnings';
import { Failed } from '../components/Failed';
import { ThresholdEditor } from '../datasource/components/ThresholdEditor';
import { ForewarnQuery } from '../datasource/types';
import { wizardUrl } from '../train/handOver';
import { alertUrl, exploreUrl, filledIn } from './convert';

interface Props {
  query: ForewarnQuery;
  /** Of the panel. */
  title: string;
  scopedVars?: ScopedVars;
  sources: Array<{ uid: string; name: string }>;
}

const HEIGHT = 320;
const WIDTH = 840;
const WARN_HOURS = 72;

interface Answer {
  asked: ForewarnQuery;
  data: PanelData;
  first?: Warning;
}

/** The last two days and the next. */
function previewRange(): TimeRange {
  const now = dateTime();
  return {
    from: dateTime(now).subtract(2, 'day'),
    to: dateTime(now).add(1, 'day'),
    raw: { from: 'now-2d', to: 'now+24h' },
  };
}

/** Asks for the picture and, of an early warning, for the first that runs out. */
async function answer(uid: string, query: ForewarnQuery, scopedVars?: ScopedVars): Promise<Answer> {
  const asked = await filledIn(uid, query, scopedVars);
  const data = await ask(uid, asked, previewRange());
  if (query.queryType !== 'warning') {
    return { asked, data };
  }
  const table = await ask(uid, { ...asked, output: 'table' }, lastHours(1));
  const rule = { uid: '', name: '', folder: '', query: asked, datasourceUid: uid, instances: [] };
  return { asked, data, first: readTable(table.series[0], rule)[0] };
}

/** A panel's query as Forewarn sees it; from here it goes on to Explore or to a new alert rule. Nothing is saved. */
export default function Preview({ query: given, title, scopedVars, sources }: Props) {
  const sourceId = useId();
  const [uid, setUid] = useState(sources[0].uid);
  const [query, setQuery] = useState(given);
  /** What was run last; typing waits until the field is left. */
  const [run, setRun] = useState({ uid, query });
  const {
    value: found,
    error,
    loading,
  } = useAsync<Answer>(() => answer(run.uid, run.query, scopedVars), [run, scopedVars]);
  const warning = query.queryType === 'warning';
  const start = (next: ForewarnQuery) =>
    next.queryType === 'warning' && !next.threshold ? undefined : setRun({ uid, query: next });
  return (
    <Stack direction="column" gap={2}>
      <div>
        {sources.length > 1 && (
          <InlineFieldRow>
            <InlineField htmlFor={sourceId} label={t('extensions.source', 'Data source')} labelWidth={18}>
              <Combobox
                id={sourceId}
                width={32}
                value={uid}
                options={sources.map((s) => ({ value: s.uid, label: s.name }))}
                onChange={(o) => {
                  setUid(o.value);
                  setRun({ uid: o.value, query });
                }}
              />
            </InlineField>
          </InlineFieldRow>
        )}
        {warning && (
          <ThresholdEditor
            threshold={query.threshold}
            onChange={(threshold, now) => {
              const next = { ...query, threshold };
              setQuery(next);
              if (now) {
                start(next);
              }
            }}
            onRun={() => start(query)}
          />
        )}
      </div>
      <div style={{ minHeight: HEIGHT }} aria-busy={loading}>
        {error ? (
          <Failed title={t('extensions.failed', 'The data source could not answer')} error={error} />
        ) : found ? (
          <Picture data={found.data} title={title} />
        ) : (
          <LoadingPlaceholder text={t('extensions.fitting', 'Reading history and fitting…')} />
        )}
      </div>
      {!error && found?.first && <Finding first={found.first} />}
      {!error && found && (
        <Stack gap={1} justifyContent="flex-end">
          {canExplore() && (
            <LinkButton variant="secondary" icon="compass" href={exploreUrl(run.uid, found.asked)}>
              {t('extensions.explore', 'Open in Explore')}
            </LinkButton>
          )}
          {canEdit() && (
            <LinkButton variant="secondary" icon="cog" href={wizardUrl(found.asked, run.uid)}>
              {t('extensions.wizard', 'Train a model')}
            </LinkButton>
          )}
          {warning && canEdit() && (
            <LinkButton icon="bell" href={alertUrl(run.uid, found.asked, title, WARN_HOURS)}>
              {t('extensions.rule', 'New alert rule')}
            </LinkButton>
          )}
        </Stack>
      )}
    </Stack>
  );
}

function Picture({ data, title }: { data: PanelData; title: string }) {
  if (data.series.every((frame) => frame.fields.length < 2)) {
    return (
      <Alert severity="info" title={t('extensions.no-data', 'The query gives no data')}>
        {t('extensions.no-data-try', 'Check that the Forewarn data source reads the same server as the panel.')}
      </Alert>
    );
  }
  return <PanelRenderer pluginId="timeseries" title={title} width={WIDTH} height={HEIGHT} data={data} />;
}

function Finding({ first }: { first: Warning }) {
  const interpolation = { escapeValue: false };
  const soon = first.etaEarly <= WARN_HOURS;
  return (
    <Alert
      severity={soon ? 'warning' : 'success'}
      title={
        first.eta < NEVER
          ? t('extensions.first', '{{series}} reaches {{threshold}} in {{left}}, at the earliest in {{early}}', {
              series: first.series,
              threshold: first.threshold,
              left: hoursLeft(first.eta),
              early: hoursLeft(first.etaEarly),
              interpolation,
            })
          : t('extensions.none', 'Nothing is on its way to {{threshold}}', { threshold: first.threshold })
      }
    />
  );
}
