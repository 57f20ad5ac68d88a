import { dateTime, PanelData, ScopedVars, TimeRange } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelRenderer } from '@grafana/runtime';
import { Alert, Combobox, InlineField, InlineFieldRow, LinkButton, LoadingPlaceholder, Stack } from '@grafana/ui';
import React, { useEffect, useId, useState } from 'react';

import { ask, lastHours, messageOf } from '../api/ask';
import { hoursLeft } from '../api/format';
import { canEdit } from '../api/role';
import { readTable, Warning } from '../api/warnings';
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
  data?: PanelData;
  first?: Warning;
  error?: string;
}

/** The last two days and the next. */
export function previewRange(): TimeRange {
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
  try {
    const data = await ask(uid, asked, previewRange());
    if (query.queryType !== 'warning') {
      return { asked, data };
    }
    const table = await ask(uid, { ...asked, output: 'table' }, lastHours(1));
    const rule = { uid: '', name: '', folder: '', query: asked, datasourceUid: uid, instances: [] };
    return { asked, data, first: readTable(table.series[0], rule)[0] };
  } catch (e) {
    return { asked, error: messageOf(e) };
  }
}

/** A panel's query as Forewarn sees it; from here it goes on to Explore or to a new alert rule. Nothing is saved. */
export default function Preview({ query: given, title, scopedVars, sources }: Props) {
  const sourceId = useId();
  const [uid, setUid] = useState(sources[0].uid);
  const [query, setQuery] = useState(given);
  /** What was run last; typing waits until the field is left. */
  const [run, setRun] = useState({ uid, query });
  const [result, setResult] = useState<{ run: typeof run; answer: Answer }>();
  useEffect(() => {
    let live = true;
    answer(run.uid, run.query, scopedVars)
      .then((a) => live && setResult({ run, answer: a }))
      .catch((e) => live && setResult({ run, answer: { asked: run.query, error: messageOf(e) } }));
    return () => {
      live = false;
    };
  }, [run, scopedVars]);
  const loading = result?.run !== run;
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
        {!result && <LoadingPlaceholder text={t('extensions.fitting', 'Reading history and fitting…')} />}
        {result && <Picture answer={result.answer} title={title} />}
      </div>
      {result?.answer.first && <Finding first={result.answer.first} />}
      {result && !result.answer.error && (
        <Stack gap={1} justifyContent="flex-end">
          <LinkButton variant="secondary" icon="compass" href={exploreUrl(run.uid, result.answer.asked)}>
            {t('extensions.explore', 'Open in Explore')}
          </LinkButton>
          {canEdit() && (
            <LinkButton variant="secondary" icon="cog" href={wizardUrl(result.answer.asked, run.uid)}>
              {t('extensions.wizard', 'Train a model')}
            </LinkButton>
          )}
          {warning && canEdit() && (
            <LinkButton icon="bell" href={alertUrl(run.uid, result.answer.asked, title, WARN_HOURS)}>
              {t('extensions.rule', 'New alert rule')}
            </LinkButton>
          )}
        </Stack>
      )}
    </Stack>
  );
}

function Picture({ answer: { data, error }, title }: { answer: Answer; title: string }) {
  if (error) {
    return (
      <Alert severity="error" title={t('extensions.failed', 'The data source could not answer')}>
        {error}
      </Alert>
    );
  }
  if (!data || data.series.every((frame) => frame.fields.length < 2)) {
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
        first.eta < 1_000_000
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
