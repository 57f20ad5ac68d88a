import { t } from '@grafana/i18n';
import { Button, FilterInput, LinkButton, LoadingPlaceholder, Stack } from '@grafana/ui';
import React, { useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router-dom';

import { matches } from '../api/entity';
import { Client } from '../api/client';
import { Export, ModelTrial, Models } from '../api/contract';
import { canEdit } from '../api/role';
import { fetchRules, Rule } from '../api/rules';
import { useAction, useAsync } from '../api/useAsync';
import { useSource } from '../api/useSource';
import { Failed } from '../components/Failed';
import { ModelProblems } from '../components/ModelProblems';
import { NothingYet } from '../components/NothingYet';
import { Page } from '../components/Page';
import { StoreNotice } from '../components/StoreNotice';
import { PAGES } from '../constants';
import { ModelDrawer } from '../models/ModelDrawer';
import { ModelsTable, rowsOf } from '../models/ModelsTable';
import { fetchSilences, Silence } from '../rules/silences';

/** How often the list is asked anew, ms: while something trains, and otherwise. */
const BUSY = 3_000;
const IDLE = 30_000;

interface Loaded {
  models: Models;
  rules: Rule[];
  silences: Silence[];
  trials: ModelTrial[];
}

/** Every model of a data source; ?model= opens one. */
export default function ModelsPage() {
  const source = useSource();
  return (
    <Page
      title={t('models.title', 'Models')}
      subTitle={t('models.subtitle', 'What has been trained, how good it is, and what asks it.')}
      source={source}
      actions={
        canEdit() &&
        source.client && (
          <LinkButton icon="plus" href={`${PAGES.train}?ds=${source.uid}`}>
            {t('models.train', 'Train a model')}
          </LinkButton>
        )
      }
    >
      {source.client && <List key={source.uid} client={source.client} />}
    </Page>
  );
}

function List({ client }: { client: Client }) {
  const [params, setParams] = useSearchParams();
  const [filter, setFilter] = useState('');
  const [busy, setBusy] = useState(false);
  const { value, error, reload } = useAsync<Loaded>(
    async () => {
      const [models, rules, silences, trials] = await Promise.all([
        client.models(),
        // without them the models are still worth showing
        fetchRules({ paused: true }).catch(() => []),
        fetchSilences().catch(() => []),
        client.accuracy().then(
          (accuracy) => accuracy.models,
          () => []
        ),
      ]);
      setBusy(models.models.some((m) => m.state === 'training'));
      return { models, rules, silences, trials };
    },
    [client],
    busy ? BUSY : IDLE
  );
  const rows = useMemo(() => (value ? rowsOf(value.models.models, value.rules, value.trials) : []), [value]);
  const found = useMemo(
    () => rows.filter((r) => matches(filter, r.id, r.model.definition.description, r.model.definition.query.queryType)),
    [rows, filter]
  );
  const open = useMemo(
    () => (name?: string) =>
      setParams((old) => {
        if (name) {
          old.set('model', name);
        } else {
          old.delete('model');
        }
        return old;
      }),
    [setParams]
  );
  if (!value) {
    return error ? (
      <Failed title={t('train.unreachable', 'The models cannot be read')} error={error} onRetry={reload} />
    ) : (
      <LoadingPlaceholder text={t('page.loading', 'Loading…')} />
    );
  }
  const shown = rows.find((r) => r.id === params.get('model'));
  return (
    <Stack direction="column" gap={2}>
      <StoreNotice store={value.models.store} />
      <ModelProblems problems={value.models.problems} />
      {error && <Failed title={t('train.unreachable', 'The models cannot be read')} error={error} onRetry={reload} />}
      {rows.length === 0 ? (
        <NothingYet uid={client.uid} message={t('models.none', 'No model has been trained yet')}>
          {t('models.none-text', 'A trained model answers at once, keeps its versions, and says how good it is.')}
        </NothingYet>
      ) : (
        <>
          <Stack justifyContent="space-between" wrap="wrap">
            <FilterInput
              escapeRegex={false}
              width={40}
              value={filter}
              onChange={setFilter}
              placeholder={t('models.filter', 'Filter by name or purpose')}
            />
            {canEdit() && <Import client={client} onDone={reload} />}
          </Stack>
          <ModelsTable rows={found} onOpen={open} />
        </>
      )}
      {shown && (
        <ModelDrawer
          client={client}
          model={shown.model}
          trial={shown.trial}
          rules={shown.rules}
          silences={value.silences}
          onChange={reload}
          onClose={() => open()}
        />
      )}
    </Stack>
  );
}

/** Takes a model that was exported elsewhere. */
function Import({ client, onDone }: { client: Client; onDone: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  const { error, run } = useAction();
  return (
    <Stack direction="column" gap={0.5}>
      <input
        ref={input}
        type="file"
        accept=".json"
        hidden
        aria-label={t('models.import', 'Import a model')}
        onChange={(e) => {
          const file = e.currentTarget.files?.[0];
          // the same file again is a change, too
          e.currentTarget.value = '';
          if (file) {
            run(async () => client.importModel(JSON.parse(await file.text()) as Export)).then(onDone);
          }
        }}
      />
      <Button variant="secondary" icon="upload" onClick={() => input.current?.click()}>
        {t('models.import', 'Import a model')}
      </Button>
      {error && <Failed title={t('models.import-failed', 'The file could not be imported')} error={error} />}
    </Stack>
  );
}
