import { t } from '@grafana/i18n';
import { Button, Combobox, ComboboxOption, InlineField, InlineFieldRow, Stack, Text } from '@grafana/ui';
import React, { useCallback, useId, useState } from 'react';

import { expressionFor, findMetrics, findTables, logsFor, numbersOf, sqlFor, Table, textsOf } from '../api/browse';
import { useAsync } from '../api/useAsync';
import { FIRST } from '../datasource/components/fields';
import { SourceKind, SourceSpec } from '../datasource/types';

interface Props {
  uid: string;
  kind: SourceKind;
  onPick: (source: SourceSpec) => void;
}

/** Letters needed before Prometheus is asked; fewer would match everything. */
const LETTERS = 2;

/** Finds a metric or a table for those who do not know the query by heart. */
export function Browse({ uid, kind, onPick }: Props) {
  return kind === 'prometheus' ? (
    <Metrics uid={uid} onPick={onPick} />
  ) : (
    <Tables key={kind} uid={uid} kind={kind} onPick={onPick} />
  );
}

function Metrics({ uid, onPick }: Omit<Props, 'kind'>) {
  const id = useId();
  const find = useCallback(
    async (text: string): Promise<Array<ComboboxOption<string>>> =>
      text.trim().length < LETTERS ? [] : (await findMetrics(uid, text)).map((value) => ({ value })),
    [uid]
  );
  return (
    <InlineField
      htmlFor={id}
      label={t('train.find-metric', 'Find a metric')}
      labelWidth={FIRST}
      tooltip={t('train.find-metric-help', 'Type part of its name; counters are read by their rate.')}
    >
      <Combobox
        id={id}
        width={44}
        value={null}
        placeholder={t('train.find-metric-placeholder', 'type two letters, such as cpu')}
        options={find}
        onChange={(o) => onPick({ kind: 'prometheus', expr: expressionFor(o.value) })}
      />
    </InlineField>
  );
}

function Tables({ uid, kind, onPick }: Props) {
  const { value: tables, error } = useAsync<Table[]>(() => findTables(uid), [uid]);
  const id = useId();
  const [name, setName] = useState<string>();
  const table = tables?.find((x) => x.name === name);
  if (error) {
    return (
      <Text color="secondary" variant="bodySmall">
        {t('train.tables-failed', 'The tables cannot be listed: {{error}}', {
          error,
          interpolation: { escapeValue: false },
        })}
      </Text>
    );
  }
  return (
    <Stack direction="column" gap={0.5}>
      <InlineField htmlFor={id} label={t('train.find-table', 'Find a table')} labelWidth={FIRST}>
        <Combobox
          id={id}
          width={32}
          value={name ?? null}
          loading={!tables}
          placeholder={t('train.find-table-placeholder', 'tables that have a time')}
          options={(tables ?? []).map((x) => ({
            value: x.name,
            description: x.columns.map((c) => c.name).join(', '),
          }))}
          onChange={(o) => {
            setName(o.value);
            const chosen = tables?.find((x) => x.name === o.value);
            if (kind === 'logs' && chosen) {
              onPick(logsFor(chosen));
            }
          }}
        />
      </InlineField>
      {kind === 'mysql' && table && <Columns key={table.name} table={table} onPick={onPick} />}
    </Stack>
  );
}

function Columns({ table, onPick }: { table: Table; onPick: Props['onPick'] }) {
  const ids = { value: useId(), label: useId() };
  const [value, setValue] = useState(numbersOf(table)[0] ?? '');
  const [label, setLabel] = useState(textsOf(table)[0] ?? '');
  return (
    <InlineFieldRow>
      <InlineField htmlFor={ids.value} label={t('train.column-value', 'Add up')} labelWidth={FIRST}>
        <Combobox
          id={ids.value}
          width={18}
          value={value}
          options={[
            { value: '', label: t('train.column-rows', 'number of rows') },
            ...numbersOf(table).map((x) => ({ value: x })),
          ]}
          onChange={(o) => setValue(o.value)}
        />
      </InlineField>
      <InlineField htmlFor={ids.label} label={t('train.column-label', 'A series for each')} labelWidth="auto">
        <Combobox
          id={ids.label}
          width={18}
          value={label}
          options={[
            { value: '', label: t('train.column-none', 'all together') },
            ...textsOf(table).map((x) => ({ value: x })),
          ]}
          onChange={(o) => setLabel(o.value)}
        />
      </InlineField>
      <Button
        icon="check"
        variant="secondary"
        onClick={() =>
          onPick({
            kind: 'mysql',
            format: 'time_series',
            rawSql: sqlFor(table, value || undefined, label || undefined),
          })
        }
      >
        {t('train.use-columns', 'Use')}
      </Button>
    </InlineFieldRow>
  );
}
