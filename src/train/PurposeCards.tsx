import { css, cx } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { useStyles2 } from '@grafana/ui';
import React, { useId } from 'react';

import { QueryType } from '../datasource/types';
import { PurposePicture } from './PurposePicture';

interface Props {
  value: QueryType;
  onChange: (type: QueryType) => void;
}

/** What a model can be for. */
const purposes = (): Array<{ value: QueryType; title: string; text: string }> => [
  {
    value: 'anomaly',
    title: t('purpose.anomaly', 'Anomaly'),
    text: t('purpose.anomaly-text', 'Marks what is unusual for this hour and day.'),
  },
  {
    value: 'warning',
    title: t('purpose.warning', 'Early warning'),
    text: t('purpose.warning-text', 'Says how long is left until a limit.'),
  },
  {
    value: 'forecast',
    title: t('purpose.forecast', 'Forecast'),
    text: t('purpose.forecast-text', 'Shows the next hours or days with a band.'),
  },
  {
    value: 'outlier',
    title: t('purpose.outlier', 'Outlier in a group'),
    text: t('purpose.outlier-text', 'Names the one that is unlike the others.'),
  },
  {
    value: 'composite',
    title: t('purpose.composite', 'Several signals'),
    text: t('purpose.composite-text', 'Weighs CPU, memory, logs … together.'),
  },
];

/** The purposes as cards to choose one from; arrow keys move the choice, as in any group of radio buttons. */
export function PurposeCards({ value, onChange }: Props) {
  const styles = useStyles2(getStyles);
  const name = useId();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t('train.purpose', 'What for')}</legend>
      {purposes().map((p) => (
        <label key={p.value} className={cx(styles.card, p.value === value && styles.chosen)}>
          <input
            type="radio"
            name={name}
            className={styles.radio}
            checked={p.value === value}
            onChange={() => onChange(p.value)}
          />
          <PurposePicture type={p.value} />
          <span>
            <span className={styles.title}>{p.title}</span>
            <span className={styles.text}>{p.text}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  group: css({
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))',
    gap: theme.spacing(1),
    border: 'none',
    padding: 0,
    margin: 0,
  }),
  legend: css({ fontSize: theme.typography.h5.fontSize, marginBottom: theme.spacing(1) }),
  card: css({
    position: 'relative',
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    padding: theme.spacing(1),
    background: theme.colors.background.secondary,
    border: `1px solid ${theme.colors.border.weak}`,
    borderRadius: theme.shape.radius.default,
    cursor: 'pointer',
    '&:hover': { background: theme.colors.emphasize(theme.colors.background.secondary, 0.03) },
    '&:focus-within': { outline: `2px solid ${theme.colors.primary.main}`, outlineOffset: 1 },
  }),
  chosen: css({ borderColor: theme.colors.primary.main, boxShadow: `0 0 0 1px ${theme.colors.primary.main}` }),
  radio: css({ position: 'absolute', opacity: 0 }),
  title: css({ display: 'block', fontWeight: theme.typography.fontWeightMedium }),
  text: css({
    display: 'block',
    color: theme.colors.text.secondary,
    fontSize: theme.typography.bodySmall.fontSize,
    lineHeight: 1.3,
  }),
});
