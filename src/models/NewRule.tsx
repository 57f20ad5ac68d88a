import { t } from '@grafana/i18n';
import { config } from '@grafana/runtime';
import { Alert, Button, Stack, TextLink } from '@grafana/ui';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { Model } from '../api/contract';
import { useAction } from '../api/useAsync';
import { Failed } from '../components/Failed';
import { RuleFields } from '../components/RuleFields';
import { buildRule } from '../rules/build';
import { firstForm, isValid } from '../rules/form';
import { ownFolder, saveRule } from '../rules/ruler';
import { ruleTexts } from '../rules/texts';

/** Makes an alert rule of a trained model; one of the same name is replaced. */
export function NewRule({ client, model, onDone }: { client: Client; model: Model; onDone: () => void }) {
  const { definition } = model;
  const [form, setForm] = useState(() => firstForm(definition));
  const [uid, setUid] = useState<string>();
  const { busy, error, run } = useAction();
  const make = () =>
    run(async () => {
      const { results } = await client.version(definition.name, model.live);
      const language = config.bootData?.user?.language ?? 'en-US';
      const texts = ruleTexts({ definition, form, series: results.map((r) => r.labels) }, language);
      const folderUid = form.folderUid || (await ownFolder()).uid;
      setUid(await saveRule(folderUid, definition.name, buildRule(client.uid, definition, form, texts)));
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
