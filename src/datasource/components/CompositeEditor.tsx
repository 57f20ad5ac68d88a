import { t } from '@grafana/i18n';
import { Button, IconButton, InlineField, InlineFieldRow, Stack } from '@grafana/ui';
import React from 'react';

import { ForewarnQuery, NamedSource } from '../types';
import { FIRST, ListField, TextField } from './fields';
import { SourceEditor } from './SourceEditor';

/** As many signals as the back end joins. */
const MOST = 16;

interface Props {
  query: ForewarnQuery;
  onChange: (query: ForewarnQuery, run?: boolean) => void;
  onRun: () => void;
}

/** A name that no other signal has. */
export function freeName(sources: NamedSource[]): string {
  const taken = new Set(sources.map((s) => s.name));
  let n = sources.length + 1;
  while (taken.has(`signal${n}`)) {
    n++;
  }
  return `signal${n}`;
}

/** Several sources joined on the labels that name an entity. */
export function CompositeEditor({ query, onChange, onRun }: Props) {
  const sources = query.sources ?? [];
  const set = (i: number, s: NamedSource, run?: boolean) =>
    onChange({ ...query, sources: sources.map((old, k) => (k === i ? s : old)) }, run);
  return (
    <Stack direction="column" gap={1}>
      {sources.map((s, i) => (
        <div key={i} role="group" aria-label={t('query.signal-group', 'Signal {{name}}', { name: s.name })}>
          <InlineFieldRow>
            <TextField
              label={t('query.signal', 'Signal')}
              field={`sources[${i}].name`}
              value={s.name}
              required
              onChange={(name) => set(i, { ...s, name: name ?? '' })}
              onBlur={onRun}
            />
            {sources.length > 2 && (
              <InlineField>
                <IconButton
                  name="trash-alt"
                  tooltip={t('query.signal-remove', 'Remove this signal')}
                  onClick={() => onChange({ ...query, sources: sources.filter((_, k) => k !== i) }, true)}
                />
              </InlineField>
            )}
          </InlineFieldRow>
          <SourceEditor
            id={`${query.refId}-${i}`}
            path={`sources[${i}]`}
            source={s}
            onChange={(next, run) => set(i, { ...next, name: s.name }, run)}
            onRun={onRun}
          />
        </div>
      ))}
      <InlineFieldRow>
        <ListField
          label={t('query.join', 'Join on labels')}
          field="join"
          labelWidth={FIRST}
          width={24}
          tooltip={t('query.join-help', 'The labels that name an entity in every source, separated by commas.')}
          value={query.join}
          required
          onChange={(join) => onChange({ ...query, join })}
          onBlur={onRun}
        />
        <Button
          variant="secondary"
          icon="plus"
          disabled={sources.length >= MOST}
          onClick={() => onChange({ ...query, sources: [...sources, { kind: 'prometheus', name: freeName(sources) }] })}
        >
          {t('query.signal-add', 'Add a signal')}
        </Button>
      </InlineFieldRow>
    </Stack>
  );
}
