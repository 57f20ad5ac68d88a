import { t } from '@grafana/i18n';
import { InlineFieldRow, Stack } from '@grafana/ui';
import React from 'react';

import { isCalendar, tidy } from '../api/calendar';
import { Definition } from '../api/contract';
import { CalendarLists } from '../components/CalendarLists';
import { CalendarPickers } from '../components/CalendarPickers';
import { ListField } from '../datasource/components/fields';

interface Props {
  definition: Definition;
  onChange: (change: Partial<Definition>, run?: boolean) => void;
}

/** When a day begins, what is special about some, and what names an entity. */
export function CalendarFields({ definition, onChange }: Props) {
  const { calendar } = definition.query;
  return (
    <Stack direction="column" gap={2}>
      <div>
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
      </div>
      <CalendarLists
        calendar={calendar}
        onChange={(change) => {
          const next = tidy({ ...calendar, ...change });
          onChange({ query: { ...definition.query, calendar: next } }, isCalendar(next));
        }}
      />
    </Stack>
  );
}
