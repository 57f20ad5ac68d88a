import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Text, useStyles2 } from '@grafana/ui';
import React, { ReactNode, useId } from 'react';

import { surface } from './surface';

interface Props {
  title: string;
  /** What the section says while its answer is awaited keeps about this height, so that nothing jumps. */
  loading?: boolean;
  height?: number;
  children?: ReactNode;
}

/** A titled part of the page. */
export function Section({ title, loading = false, height = 120, children }: Props) {
  const styles = useStyles2(getStyles);
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id} aria-busy={loading}>
      <h3 id={id} className={styles.title}>
        {title}
      </h3>
      {loading ? (
        <div style={{ minHeight: height }}>
          <Text color="secondary">{t('overview.loading', 'Asking the rules…')}</Text>
        </div>
      ) : (
        children
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  section: css(surface(theme), { overflowX: 'auto' }),
  title: css({ fontSize: theme.typography.h4.fontSize, marginBottom: theme.spacing(1) }),
});
