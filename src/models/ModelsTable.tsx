import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, Button, CellProps, Column, InteractiveTable, Stack, Text } from '@grafana/ui';
import React, { useMemo } from 'react';

import { Model, ModelTrial } from '../api/contract';
import { count, fromNow, NOTHING, percent } from '../api/format';
import { Rule } from '../api/rules';
import { byNumber } from '../components/sorting';
import { StateBadge } from '../components/StateBadge';
import { purposeName } from './words';

/** A row of the table: a model with the rules that ask it. */
export interface Row {
  id: string;
  model: Model;
  rules: Rule[];
  skill: number | null;
  coverage: number | null;
  drift: number | null;
  trained: string;
  next: string;
  series: number;
  /** How it does of late; undefined where that is not told. */
  trial?: ModelTrial;
}

/** Rows of the models. */
export function rowsOf(models: Model[], rules: Rule[], trials: ModelTrial[] = []): Row[] {
  return models.map((model) => ({
    id: model.definition.name,
    model,
    rules: rules.filter((r) => r.query.model?.name === model.definition.name),
    skill: model.error.skill,
    coverage: model.coverage,
    drift: model.drift,
    trained: model.trainedAt ?? '',
    next: model.nextTraining ?? '',
    series: model.series,
    trial: trials.find((trial) => trial.model === model.definition.name),
  }));
}

type Cell = CellProps<Row>;

const when = (iso: string, text: string) => (iso ? <span title={dateTimeFormat(iso)}>{text}</span> : <>{NOTHING}</>);

/** Every model at a glance; a name opens the drawer with everything about it. */
export function ModelsTable({ rows, onOpen }: { rows: Row[]; onOpen: (name: string) => void }) {
  const columns = useMemo<Array<Column<Row>>>(
    () => [
      {
        id: 'id',
        header: t('models.name', 'Name'),
        sortType: 'string',
        cell: ({ row: { original: r } }: Cell) => (
          <Stack direction="column" gap={0} alignItems="flex-start">
            <Button fill="text" size="sm" onClick={() => onOpen(r.id)}>
              {r.id}
            </Button>
            <Stack gap={0.5}>
              {r.model.definition.draft && <Badge color="purple" text={t('models.draft', 'draft')} />}
              {r.model.definition.provisioned && (
                <Badge color="darkgrey" icon="lock" text={t('models.provisioned', 'provisioned')} />
              )}
            </Stack>
          </Stack>
        ),
      },
      {
        id: 'for',
        header: t('models.for', 'For'),
        cell: ({ row: { original: r } }: Cell) => <>{purposeName(r.model.definition.query.queryType)}</>,
      },
      {
        id: 'state',
        header: t('models.state', 'State'),
        cell: ({ row: { original: r } }: Cell) => <StateBadge model={r.model} />,
      },
      {
        id: 'series',
        header: t('models.series', 'Series'),
        sortType: byNumber,
        cell: ({ row: { original: r } }: Cell) => <>{r.series ? count(r.series) : NOTHING}</>,
      },
      {
        id: 'trained',
        header: t('models.version', 'Live version'),
        sortType: 'string',
        cell: ({ row: { original: r } }: Cell) =>
          r.model.live === 0
            ? when('', '')
            : when(
                r.trained,
                t('models.version-age', '{{n}} · {{ago}}', {
                  n: r.model.live,
                  ago: fromNow(r.trained),
                  interpolation: { escapeValue: false },
                })
              ),
      },
      {
        id: 'skill',
        header: t('models.skill', 'Closer than last week'),
        sortType: byNumber,
        cell: ({ row: { original: r } }: Cell) => (
          <Stack gap={0.5} alignItems="center">
            {percent(r.model.error.skill)}
            <Demoted trial={r.trial} />
          </Stack>
        ),
      },
      {
        id: 'coverage',
        header: t('models.coverage', 'Band held'),
        sortType: byNumber,
        cell: ({ row: { original: r } }: Cell) => <>{percent(r.model.coverage, 1)}</>,
      },
      {
        id: 'drift',
        header: t('models.drift', 'Drift'),
        sortType: byNumber,
        cell: ({ row: { original: r } }: Cell) => <Drift drift={r.model.drift} />,
      },
      {
        id: 'next',
        header: t('models.next', 'Next training'),
        sortType: 'string',
        cell: ({ row: { original: r } }: Cell) => when(r.next, r.next && fromNow(r.next)),
      },
      {
        id: 'rules',
        header: t('models.rules', 'Warns'),
        cell: ({ row: { original: r } }: Cell) => <Rules rules={r.rules} />,
      },
    ],
    [onOpen]
  );
  return <InteractiveTable columns={columns} data={rows} getRowId={(r) => r.id} pageSize={25} />;
}

/** How many series the simpler model answers for, because it has been closer of late. */
function Demoted({ trial }: { trial?: ModelTrial }) {
  return trial && trial.demoted.length > 0 ? (
    <Badge
      color="orange"
      icon="arrow-down"
      text={t('models.demoted', 'simpler: {{n}}', { n: trial.demoted.length })}
      tooltip={t(
        'models.demoted-help',
        'So many series are answered by “same as last season”, which has been closer of late.'
      )}
    />
  ) : null;
}

/** How much the errors have grown, with a word where that matters. */
function Drift({ drift }: { drift: number | null }) {
  if (drift === null) {
    return <>{NOTHING}</>;
  }
  return drift >= 1 ? (
    <Badge color="orange" icon="exclamation-triangle" text={t('models.drift-due', 'retrain')} />
  ) : (
    <>{percent(drift)}</>
  );
}

function Rules({ rules }: { rules: Rule[] }) {
  if (rules.length === 0) {
    return <Text color="secondary">{t('models.no-rule', 'no rule')}</Text>;
  }
  const firing = rules.some((r) => r.instances.some((i) => i.state === 'firing'));
  return (
    <Badge
      color={firing ? 'red' : 'blue'}
      icon="bell"
      text={
        firing
          ? t('models.firing', 'rules: {{n}}, firing', { n: rules.length })
          : t('models.n-rules', 'rules: {{n}}', { n: rules.length })
      }
    />
  );
}
