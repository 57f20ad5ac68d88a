import { t } from '@grafana/i18n';
import { Stack, Text } from '@grafana/ui';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { Model } from '../api/contract';
import { hoursOf } from '../api/ranges';
import { panelQuery } from '../api/trained';
import { NamedCombobox } from '../components/NamedCombobox';
import { usualHorizon } from '../datasource/samples';
import { Hindcast } from '../hindcast/Hindcast';

/** Hours before a point that a forecast of it can be asked for, as far as the model looks ahead. */
const LEADS = [1, 6, 24, 72, 168];

/** What the live version would have said in the last week, beside what came. */
export function Past({ client, model }: { client: Client; model: Model }) {
  const { query } = model.definition;
  const type = query.queryType ?? 'forecast';
  const horizon = query.horizon ?? usualHorizon(type);
  const leads = LEADS.filter((hours) => hours <= hoursOf(horizon, 24)).map((hours) => `${hours}h`);
  const [lead, setLead] = useState(leads.includes('24h') ? '24h' : (leads[leads.length - 1] ?? horizon));
  const forecast = type === 'forecast';
  return (
    <Stack direction="column" gap={2}>
      {forecast && (
        <Stack gap={1} alignItems="center">
          <Text>{t('past.lead', 'Forecast made before')}</Text>
          <NamedCombobox
            label={t('past.lead', 'Forecast made before')}
            width={12}
            value={lead}
            options={(leads.includes(lead) ? leads : [...leads, lead]).map((value) => ({ value }))}
            onChange={(o) => setLead(o.value)}
          />
        </Stack>
      )}
      <Hindcast uid={client.uid} query={panelQuery(client.uid, model.definition)} lead={forecast ? lead : undefined} />
    </Stack>
  );
}
