import { t } from '@grafana/i18n';
import { Alert, Button, Stack, TextLink } from '@grafana/ui';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { Model } from '../api/contract';
import { useAction } from '../api/useAsync';
import { Failed } from '../components/Failed';
import { RuleFields } from '../components/RuleFields';
import { firstForm, isValid } from '../rules/form';
import { makeRule } from '../rules/make';

/** Makes an alert rule of a trained model; one of the same name is replaced. */
export function NewRule({ client, model, onDone }: { client: Client; model: Model; onDone: () => void }) {
  const { definition } = model;
  const [form, setForm] = useState(() => firstForm(definition));
  const [uid, setUid] = useState<string>();
  const { busy, error, run } = useAction();
  const make = () =>
    run(async () => {
      const { results } = await client.version(definition.name, model.live);
      const series = results.map((r) => r.labels);
      setUid(await makeRule(client.uid, definition, form, series));
      onDone();
    });
  return (
    <Stack direction="column" gap={2}>
      <RuleFields
        type={definition.query.queryType ?? 'forecast'}
        form={form}
        onChange={(change) => setForm({ ...form, ...change })}
      />
      {error && <Failed title={t('rule.failed', 'The rule could not be made')} error={error} />}
      {uid && (
        <Alert severity="success" title={t('rule.made', 'The rule is made')}>
          <TextLink href={`/alerting/grafana/${uid}/view`}>{t('finished.rule', 'Open the rule')}</TextLink>
        </Alert>
      )}
      <div>
        <Button icon="bell" disabled={busy || model.live === 0 || !isValid(form)} onClick={make}>
          {t('rule.make', 'Make the rule')}
        </Button>
      </div>
    </Stack>
  );
}
