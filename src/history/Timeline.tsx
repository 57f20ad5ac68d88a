import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, IconButton, Text, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { Entry, Label } from '../api/contract';
import { EntryCard } from './EntryCard';
import { told } from './told';
import { actionText, iconOf, isWarning } from './words';

interface Props {
  client: Client;
  entries: Entry[];
  labels: Label[];
}

/** The entries by day. */
export function byDay(entries: Entry[]): Array<[string, Entry[]]> {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = dateTimeFormat(entry.time, { format: 'YYYY-MM-DD' });
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}

/** Warnings and changes on one line of time, day by day; each opens what is known of it. */
export function Timeline({ client, entries, labels }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <>
      {byDay(entries).map(([day, list]) => (
        <section key={day} aria-label={day}>
          <h3 className={styles.day}>{day}</h3>
          <ol className={styles.list}>
            {list.map((entry) => (
              <Row key={entry.seq} client={client} entry={entry} labels={labels} />
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}

/** Whether a warning's own sentence begins with what it is about. */
function namesItself(subject: string, note: string): boolean {
  const first = note.split(/[\s：]/)[0].replace(/:$/, '');
  return first !== '' && subject.split(' ').includes(first);
}

function Row({ client, entry, labels }: { client: Client; entry: Entry; labels: Label[] }) {
  const styles = useStyles2(getStyles);
  const [open, setOpen] = useState(false);
  const note = told(entry, 'note');
  const subject = namesItself(entry.subject, note) ? '' : entry.subject;
  const about = [subject, entry.model && versioned(entry)].filter(Boolean).join(' · ');
  const time = dateTimeFormat(entry.time, { format: 'HH:mm:ss' });
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <IconButton
          name={open ? 'angle-down' : 'angle-right'}
          aria-expanded={open}
          aria-label={t('history.open', 'Details of {{action}}, {{time}}', {
            action: actionText(entry.action),
            time,
            interpolation: { escapeValue: false },
          })}
          onClick={() => setOpen(!open)}
        />
        <span className={styles.time}>{time}</span>
        <Icon name={iconOf(entry)} aria-hidden className={isWarning(entry) ? styles.warning : styles.plain} />
        <span className={styles.text}>
          <Text weight="medium">{actionText(entry.action)}</Text>
          {about && <Text> {about}</Text>}
          {note && <Text color="secondary"> {note}</Text>}
        </span>
        <Text color="secondary" variant="bodySmall">
          {entry.who}
        </Text>
      </div>
      {open && <EntryCard client={client} entry={entry} labels={labels} />}
    </li>
  );
}

const versioned = (entry: Entry) =>
  entry.version > 0
    ? t('history.version', '{{model}} v{{n}}', {
        model: entry.model,
        n: entry.version,
        interpolation: { escapeValue: false },
      })
    : entry.model;

const getStyles = (theme: GrafanaTheme2) => ({
  day: css({
    fontSize: theme.typography.h6.fontSize,
    color: theme.colors.text.secondary,
    margin: theme.spacing(2, 0, 0.5),
  }),
  list: css({ listStyle: 'none' }),
  row: css({ borderBottom: `1px solid ${theme.colors.border.weak}` }),
  line: css({ display: 'flex', alignItems: 'center', gap: theme.spacing(1), padding: theme.spacing(0.75, 0) }),
  time: css({ fontVariantNumeric: 'tabular-nums', color: theme.colors.text.secondary }),
  text: css({ flex: 1, minWidth: 0, overflow: 'hidden', textOverflow: 'ellipsis' }),
  warning: css({ color: theme.colors.warning.text }),
  plain: css({ color: theme.colors.text.secondary }),
});
