import { CSSObject } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';

/** What a part of a page stands on. */
export const surface = (theme: GrafanaTheme2): CSSObject => ({
  padding: theme.spacing(2),
  background: theme.colors.background.primary,
  border: `1px solid ${theme.colors.border.weak}`,
  borderRadius: theme.shape.radius.default,
});
