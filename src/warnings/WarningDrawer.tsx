import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Collapse, Drawer, InlineFieldRow, LinkButton, Stack, Text, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { panelUrl } from '../api/dashboards';
import { hoursLeft, inUnit, NOTHING, percent } from '../api/format';
import { chinese } from '../api/language';
import { Region } from '../api/ranges';
import { NEVER, Warning } from '../api/warnings';
import { Chart } from '../components/Chart';
import { NumberField } from '../datasource/components/fields';
import { WhatIfEditor } from '../datasource/components/WhatIfEditor';
import { WhatIf } from '../datasource/types';
import { Hindcast } from '../hindcast/Hindcast';
import { Told, useWhatIf } from './useWhatIf';
import { capacityOf, isAsked } from './whatif';
import { guardTexts } from './words';

interface Props {
  warning: Warning;
  unit?: string;
  /** ms; the times are counted from here. */
  now: number;
  onClose: () => void;
}

const HOUR = 3_600_000;
const CHART = 300;

/** One warning: its chart, and how long would be left with another capacity or another growth. */
export function WarningDrawer({ warning, unit, now, onClose }: Props) {
  const styles = useStyles2(getStyles);
  const [asked, setAsked] = useState<WhatIf>({});
  const [past, setPast] = useState(false);
  const { rule } = warning;
  const own = useWhatIf(warning, {}, 0);
  const other = useWhatIf(warning, asked);
  const question = isAsked(asked);
  const shown = question ? other : own;
  const limit = own.value?.limit ?? null;
  const today = limit === null ? null : capacityOf(rule.query, limit);
  const guards = guardTexts(warning.heldBack);
  return (
    <Drawer title={warning.series} subtitle={rule.name} size="md" onClose={onClose}>
      <Stack direction="column" gap={2}>
        <Chart
          title={question ? t('whatif.would', 'As it would be') : t('whatif.is', 'As it is')}
          data={shown.value?.chart}
          error={shown.error}
          loading={shown.loading}
          height={CHART}
          regions={[
            ...regionOf(warning, now, t('whatif.is', 'As it is'), 'orange'),
            ...(question ? regionOf(other.value?.warning, now, t('whatif.would', 'As it would be'), 'purple') : []),
          ]}
          focus={warning.labels}
          empty={t('whatif.empty', 'The series has no values now.')}
        />
        {guards.length > 0 && (
          <Text color="secondary">
            {t('whatif.held', 'No warning is raised: {{why}}.', {
              why: guards.join(chinese() ? '；' : '; '),
              interpolation: { escapeValue: false },
            })}
          </Text>
        )}
        <section aria-label={t('whatif.title', 'What if?')}>
          <Stack justifyContent="space-between" alignItems="center">
            <h3 className={styles.title}>{t('whatif.title', 'What if?')}</h3>
            {question && (
              <Button size="sm" fill="text" icon="history" onClick={() => setAsked({})}>
                {t('whatif.reset', 'As it is')}
              </Button>
            )}
          </Stack>
          <WhatIfEditor
            query={{ ...rule.query, whatIf: asked }}
            onChange={(query) => setAsked(query.whatIf ?? {})}
            onRun={() => undefined}
          />
          {today !== null && today > 0 && (
            <InlineFieldRow>
              <NumberField
                label={t('whatif.share', 'In per cent of today’s')}
                unit="%"
                min={0}
                value={asked.capacity === undefined ? undefined : rounded((100 * asked.capacity) / today)}
                onChange={(share) =>
                  setAsked({ ...asked, capacity: share === undefined ? undefined : rounded((share * today) / 100) })
                }
              />
            </InlineFieldRow>
          )}
          <Comparison
            now={now}
            unit={unit}
            before={{ warning, limit }}
            after={question ? other.value : undefined}
            busy={question && other.loading}
          />
        </section>
        <Collapse label={t('whatif.past', 'What was said before')} isOpen={past} onToggle={setPast}>
          <Hindcast uid={rule.datasourceUid} query={rule.query} labels={warning.labels} unit={unit} />
        </Collapse>
        <Stack gap={1} wrap="wrap">
          {rule.panel && (
            <LinkButton size="sm" variant="secondary" icon="graph-bar" href={panelUrl(rule.panel)}>
              {t('overview.open-panel', 'Open panel')}
            </LinkButton>
          )}
          <LinkButton size="sm" variant="secondary" icon="bell" href={`/alerting/grafana/${rule.uid}/view`}>
            {t('overview.open-rule', 'Open rule')}
          </LinkButton>
        </Stack>
      </Stack>
    </Drawer>
  );
}

/** From the earliest to the expected time, as a stretch of the chart; nothing where no time is stated. */
function regionOf(w: Warning | undefined, now: number, title: string, color: string): Region[] {
  return w && w.eta < NEVER && w.eta > 0
    ? [{ from: now + Math.min(w.etaEarly, w.eta) * HOUR, to: now + w.eta * HOUR, title, color }]
    : [];
}

/** A number that was worked out, without the digits that only the working gave it. */
const rounded = (v: number) => Number(v.toPrecision(6));

interface ComparisonProps {
  now: number;
  unit?: string;
  before: Pick<Told, 'warning' | 'limit'>;
  after?: Pick<Told, 'warning' | 'limit'>;
  busy: boolean;
}

/** What is said as it is, beside what would be said. */
function Comparison({ now, unit, before, after, busy }: ComparisonProps) {
  const styles = useStyles2(getStyles);
  const date = (hours: number) =>
    hours < NEVER ? dateTimeFormat(now + hours * HOUR, { format: 'YYYY-MM-DD HH:mm' }) : NOTHING;
  const rows: Array<[string, (told: Pick<Told, 'warning' | 'limit'>) => string]> = [
    [t('overview.col-threshold', 'Threshold'), ({ limit }) => inUnit(limit, unit)],
    [t('overview.col-left', 'Time left'), ({ warning: w }) => (w ? hoursLeft(w.eta) : NOTHING)],
    [t('overview.col-earliest', 'Earliest'), ({ warning: w }) => (w ? hoursLeft(w.etaEarly) : NOTHING)],
    [t('overview.col-date', 'Date'), ({ warning: w }) => (w ? date(w.eta) : NOTHING)],
    [t('overview.col-chance', 'Chance'), ({ warning: w }) => (w ? percent(w.probability) : NOTHING)],
  ];
  return (
    <table className={styles.table} aria-busy={busy}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t('whatif.is', 'As it is')}</th>
          {after && <th scope="col">{t('whatif.would', 'As it would be')}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, text]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{text(before)}</td>
            {after && <td className={busy ? styles.old : undefined}>{text(after)}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  title: css({ fontSize: theme.typography.h4.fontSize, marginBottom: theme.spacing(1) }),
  table: css({
    marginTop: theme.spacing(1),
    'th, td': {
      textAlign: 'left',
      padding: theme.spacing(0.5, 3, 0.5, 0),
      fontVariantNumeric: 'tabular-nums',
    },
    'thead th': { fontWeight: theme.typography.fontWeightMedium },
    'tbody th': { color: theme.colors.text.secondary, fontWeight: 'normal' },
  }),
  old: css({ opacity: 0.6 }),
});
