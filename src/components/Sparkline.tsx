import { css } from '@emotion/css';
import { DataFrame, Field, FieldType, PanelData } from '@grafana/data';
import { t } from '@grafana/i18n';
import { PanelRenderer } from '@grafana/runtime';
import React, { useMemo } from 'react';

import { alone, onlyOf } from '../api/charts';

const WIDTH = 260;
const HEIGHT = 56;

interface Props {
  /** Undefined while it is being read. */
  data?: PanelData;
  labels: Record<string, string>;
  entity: string;
}

const OPTIONS = {
  legend: { showLegend: false, displayMode: 'list', placement: 'bottom', calcs: [] },
  tooltip: { mode: 'none', sort: 'none' },
};
const FIELDS = { defaults: { custom: { axisPlacement: 'hidden', showPoints: 'never' } }, overrides: [] };

/** The entity's own series with band and future, small; it keeps its place while it is being read. */
export function Sparkline({ data, labels, entity }: Props) {
  const own = useMemo(() => data && bare(onlyOf(data, labels)), [data, labels]);
  const label = t('overview.sparkline', 'Course of {{entity}}, its band and what is to come', {
    entity,
    interpolation: { escapeValue: false },
  });
  return (
    <div className={box} role="img" aria-label={label}>
      {own && own.series.length > 0 && (
        <PanelRenderer
          pluginId="timeseries"
          title=""
          width={WIDTH}
          height={HEIGHT}
          data={own}
          options={OPTIONS}
          fieldConfig={FIELDS}
        />
      )}
    </div>
  );
}

/** Thin lines and small points, and no axis that a field brings along. */
function bare(data: PanelData): PanelData {
  const small = (field: Field): Field => {
    const custom = field.config.custom ?? {};
    const lineWidth = Math.min(1, custom.lineWidth ?? 1);
    return {
      ...field,
      config: { ...field.config, custom: { ...custom, lineWidth, pointSize: 3, axisPlacement: 'hidden' } },
    };
  };
  const thin = (frame: DataFrame): DataFrame => ({
    ...frame,
    fields: frame.fields.map((f) => (f.type === FieldType.time ? f : small(alone(f)))),
  });
  return { ...data, series: data.series.map(thin) };
}

const box = css({ width: WIDTH, height: HEIGHT, flex: 'none', overflow: 'hidden' });
