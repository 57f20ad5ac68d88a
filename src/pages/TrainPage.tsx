import { t } from '@grafana/i18n';
import { Alert, EmptyState, LinkButton, LoadingPlaceholder } from '@grafana/ui';
import React from 'react';
import { useSearchParams } from 'react-router-dom';

import { Client } from '../api/client';
import { Model, Models } from '../api/contract';
import { canEdit } from '../api/role';
import { useAsync } from '../api/useAsync';
import { useSource } from '../api/useSource';
import { Failed } from '../components/Failed';
import { Page } from '../components/Page';
import { StoreNotice } from '../components/StoreNotice';
import { PAGES } from '../constants';
import { emptyQuery, newDefinition } from '../train/draft';
import { readHandOver } from '../train/handOver';
import { Wizard } from '../train/Wizard';

/** The wizard's page. Who may only read is told so and led to the models. */
export default function TrainPage() {
  const source = useSource();
  return (
    <Page
      title={t('train.title', 'Train')}
      subTitle={t('train.subtitle', 'From a query to a trusted warning in four steps.')}
      source={source}
    >
      {source.client && (canEdit() ? <Loader key={source.uid} client={source.client} /> : <ReadOnly />)}
    </Page>
  );
}

/** What the wizard has to know first: which names are taken, and the model that is to be edited. */
function Loader({ client }: { client: Client }) {
  const [params] = useSearchParams();
  const edited = params.get('model') ?? undefined;
  const { value, error, reload } = useAsync<{ models: Models; model?: Model }>(async () => {
    const [models, model] = await Promise.all([client.models(), edited ? client.model(edited) : undefined]);
    return { models, model };
  }, [client, edited]);
  if (error && !value) {
    return <Failed title={t('train.unreachable', 'The models cannot be read')} error={error} onRetry={reload} />;
  }
  if (!value) {
    return <LoadingPlaceholder text={t('page.loading', 'Loading…')} />;
  }
  const { models, model } = value;
  const handed = readHandOver(params);
  const start = model
    ? { ...model.definition, draft: true }
    : newDefinition(handed.query ?? { ...emptyQuery(), ...(handed.queryType && { queryType: handed.queryType }) });
  return (
    <>
      <StoreNotice store={models.store} />
      {model?.definition.provisioned && (
        <Alert
          severity="info"
          title={t('train.provisioned', 'This model comes from the provisioned settings; a copy of it is made here.')}
        />
      )}
      <Wizard
        key={params.toString()}
        client={client}
        start={start}
        taken={models.models.map((m) => m.definition.name)}
        original={model && !model.definition.provisioned ? model.definition.name : undefined}
      />
    </>
  );
}

function ReadOnly() {
  return (
    <EmptyState
      variant="call-to-action"
      message={t('train.viewer', 'Training needs the role Editor')}
      button={
        <LinkButton icon="eye" href={PAGES.models}>
          {t('train.see-models', 'See the models')}
        </LinkButton>
      }
    />
  );
}
