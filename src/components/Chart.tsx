import { css, cx } from '@emotion/css';
import { AbsoluteTimeRange, GrafanaTheme2, PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelRenderer } from '@grafana/runtime';
import { Alert, LoadingBar, Stack, Text, useStyles2 } from '@grafana/ui';
import React, { useMemo, useState } from 'react';

import { entitiesOf, Entity, entityAlone } from '../api/charts';
import { Region, regionFrame } from '../api/ranges';
import { NamedCombobox } from './NamedCombobox';
import { surface } from './surface';
import { useWidth } from './useWidth';

interface Props {
  title: string;
  data?: PanelData;
  error?: string;
  loading: boolean;
  height: number;
  /** Shaded stretches, such as what is left out. */
  regions?: Region[];
  /** Where a stretch that is dragged on the chart goes; without it dragging does nothing. */
  onDrag?: (range: AbsoluteTimeRange) => void;
  /** Labels of the entity to show first. */
  focus?: Record<string, string>;
  /** The entity to begin with where there are too many to draw at once. */
  first?: Entity;
  /** Said where there is nothing to draw. */
  empty: string;
}

/** Series drawn at once where nobody chose; more would hide each other. */
const AT_ONCE = 4;

const OPTIONS = {
  legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] },
  tooltip: { mode: 'multi', sort: 'none' },
};

const sameLabels = (a: Record<string, string>, b: Record<string, string>) =>
  Object.entries(a).every(([name, value]) => b[name] === value);

/** Grafana's own chart of an answer; it keeps its place while it is asked anew, and shows the old answer until then. */
export function Chart({ title, data, error, loading, height, regions, onDrag, focus, first, empty }: Props) {
  const styles = useStyles2(getStyles);
  const [box, width] = useWidth<HTMLDivElement>();
  const entities = useMemo(() => entitiesOf(data), [data]);
  const [chosen, setChosen] = useState<string>();
  const [seen, setSeen] = useState(focus);
  if (focus !== seen) {
    setSeen(focus);
    setChosen(undefined);
  }
  const wanted = focus && entities.find((e) => sameLabels(focus, e.labels));
  const begun = wanted ?? (entities.length > AT_ONCE ? (first ?? entities[0]) : undefined);
  const shown = chosen === undefined ? begun : entities.find((e) => e.name === chosen);
  const drawn = useMemo(() => {
    if (!data) {
      return undefined;
    }
    const own = shown ? entityAlone(data, shown) : data;
    const marks = (regions ?? []).filter((r) => !shown || !r.labels || sameLabels(r.labels, shown.labels));
    return { ...own, annotations: marks.length > 0 ? [regionFrame(marks)] : [] };
  }, [data, shown, regions]);
  const nothing = drawn && !drawn.series.some((frame) => frame.length > 0 && frame.fields.length > 1);
  return (
    <div className={styles.frame}>
      <div className={styles.head}>
        <Text element="h2" variant="h5">
          {title}
        </Text>
        {entities.length > 1 && (
          <Stack gap={1} alignItems="center">
            <NamedCombobox
              label={t('chart.series', 'Series')}
              width={26}
              value={shown?.name ?? ''}
              options={[
                { value: '', label: t('chart.all', 'All {{n}} series', { n: entities.length }) },
                ...entities.map((e) => ({ value: e.name, label: e.name })),
              ]}
              onChange={(o) => setChosen(o.value)}
            />
          </Stack>
        )}
      </div>
      <div ref={box} className={styles.box} style={{ height }} aria-busy={loading}>
        {loading && (
          <div className={styles.bar}>
            <LoadingBar width={width || 300} />
          </div>
        )}
        {error && (
          <Alert severity="error" title={t('chart.failed', 'The data source could not answer')}>
            {error}
          </Alert>
        )}
        {!error && (!drawn || nothing) && (
          <div className={styles.empty}>
            <Text color="secondary">{loading ? t('chart.loading', 'Reading history and fitting…') : empty}</Text>
          </div>
        )}
        {!error && drawn && !nothing && width > 0 && (
          <div className={cx(loading && styles.old)}>
            <PanelRenderer
              pluginId="timeseries"
              title={title}
              width={width}
              height={height}
              data={drawn}
              options={OPTIONS}
              onChangeTimeRange={onDrag}
            />
          </div>
        )}
      </div>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  frame: css(surface(theme)),
  head: css({
    display: 'flex',
    justifyContent: 'space-between',
    alignItems: 'center',
    minHeight: theme.spacing(4),
    marginBottom: theme.spacing(1),
    gap: theme.spacing(1),
  }),
  box: css({ position: 'relative', overflow: 'hidden' }),
  bar: css({ position: 'absolute', top: 0, left: 0, right: 0, zIndex: 1 }),
  empty: css({ height: '100%', display: 'flex', alignItems: 'center', justifyContent: 'center' }),
  old: css({ opacity: 0.6 }),
});
