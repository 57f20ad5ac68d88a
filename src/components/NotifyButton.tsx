import { dateTimeFormat } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Badge, Button, Dropdown, Menu, Stack, Text } from '@grafana/ui';
import React from 'react';

import { canEdit } from '../api/role';
import { Rule } from '../api/rules';
import { useAction } from '../api/useAsync';
import { endSilence, Silence, silence, silenceOf } from '../rules/silences';
import { ErrorLine } from './ErrorLine';

interface Props {
  rule: Rule;
  silences: Silence[];
  /** Only for the instance of these labels; otherwise for the whole rule. */
  labels?: Record<string, string>;
  withName?: boolean;
  onChange: () => void;
}

/** Hours for which notifications can be turned off; an end is always set. */
const HOURS = [1, 4, 24, 168];

const spans = (): Record<number, string> => ({
  1: t('notify.hour', 'for an hour'),
  4: t('notify.four-hours', 'for four hours'),
  24: t('notify.day', 'for a day'),
  168: t('notify.week', 'for a week'),
});

/** Labels that Grafana adds by itself and no silence needs. */
const OWN = /^(alertname|grafana_folder|__.*)$/;

/** Notifications of a rule on or off; off is a silence of Grafana's with an end, which sends nothing. */
export function NotifyButton({ rule, silences, labels, withName = false, onChange }: Props) {
  const { busy, error, run } = useAction(onChange);
  const own = Object.fromEntries(Object.entries(labels ?? {}).filter(([name]) => !OWN.test(name)));
  const held = silenceOf(silences, rule.uid, labels);
  const off = (hours: number) =>
    run(() =>
      silence(
        rule.uid,
        hours,
        t('notify.comment', 'Turned off in Forewarn: {{name}}', {
          name: rule.name,
          interpolation: { escapeValue: false },
        }),
        own
      )
    );
  return (
    <Stack gap={1} alignItems="center" wrap="wrap">
      {withName && <Text>{rule.name}</Text>}
      {!canEdit() && !held && (
        <Text color="secondary" variant="bodySmall">
          {t('notify.is-on', 'notifies')}
        </Text>
      )}
      {held && (
        <Badge
          color="darkgrey"
          icon="bell-slash"
          text={t('notify.until', 'off until {{time}}', {
            time: dateTimeFormat(held.endsAt, { format: 'YYYY-MM-DD HH:mm' }),
            interpolation: { escapeValue: false },
          })}
          tooltip={[held.createdBy, held.comment].filter(Boolean).join(': ')}
        />
      )}
      {canEdit() && held && (
        <Button
          size="sm"
          variant="secondary"
          icon="bell"
          disabled={busy}
          onClick={() => run(() => endSilence(held.id))}
        >
          {t('notify.on', 'Notify again')}
        </Button>
      )}
      {canEdit() && !held && (
        <Dropdown
          overlay={
            <Menu>
              {HOURS.map((hours) => (
                <Menu.Item key={hours} label={spans()[hours]} onClick={() => off(hours)} />
              ))}
            </Menu>
          }
        >
          <Button size="sm" variant="secondary" icon="bell-slash" disabled={busy}>
            {t('notify.off', 'Notify off')}
          </Button>
        </Dropdown>
      )}
      <ErrorLine error={error} />
    </Stack>
  );
}
