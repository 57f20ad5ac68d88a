import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, Button, LoadingPlaceholder, Stack, Text, useStyles2 } from '@grafana/ui';
import React from 'react';

import { Client } from '../api/client';
import { Change, Model, Version } from '../api/contract';
import { bytes, count, fromNow, plainText } from '../api/format';
import { canEdit } from '../api/role';
import { useAsync } from '../api/useAsync';
import { Failed } from '../components/Failed';
import { coverageText, skillText } from '../train/Figures';

interface Props {
  client: Client;
  model: Model;
  busy: boolean;
  onPromote: (version: number) => void;
}

/** Every version, the newest first: what changed in the definition and what it did to the figures. */
export function Versions({ client, model, busy, onPromote }: Props) {
  const styles = useStyles2(getStyles);
  const name = model.definition.name;
  const { value, error, reload } = useAsync(() => client.versions(name), [client, name, model.latest, model.live]);
  if (error && !value) {
    return <Failed title={t('versions.failed', 'The versions cannot be read')} error={error} onRetry={reload} />;
  }
  if (!value) {
    return <LoadingPlaceholder text={t('page.loading', 'Loading…')} />;
  }
  if (value.versions.length === 0) {
    return <Text color="secondary">{t('versions.none', 'Not trained yet.')}</Text>;
  }
  return (
    <ol className={styles.list} aria-label={t('versions.title', 'Versions')}>
      {value.versions.map((v, i) => (
        <li key={v.number} className={styles.item}>
          <One
            version={v}
            before={value.versions[i + 1]}
            busy={busy}
            onPromote={canEdit() && !v.live ? () => onPromote(v.number) : undefined}
          />
        </li>
      ))}
    </ol>
  );
}

interface OneProps {
  version: Version;
  before?: Version;
  busy: boolean;
  onPromote?: () => void;
}

function One({ version: v, before, busy, onPromote }: OneProps) {
  return (
    <Stack direction="column" gap={0.5}>
      <Stack justifyContent="space-between" alignItems="center">
        <Stack gap={1} alignItems="center">
          <Text weight="medium">{t('versions.number', 'Version {{n}}', { n: v.number })}</Text>
          {v.live && <Badge color="green" icon="check" text={t('versions.live', 'live')} />}
          <span title={dateTimeFormat(v.trainedAt)}>
            <Text color="secondary" variant="bodySmall">
              {fromNow(v.trainedAt)} · {v.trainedBy}
            </Text>
          </span>
        </Stack>
        {onPromote && (
          <Button size="sm" variant="secondary" disabled={busy} onClick={onPromote}>
            {t('versions.promote', 'Make it live')}
          </Button>
        )}
      </Stack>
      <Text>
        {skillText(v.error.skill)}
        <Delta now={v.error.skill} before={before?.error.skill} />
        {' · '}
        {coverageText(v.coverage)}
        <Delta now={v.coverage} before={before?.coverage} />
      </Text>
      <Text color="secondary" variant="bodySmall">
        {t('versions.data', '{{from}} – {{to}}, {{series}} series, {{points}} points, {{bytes}}', {
          from: dateTimeFormat(v.from, { format: 'YYYY-MM-DD HH:mm' }),
          to: dateTimeFormat(v.to, { format: 'YYYY-MM-DD HH:mm' }),
          series: count(v.series),
          points: count(v.points),
          bytes: bytes(v.bytes),
          interpolation: { escapeValue: false },
        })}
      </Text>
      <Changes changes={v.changes} />
    </Stack>
  );
}

/** How a share differs from the version before, in points of per cent. */
function Delta({ now, before }: { now: number | null; before?: number | null }) {
  if (now === null || before === null || before === undefined || Math.abs(now - before) < 0.0005) {
    return null;
  }
  const points = Number((100 * (now - before)).toFixed(1));
  return <> ({points > 0 ? `+${points}` : points})</>;
}

/** What differs in a definition, field by field. */
export function Changes({ changes }: { changes: Change[] }) {
  const styles = useStyles2(getStyles);
  if (changes.length === 0) {
    return null;
  }
  return (
    <ul className={styles.changes} aria-label={t('versions.changes', 'Changes')}>
      {changes.map((c) => (
        <li key={c.field}>
          <code>{c.field}</code>: {plainText(c.before)} → {plainText(c.after)}
        </li>
      ))}
    </ul>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ listStyle: 'none' }),
  item: css({
    padding: theme.spacing(1.5, 0),
    borderBottom: `1px solid ${theme.colors.border.weak}`,
    '&:last-child': { borderBottom: 'none' },
  }),
  changes: css({ listStyle: 'none', fontSize: theme.typography.bodySmall.fontSize, overflowWrap: 'anywhere' }),
});
