import { t } from '@grafana/i18n';
import { Badge, Button, Stack } from '@grafana/ui';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { Label, LabelKind, NewLabel } from '../api/contract';
import { canEdit } from '../api/role';
import { useAction } from '../api/useAsync';
import { ErrorLine } from './ErrorLine';

interface Props {
  client: Client;
  /** What is judged. */
  about: Omit<NewLabel, 'kind' | 'note'>;
  /** What was said before. */
  label?: Label;
  onChange?: (label?: Label) => void;
}

/** Whether an alert was right: marked stretches are left out of the next training and give the precision. Viewers only read it. */
export function Verdict({ client, about, label: given, onChange }: Props) {
  const [own, setOwn] = useState<Label | null>();
  const { busy, error, run } = useAction();
  const label = own === undefined ? given : (own ?? undefined);
  const set = (next: Label | null) => {
    setOwn(next);
    onChange?.(next ?? undefined);
  };
  const mark = (kind: LabelKind) => run(async () => set(await client.addLabel({ ...about, kind, note: '' })));
  const undo = (id: string) =>
    run(async () => {
      await client.deleteLabel(id);
      set(null);
    });
  if (label) {
    const incident = label.kind === 'incident';
    return (
      <Stack gap={1} alignItems="center">
        <Badge
          color={incident ? 'red' : 'green'}
          icon={incident ? 'fire' : 'check'}
          text={incident ? t('label.incident', 'incident') : t('label.not', 'not an anomaly')}
          tooltip={label.by ? t('label.by', 'said {{who}}', { who: label.by }) : undefined}
        />
        {canEdit() && (
          <Button size="sm" fill="text" disabled={busy} onClick={() => undo(label.id)}>
            {t('label.undo', 'Undo')}
          </Button>
        )}
        <ErrorLine error={error} />
      </Stack>
    );
  }
  if (!canEdit()) {
    return null;
  }
  return (
    <Stack gap={0.5} alignItems="center" wrap="wrap">
      <Button size="sm" variant="secondary" icon="fire" disabled={busy} onClick={() => mark('incident')}>
        {t('label.mark-incident', 'Incident')}
      </Button>
      <Button size="sm" variant="secondary" icon="times" disabled={busy} onClick={() => mark('not-an-anomaly')}>
        {t('label.mark-not', 'Not an anomaly')}
      </Button>
      <ErrorLine error={error} />
    </Stack>
  );
}
