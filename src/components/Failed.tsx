import { t } from '@grafana/i18n';
import { Alert, Button } from '@grafana/ui';
import React from 'react';

interface Props {
  title: string;
  error: string;
  onRetry?: () => void;
}

/** What could not be done, what the other side said, and a button to try again. */
export function Failed({ title, error, onRetry }: Props) {
  return (
    <Alert severity="error" title={title}>
      <p>{error}</p>
      {onRetry && (
        <Button size="sm" variant="secondary" icon="sync" onClick={onRetry}>
          {t('page.retry', 'Try again')}
        </Button>
      )}
    </Alert>
  );
}
