import { t } from '@grafana/i18n';
import { Button, Drawer, LinkButton, LoadingPlaceholder, Stack, Tab, TabsBar, Text } from '@grafana/ui';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { Model, ModelTrial } from '../api/contract';
import { download } from '../api/download';
import { canAdmin, canEdit, login } from '../api/role';
import { Rule } from '../api/rules';
import { useAction, useAsync } from '../api/useAsync';
import { Failed } from '../components/Failed';
import { NotifyButton } from '../components/NotifyButton';
import { StateBadge } from '../components/StateBadge';
import { PAGES } from '../constants';
import { Silence } from '../rules/silences';
import { Results } from '../train/Results';
import { TrainingProgress } from '../train/TrainingProgress';
import { isOver, useJob } from '../train/useJob';
import { DeleteModel } from './DeleteModel';
import { Details } from './Details';
import { NewRule } from './NewRule';
import { Past } from './Past';
import { Trial } from './Trial';
import { Versions } from './Versions';

interface Props {
  client: Client;
  model: Model;
  /** How it does of late; undefined where that is not told. */
  trial?: ModelTrial;
  rules: Rule[];
  silences: Silence[];
  onChange: () => void;
  onClose: () => void;
}

type Place = 'versions' | 'series' | 'past' | 'details' | 'warn';

/** Everything about one model, and everything that can be done with it. */
export function ModelDrawer({ client, model, trial, rules, silences, onChange, onClose }: Props) {
  const [place, setPlace] = useState<Place>('versions');
  const tab = (value: Place, label: string) => (
    <Tab label={label} active={place === value} onChangeTab={() => setPlace(value)} />
  );
  const action = useAction();
  const act = async (what: () => Promise<unknown>) => {
    await action.run(what);
    onChange();
  };
  const name = model.definition.name;
  const type = model.definition.query.queryType;
  const looksBack = model.live > 0 && (type === 'forecast' || type === 'warning');
  const { job, at, error } = useJob(client, model.job ?? undefined, onChange);
  return (
    <Drawer
      title={name}
      subtitle={<StateBadge model={model} />}
      size="md"
      onClose={onClose}
      tabs={
        <TabsBar>
          {tab('versions', t('drawer.versions', 'Versions'))}
          {tab('series', t('drawer.series', 'Series'))}
          {looksBack && tab('past', t('drawer.past', 'Then and now'))}
          {tab('details', t('drawer.details', 'Definition'))}
          {tab('warn', t('drawer.warn', 'Warn'))}
        </TabsBar>
      }
    >
      <Stack direction="column" gap={2}>
        <Actions
          client={client}
          model={model}
          rules={rules}
          busy={action.busy}
          act={act}
          onChange={onChange}
          onClose={onClose}
        />
        {action.error && <Failed title={t('drawer.failed', 'That could not be done')} error={action.error} />}
        {job && (!isOver(job) || job.state === 'failed') && (
          <TrainingProgress
            job={job}
            at={at}
            error={error}
            onCancel={canEdit() && !isOver(job) ? () => act(() => client.cancelJob(job.id)) : undefined}
          />
        )}
        <Trial trial={trial} />
        {place === 'versions' && (
          <Versions
            client={client}
            model={model}
            busy={action.busy}
            onPromote={(version) => act(() => client.promote(name, version))}
          />
        )}
        {place === 'series' && <Series client={client} model={model} />}
        {place === 'past' && <Past client={client} model={model} />}
        {place === 'details' && <Details model={model} />}
        {place === 'warn' && (
          <>
            {rules.map((r) => (
              <NotifyButton key={r.uid} rule={r} silences={silences} withName onChange={onChange} />
            ))}
            {canEdit() ? (
              <NewRule client={client} model={model} onDone={onChange} />
            ) : (
              rules.length === 0 && <Text color="secondary">{t('drawer.no-rules', 'No rule asks this model.')}</Text>
            )}
          </>
        )}
      </Stack>
    </Drawer>
  );
}

interface ActionProps {
  client: Client;
  model: Model;
  rules: Rule[];
  busy: boolean;
  act: (what: () => Promise<unknown>) => Promise<void>;
  onChange: () => void;
  onClose: () => void;
}

/** What may be done, by role; a provisioned model is changed where it is provisioned. */
function Actions({ client, model, rules, busy, act, onChange, onClose }: ActionProps) {
  const [deleting, setDeleting] = useState(false);
  const { name, paused, provisioned } = model.definition;
  if (!canEdit()) {
    return null;
  }
  const own = !provisioned && (canAdmin() || model.createdBy === login());
  const trains = model.state === 'training';
  return (
    <Stack gap={1} wrap="wrap">
      <Button size="sm" icon="sync" disabled={busy || trains} onClick={() => act(() => client.train(name))}>
        {t('drawer.retrain', 'Train again')}
      </Button>
      {own && (
        <Button
          size="sm"
          variant="secondary"
          icon={paused ? 'play' : 'pause'}
          disabled={busy}
          onClick={() => act(() => client.pause(name, !paused))}
        >
          {paused ? t('drawer.resume', 'Resume training') : t('drawer.pause', 'Pause training')}
        </Button>
      )}
      <Button
        size="sm"
        variant="secondary"
        icon="history"
        disabled={busy || model.live < 2}
        onClick={() => act(() => client.rollback(name))}
      >
        {t('drawer.rollback', 'Roll back')}
      </Button>
      <LinkButton
        size="sm"
        variant="secondary"
        icon="pen"
        href={`${PAGES.train}?ds=${client.uid}&model=${encodeURIComponent(name)}`}
      >
        {t('drawer.edit', 'Open in the wizard')}
      </LinkButton>
      <Button
        size="sm"
        variant="secondary"
        icon="download-alt"
        disabled={busy}
        onClick={() => act(async () => download(`${name}.forewarn.json`, await client.exportModel(name)))}
      >
        {t('drawer.export', 'Export')}
      </Button>
      {own && (
        <Button size="sm" variant="destructive" fill="outline" icon="trash-alt" onClick={() => setDeleting(true)}>
          {t('drawer.delete', 'Delete')}
        </Button>
      )}
      {deleting && (
        <DeleteModel
          name={name}
          rules={rules}
          onDelete={async () => {
            await client.deleteModel(name);
            onChange();
            onClose();
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </Stack>
  );
}

/** What the live version found for each series. */
function Series({ client, model }: { client: Client; model: Model }) {
  const number = model.live || model.latest;
  const name = model.definition.name;
  const { value, error, reload } = useAsync(
    async () => (number > 0 ? client.version(name, number) : undefined),
    [client, name, number]
  );
  if (error && !value) {
    return <Failed title={t('versions.failed', 'The versions cannot be read')} error={error} onRetry={reload} />;
  }
  if (!value) {
    return number > 0 ? (
      <LoadingPlaceholder text={t('page.loading', 'Loading…')} />
    ) : (
      <>{t('versions.none', 'Not trained yet.')}</>
    );
  }
  return <Results results={value.results} />;
}
