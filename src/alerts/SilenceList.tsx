import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Stack, Text } from '@grafana/ui';
import React from 'react';

import { fromNow } from '../api/format';
import { canEdit } from '../api/role';
import { Rule } from '../api/rules';
import { useAction } from '../api/useAsync';
import { ErrorLine } from '../components/ErrorLine';
import { endSilence, RULE_LABEL, Silence } from '../rules/silences';

interface Props {
  silences: Silence[];
  rules: Rule[];
  onChange: () => void;
}

/** What a silence holds, in words: the rule by its name, other labels as they are. */
export function aboutOf(silence: Silence, rules: Rule[]): string {
  return silence.matchers
    .map((m) => {
      if (m.name === RULE_LABEL) {
        return rules.find((r) => r.uid === m.value)?.name ?? m.value;
      }
      const sign = m.isEqual === false ? (m.isRegex ? '!~' : '!=') : m.isRegex ? '=~' : '=';
      return `${m.name}${sign}${m.value}`;
    })
    .join(' · ');
}

/** Who turned which notifications off, why, and when they come back. */
export function SilenceList({ silences, rules, onChange }: Props) {
  if (silences.length === 0) {
    return <Text color="secondary">{t('alerts.no-silences', 'Nothing is silenced.')}</Text>;
  }
  return (
    <Stack direction="column" gap={1}>
      {silences.map((s) => (
        <One key={s.id} silence={s} about={aboutOf(s, rules)} onChange={onChange} />
      ))}
    </Stack>
  );
}

function One({ silence: s, about, onChange }: { silence: Silence; about: string; onChange: () => void }) {
  const { busy, error, run } = useAction(onChange);
  return (
    <Stack justifyContent="space-between" alignItems="center" wrap="wrap">
      <Stack direction="column" gap={0}>
        <Text weight="medium">{about}</Text>
        <Text color="secondary" variant="bodySmall">
          {t('alerts.silence-end', 'ends {{left}} ({{time}}) · {{who}} · {{why}}', {
            left: fromNow(s.endsAt),
            time: dateTimeFormat(s.endsAt),
            who: s.createdBy,
            why: s.comment,
            interpolation: { escapeValue: false },
          })}
        </Text>
        <ErrorLine error={error} />
      </Stack>
      {canEdit() && (
        <Button size="sm" variant="secondary" icon="bell" disabled={busy} onClick={() => run(() => endSilence(s.id))}>
          {t('alerts.end-silence', 'End it now')}
        </Button>
      )}
    </Stack>
  );
}
