import { css } from '@emotion/css';
import { dateTimeFormat, GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Button, Icon, LinkButton, Stack, Text, useStyles2 } from '@grafana/ui';
import React, { useState } from 'react';

import { matches } from '../api/entity';
import { hoursLeft, inUnit, isInSight, NOTHING, perDay } from '../api/format';
import { NEVER, Warning } from '../api/warnings';
import { WarningDrawer } from '../warnings/WarningDrawer';
import { TimeBar } from './TimeBar';

/** Rows that are shown at first, and by each press for more. */
const MOST = 50;

const HOUR = 3_600_000;
const MINUTES = { format: 'YYYY-MM-DD HH:mm' };

/** Hours of the bar. */
const SPAN = 72;

interface Props {
  warnings: Warning[];
  units: Record<string, string>;
  filter: string;
  /** ms; the times are counted from here. */
  now: number;
}

/** Series by the time left until their threshold, the soonest first; those with nothing in sight are folded away. */
export function RunsOutTable({ warnings, units, filter, now }: Props) {
  const styles = useStyles2(getStyles);
  const [all, setAll] = useState(false);
  const [most, setMost] = useState(MOST);
  const [open, setOpen] = useState<string>();
  if (warnings.length === 0) {
    return (
      <Stack direction="column" alignItems="flex-start" gap={1}>
        <Text color="secondary">{t('overview.no-warnings', 'No early-warning rule has given an answer yet.')}</Text>
        <LinkButton size="sm" variant="secondary" icon="bell" href="/alerting/list?search=Forewarn">
          {t('overview.see-rules', 'See the rules')}
        </LinkButton>
      </Stack>
    );
  }
  const found = warnings.filter((w) => matches(filter, w.series, ...rulesOf(w).map((r) => r.name)));
  const soon = found.filter(isInSight);
  const rest = found.length - soon.length;
  const listed = all ? found : soon;
  const rows = listed.slice(0, most);
  const opened = warnings.find((w) => keyOf(w) === open);
  const head = [
    t('overview.col-series', 'Series'),
    t('overview.col-current', 'Now'),
    t('overview.col-threshold', 'Threshold'),
    t('overview.col-left', 'Time left'),
    t('overview.col-earliest', 'Earliest'),
    t('overview.col-date', 'Date'),
    t('overview.col-bar', 'Next 72 h'),
    t('overview.col-growth', 'Growth per day'),
    t('overview.col-chance', 'Chance'),
  ];
  return (
    <>
      {rows.length === 0 ? (
        <Stack alignItems="center" gap={1}>
          <Icon name="check-circle" aria-hidden />
          <Text color="secondary">{t('overview.nothing-runs-out', 'Nothing is on its way to its threshold.')}</Text>
        </Stack>
      ) : (
        <div className={styles.wide}>
          <table className={styles.table}>
            <thead>
              <tr>
                {head.map((text) => (
                  <th key={text} scope="col">
                    {text}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((w) => (
                <Row key={keyOf(w)} w={w} unit={unitOf(w, units)} now={now} onOpen={() => setOpen(keyOf(w))} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {listed.length > rows.length && (
        <Button fill="text" size="sm" icon="angle-down" onClick={() => setMost(most + MOST)}>
          {t('overview.show-more', 'The {{shown}} soonest of {{all}} are shown: show more', {
            shown: rows.length,
            all: listed.length,
          })}
        </Button>
      )}
      {rest > 0 && (
        <Button fill="text" size="sm" aria-expanded={all} onClick={() => setAll(!all)}>
          {all
            ? t('overview.hide-rest', 'Hide what is not in sight')
            : t('overview.show-rest', 'Show {{n}} more with nothing in sight', { n: rest })}
        </Button>
      )}
      {opened && (
        <WarningDrawer
          key={open}
          warning={opened}
          unit={unitOf(opened, units)}
          now={now}
          onClose={() => setOpen(undefined)}
        />
      )}
    </>
  );
}

const rulesOf = (w: Warning) => [w.rule, ...(w.also ?? [])];
const keyOf = (w: Warning) => `${w.rule.uid}/${w.series}`;

/** The unit that the panel of one of its rules draws it in. */
const unitOf = (w: Warning, units: Props['units']) =>
  rulesOf(w)
    .map((r) => units[r.uid])
    .find(Boolean);

interface RowProps {
  w: Warning;
  unit?: string;
  now: number;
  onOpen: () => void;
}

function Row({ w, unit, now, onOpen }: RowProps) {
  const styles = useStyles2(getStyles);
  const soon = w.etaEarly <= SPAN;
  return (
    <tr>
      <th scope="row">
        <Button fill="text" size="sm" className={styles.name} onClick={onOpen}>
          {w.series}
        </Button>
        <div className={styles.rule}>
          {rulesOf(w)
            .map((r) => r.name)
            .join(', ')}
        </div>
      </th>
      <td>{inUnit(w.current, unit)}</td>
      <td>{inUnit(w.threshold, unit)}</td>
      <td>{hoursLeft(w.eta)}</td>
      <td className={soon ? styles.soon : undefined}>
        {soon && <Icon name="clock-nine" aria-hidden />} {hoursLeft(w.etaEarly)}
      </td>
      <td>{w.eta < NEVER ? dateTimeFormat(now + w.eta * HOUR, MINUTES) : NOTHING}</td>
      <td>
        <TimeBar early={w.etaEarly} eta={w.eta} span={SPAN} />
      </td>
      <td>{perDay(w.growth, unit)}</td>
      <td>{t('format.percent', '{{n}} %', { n: Math.round(100 * w.probability) })}</td>
    </tr>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  wide: css({ overflowX: 'auto' }),
  table: css({
    width: '100%',
    'th, td': {
      textAlign: 'left',
      padding: theme.spacing(0.75, 1),
      borderBottom: `1px solid ${theme.colors.border.weak}`,
      whiteSpace: 'nowrap',
    },
    'thead th': { color: theme.colors.text.secondary, fontWeight: theme.typography.fontWeightMedium },
    'tbody th': { fontWeight: theme.typography.fontWeightMedium },
  }),
  name: css({ padding: 0, height: 'auto' }),
  rule: css({
    maxWidth: 280,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    fontWeight: 'normal',
  }),
  soon: css({ color: theme.colors.warning.text, fontWeight: theme.typography.fontWeightBold }),
});
