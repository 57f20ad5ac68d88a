import { t } from '@grafana/i18n';
import { Alert } from '@grafana/ui';
import React from 'react';

import { Store } from '../api/contract';
import { phrase } from '../api/phrases';

interface Props {
  store?: Store;
  /** Whose store it is, where several are spoken of. */
  source?: string;
}

/** Said on every page about models and their history where these would not outlive a restart, or cannot be kept at all. */
export function StoreNotice({ store, source }: Props) {
  if (!store || (store.ok && store.kind !== 'memory')) {
    return null;
  }
  const of = source ? `${source}: ` : '';
  if (!store.ok) {
    return (
      <Alert severity="error" title={of + t('store.failed', 'The model store does not answer')}>
        <p>{phrase(store.message)}</p>
        {t(
          'store.failed-rest',
          'Queries that carry their own algorithm go on working; nothing that was saved is lost.'
        )}
      </Alert>
    );
  }
  return (
    <Alert
      severity="warning"
      title={of + t('store.memory', 'Models and history are kept in memory and are lost with a restart')}
    >
      {t(
        'store.memory-how',
        'Set a store path in the data source’s settings, or store_path in the section [plugin.forewarn-earlywarning-datasource] of grafana.ini.'
      )}
    </Alert>
  );
}
