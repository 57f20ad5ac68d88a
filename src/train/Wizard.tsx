import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, Button, Stack, useStyles2 } from '@grafana/ui';
import React, { useCallback, useMemo, useState } from 'react';

import { isCalendar, isWeekly } from '../api/calendar';
import { Client } from '../api/client';
import { Definition, ReplayAlert } from '../api/contract';
import { hoursOf, Region } from '../api/ranges';
import { trainedQuery } from '../api/trained';
import { useAction } from '../api/useAsync';
import { Chart } from '../components/Chart';
import { Failed } from '../components/Failed';
import { CalendarSpan } from '../datasource/types';
import { isRunnable } from '../datasource/validate';
import { firstForm, isValid } from '../rules/form';
import { CheckStep } from './CheckStep';
import { DataStep } from './DataStep';
import { isName } from './draft';
import { withRange } from './Exclusions';
import { Finished } from './Finished';
import { ModelStep } from './ModelStep';
import { Done, save } from './save';
import { NEW, SaveStep, Wishes } from './SaveStep';
import { Stepper, stepNames } from './Stepper';
import { TrainingProgress } from './TrainingProgress';
import { useChart } from './useChart';
import { Previewed, usePreview } from './usePreview';
import { useTraining } from './useTraining';

interface Props {
  client: Client;
  start: Definition;
  /** Names that are taken. */
  taken: string[];
  /** The saved model that is edited, if one is. */
  original?: string;
}

const CHART = 340;
const WEEKS = 14 * 24;

/** From a query to a trusted warning in four steps; every step keeps what was entered when one goes back. */
export function Wizard({ client, start, taken, original }: Props) {
  const styles = useStyles2(getStyles);
  const [definition, setDefinition] = useState(start);
  /** The query that chart and preview show; typing waits until the field is left. */
  const [run, setRun] = useState(start.query);
  const [step, setStep] = useState(0);
  const [alerts, setAlerts] = useState<ReplayAlert[]>([]);
  const [looked, setLooked] = useState<ReplayAlert>();
  const [components, setComponents] = useState(false);
  const [wishes, setWishes] = useState<Wishes>();
  const [done, setDone] = useState<Done>({});
  const training = useTraining(client, taken, original, () => setStep(2));
  const saving = useAction();
  const preview = usePreview(client, run);
  const fresh = training.isFresh(definition);
  const trained = fresh ? training.trained : undefined;

  const change = useCallback((next: Partial<Definition>, now?: boolean) => {
    setDefinition((old) => ({ ...old, ...next }));
    if (now && next.query) {
      setRun(next.query);
    }
  }, []);
  const onRun = () => setRun(definition.query);

  const { query } = definition;
  const { calendar } = query;
  const ready = isRunnable({ ...query, refId: 'A' }) && isCalendar(query.calendar);
  const open = trained ? 3 : ready ? 1 : 0;
  const shown = useMemo(() => {
    if (step >= 2 && trained) {
      const asked = trainedQuery(trained.definition, trained.version.number);
      return step === 2 && components ? { ...asked, output: 'components' } : asked;
    }
    return step === 0 && run.queryType !== 'composite'
      ? { ...run, queryType: 'series' as const, model: undefined }
      : run;
  }, [step, trained, run, components]);
  const ahead = query.queryType === 'forecast' || query.queryType === 'warning' ? hoursOf(query.horizon, 24) : 0;
  const chart = useChart(client.uid, shown, { back: step === 1 ? WEEKS / 2 : WEEKS, ahead: step === 0 ? 0 : ahead });

  const regions = useMemo<Region[]>(
    () =>
      step >= 2
        ? alerts.map((a) => ({ from: a.from, to: a.to, title: a.series, color: 'red', labels: a.labels }))
        : [
            ...gray(definition.excluded, t('train.excluded', 'Left out of training')),
            ...gray(
              calendar?.maintenance?.filter((w): w is CalendarSpan => !isWeekly(w)),
              t('calendar.maintenance', 'Maintenance')
            ),
            ...gray(calendar?.events, t('calendar.event', 'Event')),
          ],
    [step, alerts, definition.excluded, calendar]
  );
  const wanted: Wishes = wishes ?? {
    name: original ?? trained?.definition.name ?? '',
    makeRule: query.queryType !== 'forecast',
    rule: firstForm({ ...definition, name: original ?? trained?.definition.name ?? '' }),
    dashboard: NEW,
    dashboardTitle: '',
  };
  const finish = () =>
    saving.run(async () => {
      const { name, makeRule, rule, dashboard, dashboardTitle } = wanted;
      const to = dashboard === NEW ? { title: name } : { uid: dashboard, title: dashboardTitle };
      const plan = {
        draft: trained!.definition,
        definition: { ...definition, name, draft: false },
        original,
        dashboard: dashboard === '' ? undefined : to,
        rule: makeRule ? rule : undefined,
        series: trained!.version.results.map((r) => r.labels),
      };
      await save(client, plan, done, setDone);
    });
  const complete =
    done.model && !done.failed && !saving.busy && (done.ruleUid !== undefined || !wanted.makeRule) ? done : undefined;
  if (complete) {
    return <Finished done={complete} uid={client.uid} />;
  }
  const running = training.job && training.running;
  return (
    <Stack direction="column" gap={2}>
      <Stepper at={step} open={open} onChange={setStep} />
      <div className={styles.columns}>
        <section className={styles.form} aria-label={stepNames()[step]}>
          {step === 0 && (
            <DataStep
              uid={client.uid}
              query={query}
              preview={preview}
              onChange={(next, now) => change({ query: next }, now)}
              onRun={onRun}
            />
          )}
          {step === 1 && <ModelStep client={client} definition={definition} onChange={change} onRun={onRun} />}
          {step === 2 && trained && (
            <CheckStep
              client={client}
              definition={{ ...definition, name: trained.definition.name }}
              version={trained.version}
              components={components}
              onComponents={setComponents}
              onBudget={(alertBudget) => change({ alertBudget })}
              onAlerts={setAlerts}
              onShow={setLooked}
            />
          )}
          {step === 3 && trained && (
            <SaveStep
              definition={definition}
              wishes={wanted}
              onDefinition={change}
              onWishes={(next) => setWishes({ ...wanted, ...next })}
            />
          )}
          {training.error && step < 2 && (
            <Failed title={t('train.failed', 'The training could not be started')} error={training.error} />
          )}
          {training.job && step === 1 && (
            <TrainingProgress
              job={training.job}
              at={training.at}
              error={training.unread}
              onCancel={running ? training.cancel : undefined}
            />
          )}
          {done.failed && (
            <Failed
              title={
                {
                  model: t('save.model-failed', 'The model could not be saved'),
                  panel: t('save.panel-failed', 'The model is saved; the panel could not be made'),
                  rule: t('save.rule-failed', 'The model is saved; the rule could not be made'),
                }[done.failed.part]
              }
              error={done.failed.error}
            />
          )}
          {training.trained && !fresh && (
            <Alert
              severity="info"
              title={t('train.changed', 'Changed since it was trained: train again to see what that does.')}
            />
          )}
          <div className={styles.buttons}>
            {step > 0 && (
              <Button variant="secondary" icon="arrow-left" onClick={() => setStep(step - 1)}>
                {t('train.back', 'Back')}
              </Button>
            )}
            {step === 0 && (
              <Button
                icon="arrow-right"
                disabled={!ready || preview.error !== undefined || preview.value?.series.length === 0}
                onClick={() => setStep(1)}
              >
                {t('train.to-model', 'Choose the model')}
              </Button>
            )}
            {step === 1 && !trained && (
              <Button
                icon="play"
                disabled={!ready || running || training.busy}
                onClick={() => training.train(definition)}
              >
                {t('train.train', 'Train')}
              </Button>
            )}
            {step === 1 && trained && (
              <Button icon="arrow-right" onClick={() => setStep(2)}>
                {t('train.to-check', 'Check it')}
              </Button>
            )}
            {step === 2 && (
              <Button icon="arrow-right" onClick={() => setStep(3)}>
                {t('train.to-save', 'Save and warn')}
              </Button>
            )}
            {step === 3 && (
              <Button
                icon="save"
                disabled={!isName(wanted.name) || (wanted.makeRule && !isValid(wanted.rule)) || saving.busy}
                onClick={finish}
              >
                {done.failed ? t('page.retry', 'Try again') : t('save.save', 'Save')}
              </Button>
            )}
          </div>
        </section>
        <div className={styles.chart}>
          <Chart
            title={chartTitle(step)}
            data={chart.data}
            error={step === 0 && preview.error ? undefined : chart.error}
            loading={chart.loading}
            height={CHART}
            regions={regions}
            focus={step >= 2 ? (looked ?? alerts[alerts.length - 1])?.labels : undefined}
            onDrag={
              step === 1 ? ({ from, to }) => change({ excluded: withRange(definition.excluded, from, to) }) : undefined
            }
            empty={emptyChart(ready, preview)}
          />
        </div>
      </div>
    </Stack>
  );
}

/** Stretches of the calendar as the chart marks them: by their reason, or by what they are. */
const gray = (spans: CalendarSpan[] = [], title: string): Region[] =>
  spans.map(({ from, to, reason }) => ({ from, to, title: reason || title, color: 'gray' }));

/** Why there is nothing on the chart. */
function emptyChart(ready: boolean, { value, error }: Previewed): string {
  if (!ready) {
    return t('train.chart-empty', 'The chart appears as soon as there is a query.');
  }
  return error || value?.series.length === 0 ? t('train.chart-none', 'There is nothing to draw for this query.') : '';
}

function chartTitle(step: number): string {
  switch (step) {
    case 0:
      return t('train.chart-data', 'The last 14 days');
    case 1:
      return t('train.chart-model', 'As this model sees it');
    default:
      return t('train.chart-check', 'Model and reality');
  }
}

const getStyles = (theme: GrafanaTheme2) => ({
  columns: css({
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 6fr) minmax(0, 5fr)',
    gap: theme.spacing(3),
    alignItems: 'start',
    [theme.breakpoints.down('lg')]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  }),
  form: css({ display: 'flex', flexDirection: 'column', gap: theme.spacing(2), minWidth: 0 }),
  chart: css({
    position: 'sticky',
    top: 96,
    minWidth: 0,
    [theme.breakpoints.down('lg')]: { order: -1, position: 'static' },
  }),
  buttons: css({ display: 'flex', gap: theme.spacing(1), paddingTop: theme.spacing(1) }),
});
