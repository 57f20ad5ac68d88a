import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, Button, CellProps, Column, InteractiveTable, Stack, Text, TextLink, Tooltip } from '@grafana/ui';
import React, { useMemo } from 'react';

import { canEdit } from '../api/role';
import { Rule } from '../api/rules';
import { useAction } from '../api/useAsync';
import { ErrorLine } from '../components/ErrorLine';
import { NotifyButton } from '../components/NotifyButton';
import { PAGES } from '../constants';
import { purposeName } from '../models/words';
import { pauseRule } from '../rules/ruler';
import { Silence } from '../rules/silences';

interface Props {
  uid: string;
  rules: Rule[];
  silences: Silence[];
  onChange: () => void;
}

type Cell = CellProps<Rule>;

/** Rules on Forewarn's answers: their state, which model they ask, and whether they notify. */
export function RulesTable({ uid, rules, silences, onChange }: Props) {
  const columns = useMemo<Array<Column<Rule>>>(
    () => [
      {
        id: 'name',
        header: t('alerts.rule', 'Rule'),
        sortType: 'string',
        cell: ({ row: { original: r } }: Cell) => (
          <TextLink href={`/alerting/grafana/${r.uid}/view`} inline={false}>
            {r.name}
          </TextLink>
        ),
      },
      {
        id: 'state',
        header: t('models.state', 'State'),
        cell: ({ row: { original: r } }: Cell) => <RuleState rule={r} />,
      },
      {
        id: 'for',
        header: t('models.for', 'For'),
        cell: ({ row: { original: r } }: Cell) => <>{purposeName(r.query.queryType)}</>,
      },
      {
        id: 'model',
        header: t('alerts.model', 'Model'),
        cell: ({ row: { original: r } }: Cell) =>
          r.query.model?.name ? (
            <TextLink href={`${PAGES.models}?ds=${uid}&model=${encodeURIComponent(r.query.model.name)}`}>
              {r.query.model.name}
            </TextLink>
          ) : (
            <span style={{ whiteSpace: 'nowrap' }}>
              <Text color="secondary">{t('alerts.on-request', 'fitted on request')}</Text>
            </span>
          ),
      },
      { id: 'folder', header: t('rule.folder', 'Folder'), sortType: 'string' },
      {
        id: 'notify',
        header: t('alerts.notify', 'Notifications'),
        cell: ({ row: { original: r } }: Cell) => <NotifyButton rule={r} silences={silences} onChange={onChange} />,
      },
      {
        id: 'stop',
        header: '',
        cell: ({ row: { original: r } }: Cell) =>
          canEdit() && !r.provisioned ? <StopButton rule={r} onChange={onChange} /> : null,
      },
    ],
    [uid, silences, onChange]
  );
  return <InteractiveTable columns={columns} data={rules} getRowId={(r) => r.uid} pageSize={25} />;
}

/** The state of a rule in a word, with how many instances it is about. */
export function RuleState({ rule }: { rule: Rule }) {
  if (rule.paused) {
    return <Badge color="darkgrey" icon="pause" text={t('alerts.stopped', 'stopped')} />;
  }
  if (rule.error !== undefined) {
    return (
      <Tooltip content={rule.error}>
        <span tabIndex={0}>
          <Badge color="red" icon="exclamation-triangle" text={t('alerts.error', 'cannot be evaluated')} />
        </span>
      </Tooltip>
    );
  }
  const firing = rule.instances.filter((i) => i.state === 'firing');
  const pending = rule.instances.length - firing.length;
  if (firing.length > 0) {
    const since = firing.map((i) => i.since).sort()[0];
    return (
      <span title={since && dateTimeFormat(since)}>
        <Badge color="red" icon="exclamation-circle" text={t('alerts.firing', '{{n}} firing', { n: firing.length })} />
      </span>
    );
  }
  return pending > 0 ? (
    <Badge color="orange" icon="clock-nine" text={t('alerts.pending', '{{n}} pending', { n: pending })} />
  ) : (
    <Badge color="green" icon="check" text={t('alerts.normal', 'normal')} />
  );
}

/** Stops a rule or lets it run again; Grafana then says "resolved", so turning notifications off is the quieter way. */
function StopButton({ rule, onChange }: { rule: Rule; onChange: () => void }) {
  const { busy, error, run } = useAction(onChange);
  return (
    <Stack gap={1} alignItems="center">
      <Tooltip
        content={
          rule.paused
            ? t('alerts.start-help', 'It is evaluated again.')
            : t('alerts.stop-help', 'It is not evaluated any more, and what fires is told to be resolved.')
        }
      >
        <Button
          size="sm"
          fill="text"
          icon={rule.paused ? 'play' : 'pause'}
          disabled={busy}
          onClick={() => run(() => pauseRule(rule.uid, !rule.paused))}
        >
          {rule.paused ? t('alerts.start', 'Start') : t('alerts.stop', 'Stop')}
        </Button>
      </Tooltip>
      <ErrorLine error={error} />
    </Stack>
  );
}
