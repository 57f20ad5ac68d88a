import { css } from '@emotion/css';
import { GrafanaTheme2, PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelRenderer } from '@grafana/runtime';
import { Icon, Stack, Text, useStyles2, useTheme2 } from '@grafana/ui';
import React from 'react';

import { WORDS } from '../api/charts';
import { matches } from '../api/entity';
import { useWidth } from './useWidth';

const ROW = 26;
const AXIS = 34;

const OPTIONS = {
  showValue: 'never',
  mergeValues: true,
  rowHeight: 0.8,
  // the page has its own, which knows the words
  legend: { showLegend: false, displayMode: 'list', placement: 'bottom' },
  tooltip: { mode: 'single', sort: 'none' },
};
const FIELDS = { defaults: { custom: { fillOpacity: 80, lineWidth: 0 } }, overrides: [] };

/** Scores of every entity over time, those with most to show first. */
export function ScoreStrip({ data, filter }: { data: PanelData; filter: string }) {
  const styles = useStyles2(getStyles);
  const theme = useTheme2();
  const [box, width] = useWidth<HTMLDivElement>();
  const series = data.series.filter((frame) => matches(filter, frame.fields[1]?.name));
  const height = series.length * ROW + AXIS;
  return (
    <div ref={box}>
      {series.length === 0 && (
        <Stack alignItems="center" gap={1}>
          <Icon name="check-circle" aria-hidden />
          <Text color="secondary">{t('strip.all-usual', 'Everything was as usual.')}</Text>
        </Stack>
      )}
      {series.length > 0 && (
        <div
          style={{ height }}
          role="img"
          aria-label={t('strip.label', 'Scores of {{n}} series over time', { n: series.length })}
        >
          {width > 0 && (
            <PanelRenderer
              pluginId="state-timeline"
              title=""
              width={width}
              height={height}
              data={{ ...data, series }}
              options={OPTIONS}
              fieldConfig={FIELDS}
            />
          )}
        </div>
      )}
      {series.length > 0 && (
        <ul className={styles.legend} aria-hidden>
          {WORDS().map(({ text, color }) => (
            <li key={text}>
              <span style={{ background: theme.visualization.getColorByName(color) }} /> {text}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  legend: css({
    display: 'flex',
    justifyContent: 'center',
    gap: theme.spacing(2),
    listStyle: 'none',
    fontSize: theme.typography.bodySmall.fontSize,
    color: theme.colors.text.secondary,
    span: { display: 'inline-block', width: 14, height: 8, borderRadius: 2 },
  }),
});
