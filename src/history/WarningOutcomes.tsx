import { t } from '@grafana/i18n';
import React from 'react';

import { Client } from '../api/client';
import { useAsync } from '../api/useAsync';
import { ErrorLine } from '../components/ErrorLine';
import { Section } from '../components/Section';
import { FigureTable } from '../hindcast/FigureTable';
import { outcomeTexts } from '../hindcast/outcomes';

/** How the early warnings of each rule turned out in the last 30 days; nothing where there were none. */
export function WarningOutcomes({ client }: { client: Client }) {
  const { value, error } = useAsync(() => client.accuracy(), [client]);
  if (!value || value.rules.length === 0) {
    const text = t('history.outcomes-failed', 'How warnings turned out cannot be read: {{error}}', {
      error: error ?? '',
      interpolation: { escapeValue: false },
    });
    return <ErrorLine error={error && text} />;
  }
  return (
    <Section title={t('history.outcomes', 'How early warnings turned out, last 30 days')}>
      <FigureTable head={t('value.rule', 'Rule')} rows={value.rules.map((r) => [r.rule, outcomeTexts(r)])} />
    </Section>
  );
}
