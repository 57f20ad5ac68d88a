import { t } from '@grafana/i18n';
import { Stack, Text } from '@grafana/ui';
import React from 'react';

import { Client } from '../api/client';
import { percent } from '../api/format';
import { useAsync } from '../api/useAsync';
import { ErrorLine } from '../components/ErrorLine';
import { algorithmText } from '../models/words';

/** How often the labelled alerts of each model were right; nothing where nobody has labelled any. */
export function PrecisionTable({ client }: { client: Client }) {
  const { value, error } = useAsync(() => client.precision(), [client]);
  const known = value?.precision.filter((p) => p.precision !== null) ?? [];
  if (known.length === 0) {
    const text = t('history.precision-failed', 'How often labelled alerts were right cannot be read: {{error}}', {
      error: error ?? '',
      interpolation: { escapeValue: false },
    });
    return <ErrorLine error={error && text} />;
  }
  return (
    <Stack gap={2} wrap="wrap">
      {known.map((p) => (
        <Text key={`${p.model} ${p.algorithm}`}>
          {t('history.precision', '{{model}} ({{algorithm}}): {{share}} of {{n}} labelled alerts were right', {
            model: p.model,
            algorithm: algorithmText(p.algorithm),
            share: percent(p.precision),
            n: p.incidents + p.notAnomalies,
            interpolation: { escapeValue: false },
          })}
        </Text>
      ))}
    </Stack>
  );
}
