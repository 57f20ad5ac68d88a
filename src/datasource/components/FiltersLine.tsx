import { t } from '@grafana/i18n';
import { IconButton, Stack, Text } from '@grafana/ui';
import React from 'react';

import { Filter } from '../../api/contract';
import { filtersLine } from '../filters';

interface Props {
  filters: Filter[];
  onRemove: () => void;
}

/** The filters that a query brought along from its dashboard: they have no field of their own, and are not to be overlooked. */
export function FiltersLine({ filters, onRemove }: Props) {
  return (
    <Stack alignItems="center" gap={1}>
      <Text variant="bodySmall" color="secondary">
        {t('query.filters', 'Only {{filters}}, as the dashboard’s filters said', {
          filters: filtersLine(filters),
          interpolation: { escapeValue: false },
        })}
      </Text>
      <IconButton name="times" size="sm" tooltip={t('query.filters-remove', 'Remove the filters')} onClick={onRemove} />
    </Stack>
  );
}
