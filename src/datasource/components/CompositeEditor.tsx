import { t } from '@grafana/i18n';
import { Button, IconButton, InlineField, InlineFieldRow, Input, Stack } from '@grafana/ui';
import React from 'react';

import { ForewarnQuery, NamedSource } from '../types';
import { SourceEditor } from './SourceEditor';

interface Props {
  query: ForewarnQuery;
  onChange: (query: ForewarnQuery) => void;
  onBlur: () => void;
}

/** Several sources joined on the labels that name an entity. */
export function CompositeEditor({ query, onChange, onBlur }: Props) {
  const sources = query.sources ?? [];
  const set = (i: number, s: NamedSource) => onChange({ ...query, sources: sources.map((old, k) => (k === i ? s : old)) });
  return (
    <Stack direction="column" gap={1}>
      {sources.map((s, i) => (
        <div key={i}>
          <InlineFieldRow>
            <InlineField label={t('query.signal', 'Signal')} labelWidth={12}>
              <Input aria-label={t('query.signal', 'Signal')} width={20} value={s.name} onChange={(e) => set(i, { ...s, name: e.currentTarget.value })} onBlur={onBlur} />
            </InlineField>
            {sources.length > 2 && (
              <IconButton
                name="trash-alt"
                tooltip={t('query.signal-remove', 'Remove this signal')}
                onClick={() => onChange({ ...query, sources: sources.filter((_, k) => k !== i) })}
              />
            )}
          </InlineFieldRow>
          <SourceEditor id={`${query.refId}-${i}`} source={s} onChange={(next) => set(i, { ...next, name: s.name })} onBlur={onBlur} />
        </div>
      ))}
      <InlineFieldRow>
        <Button size="sm" variant="secondary" icon="plus" onClick={() => onChange({ ...query, sources: [...sources, { kind: 'prometheus', name: `signal${sources.length + 1}` }] })}>
          {t('query.signal-add', 'Add a signal')}
        </Button>
        <InlineField label={t('query.join', 'Join on labels')} labelWidth={16} tooltip={t('query.join-help', 'The labels that name an entity in every source, separated by commas.')}>
          <Input
            aria-label={t('query.join', 'Join on labels')}
            width={24}
            value={(query.join ?? []).join(', ')}
            onChange={(e) => onChange({ ...query, join: e.currentTarget.value.split(/\s*,\s*/).filter((l) => l !== '') })}
            onBlur={onBlur}
          />
        </InlineField>
      </InlineFieldRow>
    </Stack>
  );
}
