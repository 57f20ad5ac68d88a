import { css, cx } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Icon, useStyles2 } from '@grafana/ui';
import React from 'react';

interface Props {
  at: number;
  /** The last step that may be opened. */
  open: number;
  onChange: (step: number) => void;
}

/** The names of the steps in the reader's language. */
export const stepNames = () => [
  t('train.step-data', 'Data'),
  t('train.step-model', 'Model'),
  t('train.step-check', 'Check'),
  t('train.step-save', 'Save and warn'),
];

/** Where one is in the wizard; steps that were reached can be gone back to. */
export function Stepper({ at, open, onChange }: Props) {
  const styles = useStyles2(getStyles);
  return (
    <nav aria-label={t('train.steps', 'Steps')}>
      <ol className={styles.list}>
        {stepNames().map((name, i) => (
          <li key={name} className={styles.item}>
            <button
              type="button"
              className={cx(styles.step, i === at && styles.now)}
              disabled={i > open}
              aria-current={i === at ? 'step' : undefined}
              onClick={() => onChange(i)}
            >
              <span className={cx(styles.number, i === at && styles.numberNow)} aria-hidden>
                {i < at ? <Icon name="check" /> : i + 1}
              </span>
              {name}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  list: css({ display: 'flex', flexWrap: 'wrap', listStyle: 'none', gap: theme.spacing(1), marginBottom: 0 }),
  item: css({
    display: 'flex',
    alignItems: 'center',
    '&:not(:last-child)::after': {
      content: '""',
      width: theme.spacing(4),
      marginLeft: theme.spacing(1),
      borderTop: `1px solid ${theme.colors.border.medium}`,
    },
  }),
  step: css({
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    padding: theme.spacing(0.5, 1),
    color: theme.colors.text.secondary,
    background: 'none',
    border: 'none',
    borderRadius: theme.shape.radius.default,
    '&:hover:not(:disabled)': { background: theme.colors.action.hover },
    '&:disabled': { color: theme.colors.text.disabled, cursor: 'not-allowed' },
  }),
  now: css({ color: theme.colors.text.primary, fontWeight: theme.typography.fontWeightMedium }),
  number: css({
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: theme.spacing(3),
    height: theme.spacing(3),
    borderRadius: theme.shape.radius.circle,
    border: `1px solid ${theme.colors.border.medium}`,
  }),
  numberNow: css({
    background: theme.colors.primary.main,
    borderColor: theme.colors.primary.main,
    color: theme.colors.primary.contrastText,
  }),
});
