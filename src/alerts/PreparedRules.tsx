import { t } from '@grafana/i18n';
import { Badge, Button, Stack, Text } from '@grafana/ui';
import React from 'react';

import { canEdit } from '../api/role';
import { chinese } from '../api/language';
import { Rule } from '../api/rules';
import { useAction } from '../api/useAsync';
import { Failed } from '../components/Failed';
import { installGroup, PREPARED, PreparedGroup, titleOf } from '../rules/prepared';

interface Props {
  uid: string;
  /** The rules that ask this data source already. */
  rules: Rule[];
  onChange: () => void;
}

/** The rules that come with the app, by area, and a button that installs an area's for the chosen data source. */
export function PreparedRules({ uid, rules, onChange }: Props) {
  const there = new Set(rules.map((r) => r.name));
  return (
    <Stack direction="column" gap={1}>
      <Text color="secondary">
        {t(
          'prepared.text',
          'Rules and thresholds as a start, for the metrics of the usual exporters. They go into the folder Forewarn, where Grafana’s editor changes them.'
        )}
      </Text>
      {PREPARED.map((group) => (
        <Area key={group.name} group={group} uid={uid} there={there} onChange={onChange} />
      ))}
    </Stack>
  );
}

function Area({
  group,
  uid,
  there,
  onChange,
}: {
  group: PreparedGroup;
  uid: string;
  there: Set<string>;
  onChange: () => void;
}) {
  const { busy, error, run } = useAction(onChange);
  const zh = chinese();
  const missing = group.rules.filter((r) => !there.has(titleOf(r, false)) && !there.has(titleOf(r, true)));
  const install = () => run(() => installGroup({ ...group, rules: missing }, uid, zh));
  const name = areaName(group.name);
  return (
    <div role="group" aria-label={name}>
      <Stack justifyContent="space-between" alignItems="center">
        <Stack direction="column" gap={0} minWidth={0}>
          <Text weight="medium">{name}</Text>
          <Text color="secondary" variant="bodySmall">
            {group.rules.map((r) => titleOf(r, zh)).join(' · ')}
          </Text>
        </Stack>
        {missing.length === 0 ? (
          <Badge color="green" icon="check" text={t('prepared.there', 'Installed')} />
        ) : (
          canEdit() && (
            <Button size="sm" variant="secondary" icon={busy ? 'spinner' : 'plus'} disabled={busy} onClick={install}>
              {t('prepared.install', 'Install {{n}} rules', { n: missing.length })}
            </Button>
          )
        )}
      </Stack>
      {error && <Failed title={t('prepared.failed', 'The rules could not be installed')} error={error} />}
    </div>
  );
}

function areaName(name: string): string {
  switch (name) {
    case 'hosts':
      return t('prepared.hosts', 'Hosts (node_exporter)');
    case 'containers':
      return t('prepared.containers', 'Containers (cAdvisor, logs)');
    case 'gateway':
      return t('prepared.gateway', 'LLM and API gateway');
    case 'mysql':
      return t('prepared.mysql', 'MySQL (mysqld_exporter, tables)');
    case 'logs':
      return t('prepared.logs', 'Logs in MySQL');
    default:
      return name;
  }
}
