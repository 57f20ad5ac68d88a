import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Stack, TagList, TextLink, useStyles2 } from '@grafana/ui';
import React from 'react';

import { Client } from '../api/client';
import { Entry, Label } from '../api/contract';
import { Verdict } from '../components/Verdict';
import { PAGES } from '../constants';
import { Deliveries } from './Deliveries';
import { ValuesThen } from './ValuesThen';
import { isWarning, shownValues, valueName, valueText } from './words';

/** How long a stretch around a warning is labelled where its end is not known, ms. */
const STRETCH = 3_600_000;

/** The label that was put on the time of a warning. */
export function labelOf(entry: Entry, labels: Label[]): Label | undefined {
  const at = Date.parse(entry.time);
  return labels.find(
    (l) =>
      l.model === entry.model &&
      Date.parse(l.from) <= at &&
      at <= Date.parse(l.to) &&
      Object.entries(l.series).every(([name, value]) => entry.labels[name] === value)
  );
}

/** What is known of an entry: its values; of a warning also what was usual then, who was told, and whether it was right. */
export function EntryCard({ client, entry, labels }: { client: Client; entry: Entry; labels: Label[] }) {
  const styles = useStyles2(getStyles);
  const values = shownValues(entry);
  const at = Date.parse(entry.time);
  return (
    <div className={styles.card}>
      {values.length > 0 && (
        <dl className={styles.values}>
          {values.map(([name, value]) => (
            <React.Fragment key={name}>
              <dt>{valueName(name)}</dt>
              <dd>{valueText(value)}</dd>
            </React.Fragment>
          ))}
        </dl>
      )}
      <Stack gap={1} wrap="wrap" alignItems="center">
        <TagList
          className={styles.tags}
          tags={Object.entries(entry.labels ?? {}).map(([name, value]) => `${name}=${value}`)}
        />
        {entry.model && (
          <TextLink href={`${PAGES.models}?ds=${client.uid}&model=${encodeURIComponent(entry.model)}`}>
            {t('history.model', 'Open the model')}
          </TextLink>
        )}
      </Stack>
      {isWarning(entry) && (
        <>
          {entry.model && <ValuesThen client={client} entry={entry} />}
          <Deliveries client={client} entry={entry} />
          {entry.model && (
            <Verdict
              client={client}
              about={{
                model: entry.model,
                series: entry.labels,
                from: new Date(at - STRETCH / 2).toISOString(),
                to: new Date(at + STRETCH / 2).toISOString(),
              }}
              label={labelOf(entry, labels)}
            />
          )}
        </>
      )}
      <div className={styles.hash} title={t('history.hash', 'Line {{seq}} of the chain', { seq: entry.seq })}>
        #{entry.seq} {entry.hash.slice(0, 16)}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  tags: css({ justifyContent: 'flex-start' }),
  card: css({
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(1),
    margin: theme.spacing(0, 0, 1, 4),
    padding: theme.spacing(1.5),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  values: css({
    display: 'grid',
    gridTemplateColumns: 'max-content minmax(0, 1fr)',
    gap: theme.spacing(0.25, 2),
    margin: 0,
    dt: { color: theme.colors.text.secondary, fontWeight: 'normal' },
    dd: { margin: 0, overflowWrap: 'anywhere' },
  }),
  hash: css({
    color: theme.colors.text.secondary,
    fontFamily: theme.typography.fontFamilyMonospace,
    fontSize: theme.typography.bodySmall.fontSize,
  }),
});
