import { t } from '@grafana/i18n';
import { Button } from '@grafana/ui';
import React from 'react';

interface Props {
  /** How many there are, and how many are shown before somebody asks for all. */
  count: number;
  most: number;
  all: boolean;
  onChange: (all: boolean) => void;
}

/** Opens the rest of a list and folds it again; nothing where there is no rest. */
export function ShowAll({ count, most, all, onChange }: Props) {
  return count > most ? (
    <Button fill="text" size="sm" aria-expanded={all} onClick={() => onChange(!all)}>
      {all ? t('overview.show-fewer', 'Show fewer') : t('overview.show-all', 'Show all {{n}}', { n: count })}
    </Button>
  ) : null;
}
