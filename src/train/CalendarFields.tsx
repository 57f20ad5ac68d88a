import { t } from '@grafana/i18n';
import { InlineFieldRow } from '@grafana/ui';
import React from 'react';

import { Definition } from '../api/contract';
import { CalendarPickers } from '../components/CalendarPickers';
import { ListField } from '../datasource/components/fields';

interface Props {
  definition: Definition;
  onChange: (change: Partial<Definition>) => void;
}

/** When a day begins, which days are holidays, and what names an entity. */
export function CalendarFields({ definition, onChange }: Props) {
  return (
    <>
      <CalendarPickers timezone={definition.timezone} holidays={definition.holidays} onChange={onChange} />
      <InlineFieldRow>
        <ListField
          label={t('train.entity', 'Entity labels')}
          tooltip={t(
            'train.entity-help',
            'Labels that name the thing, such as instance; warnings are grouped by them.'
          )}
          width={24}
          value={definition.entityLabels}
          onChange={(entityLabels) => onChange({ entityLabels })}
        />
      </InlineFieldRow>
    </>
  );
}
