import { t } from '@grafana/i18n';
import { ConfirmModal, LoadingPlaceholder, Text } from '@grafana/ui';
import React from 'react';

import { findUses } from '../api/dashboards';
import { Rule } from '../api/rules';
import { useAction, useAsync } from '../api/useAsync';
import { ErrorLine } from '../components/ErrorLine';

interface Props {
  name: string;
  /** Rules that ask the model. */
  rules: Rule[];
  onDelete: () => Promise<unknown>;
  onClose: () => void;
}

/** Asks once more, with what would stop working. */
export function DeleteModel({ name, rules, onDelete, onClose }: Props) {
  const uses = useAsync(() => findUses(name), [name]);
  const { error, run } = useAction();
  const panels = uses.value ?? [];
  const unused = uses.value && rules.length === 0 && panels.length === 0;
  return (
    <ConfirmModal
      isOpen
      title={t('delete.title', 'Delete “{{name}}”?', { name, interpolation: { escapeValue: false } })}
      body={t('delete.body', 'The definition and all versions are removed. This cannot be undone.')}
      description={
        <>
          {uses.loading && <LoadingPlaceholder text={t('delete.looking', 'Looking for what uses it…')} />}
          {unused && <Text>{t('delete.unused', 'No rule and no panel that you see uses it.')}</Text>}
          {rules.length + panels.length > 0 && (
            <>
              <Text color="warning">{t('delete.uses', 'These would stop working:')}</Text>
              <ul>
                {rules.map((r) => (
                  <li key={r.uid}>
                    {t('delete.rule', 'Rule {{name}}', { name: r.name, interpolation: { escapeValue: false } })}
                  </li>
                ))}
                {panels.map((u) => (
                  <li key={`${u.dashboard.uid} ${u.panel}`}>
                    {t('delete.panel', 'Panel {{panel}} on {{dashboard}}', {
                      panel: u.panel,
                      dashboard: u.dashboard.title,
                      interpolation: { escapeValue: false },
                    })}
                  </li>
                ))}
              </ul>
            </>
          )}
          {uses.error && <Text color="warning">{uses.error}</Text>}
          <ErrorLine error={error} />
        </>
      }
      confirmText={t('delete.confirm', 'Delete')}
      dismissText={t('page.cancel', 'Cancel')}
      onConfirm={async () => {
        if (await run(onDelete)) {
          onClose();
        }
      }}
      onDismiss={onClose}
    />
  );
}
