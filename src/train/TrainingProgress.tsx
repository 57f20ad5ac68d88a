import { css } from '@emotion/css';
import { GrafanaTheme2 } from '@grafana/data';
import { t } from '@grafana/i18n';
import { Alert, Button, Stack, Text, useStyles2 } from '@grafana/ui';
import React from 'react';

import { Job } from '../api/contract';
import { count, seconds } from '../api/format';
import { phrase } from '../api/phrases';

interface Props {
  job: Job;
  /** Why the progress could not be read just now. */
  error?: string;
  onCancel?: () => void;
  /** When the job was read, ms. */
  at: number;
}

/** Seconds since the job was started, and about how many are left; the latter only when a share is known. */
export function timing(job: Job, now: number): { elapsed: number; left?: number } {
  const elapsed = job.started ? Math.max(0, (now - Date.parse(job.started)) / 1000) : 0;
  const { done, total } = job.progress;
  return done > 0 && total > 0 ? { elapsed, left: (elapsed / done) * (total - done) } : { elapsed };
}

/** How far a training is: series done, time gone and left. */
export function TrainingProgress({ job, error, onCancel, at }: Props) {
  const styles = useStyles2(getStyles);
  const { done, total, current } = job.progress;
  const { elapsed, left } = timing(job, at);
  const share = total > 0 ? (100 * done) / total : 0;
  if (job.state === 'failed') {
    return (
      <Alert severity="error" title={t('job.failed', 'Training failed')}>
        {phrase(job.error)}
      </Alert>
    );
  }
  if (job.state === 'cancelled') {
    return <Alert severity="info" title={t('job.cancelled', 'Training was cancelled')} />;
  }
  const text =
    job.state === 'queued'
      ? t('job.queued', 'Waiting for a free worker…')
      : total === 0
        ? t('job.reading', 'Reading history…')
        : t('job.series', '{{done}} of {{total}} series', { done: count(done), total: count(total) });
  return (
    <section className={styles.box} aria-label={t('job.title', 'Training')}>
      <Stack justifyContent="space-between" alignItems="center">
        <div role="status">
          <Text weight="medium">{text}</Text>
        </div>
        {onCancel && (
          <Button size="sm" variant="secondary" icon="times" onClick={onCancel}>
            {t('job.cancel', 'Cancel training')}
          </Button>
        )}
      </Stack>
      <div
        className={styles.track}
        role="progressbar"
        aria-label={t('job.title', 'Training')}
        aria-valuemin={0}
        aria-valuemax={total || 1}
        aria-valuenow={done}
        aria-valuetext={text}
      >
        <div className={styles.fill} style={{ width: `${share}%` }} />
      </div>
      <div className={styles.note}>
        <Text color="secondary" variant="bodySmall">
          {t('job.elapsed', '{{time}} so far', { time: seconds(elapsed), interpolation: { escapeValue: false } })}
          {left !== undefined &&
            ` · ${t('job.left', 'about {{time}} left', { time: seconds(left), interpolation: { escapeValue: false } })}`}
          {current && ` · ${phrase(current)}`}
        </Text>
      </div>
      {error && (
        <Text color="warning" variant="bodySmall">
          {t('job.unread', 'The progress cannot be read just now; training goes on.')} {error}
        </Text>
      )}
    </section>
  );
}

const getStyles = (theme: GrafanaTheme2) => ({
  box: css({
    padding: theme.spacing(2),
    background: theme.colors.background.secondary,
    borderRadius: theme.shape.radius.default,
  }),
  track: css({
    height: theme.spacing(1),
    margin: theme.spacing(1, 0),
    background: theme.colors.background.canvas,
    borderRadius: theme.shape.radius.default,
    overflow: 'hidden',
  }),
  fill: css({
    height: '100%',
    background: theme.colors.primary.main,
    [theme.transitions.handleMotion('no-preference')]: { transition: 'width 0.5s' },
  }),
  note: css({ minHeight: theme.spacing(2.5), overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }),
});
