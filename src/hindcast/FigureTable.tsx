import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { useStyles2 } from '@grafana/ui';
import React from 'react';

interface Props {
  /** What the rows are. */
  head: string;
  /** A name, and its figures with theirs: the same for every row. */
  rows: Array<[string, Array<[string, string]>]>;
}

/** Figures of several things in columns. */
export function FigureTable({ head, rows }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <div className={styles.wide}>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{head}</th>
            {rows[0]?.[1].map(([name]) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([row, figures]) => (
            <tr key={row}>
              <th scope="row">{row}</th>
              {figures.map(([name, text]) => (
                <td key={name}>{text}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  wide: css({ overflowX: 'auto' }),
  table: css({
    'th, td': {
      textAlign: 'left',
      padding: theme.spacing(0.5, 2, 0.5, 0),
      whiteSpace: 'nowrap',
      fontVariantNumeric: 'tabular-nums',
    },
    'thead th': {
      color: theme.colors.text.secondary,
      fontWeight: theme.typography.fontWeightMedium,
      whiteSpace: 'normal',
      verticalAlign: 'bottom',
    },
    'tbody th': { fontWeight: theme.typography.fontWeightMedium },
  }),
});
