import { initPluginTranslations } from '@grafana/i18n';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Client } from '../api/client';
import { Model } from '../api/contract';
import { Rule } from '../api/rules';
import { englishOn, signInChinese } from '../testing/chinese';
import { rule } from '../testing/data';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { backEnd, resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { ModelDrawer } from './ModelDrawer';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const NAME = resource('models/disk-root');

async function setup(change: Partial<Model> = {}, answers: Answers = {}, rules: Rule[] = []) {
  const grafana = fakeGrafana(
    backEnd({ '/api/folders?limit=500': [], '/api/v1/provisioning/contact-points': [], ...answers })
  );
  const onChange = jest.fn();
  const onClose = jest.fn();
  const model: Model = { ...sample.model(), state: 'ready', job: null, pending: [], ...change };
  render(
    <ModelDrawer
      client={new Client('fw')}
      model={model}
      rules={rules}
      silences={[]}
      onChange={onChange}
      onClose={onClose}
    />,
    { wrapper: MemoryRouter }
  );
  await settle();
  return { ...grafana, onChange, onClose, user: userEvent.setup() };
}
const drawer = () => within(screen.getByRole('dialog', { name: /disk-root/ }));
const tab = (name: string) => screen.getByRole('tab', { name });
const definition = (change: Partial<Model['definition']>) => ({ ...sample.model().definition, ...change });

beforeEach(() => signIn('Editor'));
afterEach(() => initPluginTranslations('back to English', [async () => ({})]));

describe('what may be done', () => {
  const ACTIONS = ['Train again', 'Pause training', 'Roll back', 'Export', 'Delete'];
  const offered = () => ACTIONS.filter((name) => screen.queryByRole('button', { name }));

  it.each<[string, Parameters<typeof signIn>, Partial<Model>, string[]]>([
    ['a Viewer', ['Viewer'], {}, []],
    ['the Editor who made it', ['Editor', 'en-US', 'anna'], {}, ACTIONS],
    ['another Editor', ['Editor', 'en-US', 'ben'], {}, ['Train again', 'Roll back', 'Export']],
    ['an Admin', ['Admin', 'en-US', 'ben'], {}, ACTIONS],
    [
      'an Admin, of a provisioned one',
      ['Admin'],
      { definition: definition({ provisioned: true }) },
      ['Train again', 'Roll back', 'Export'],
    ],
  ])('by %s', async (_, who, change, actions) => {
    signIn(...who);
    await setup(change);
    expect(offered()).toEqual(actions);
    expect(screen.queryAllByRole('link', { name: 'Open in the wizard' })).toHaveLength(actions.length > 0 ? 1 : 0);
  });

  it.each([
    [1, true],
    [0, true],
    [2, false],
  ])('of version %p, rolling back is out of reach: %p', async (live, disabled) => {
    await setup({ live });
    expect((screen.getByRole('button', { name: 'Roll back' }) as HTMLButtonElement).disabled).toBe(disabled);
  });

  it('is not to train while it trains', async () => {
    await setup({ state: 'training' });
    expect(screen.getByRole('button', { name: 'Train again' })).toBeDisabled();
  });

  it('resumes what is paused', async () => {
    const { user, sent } = await setup({ definition: definition({ paused: true }) }, { [`POST ${NAME}/pause`]: {} });
    await user.click(screen.getByRole('button', { name: 'Resume training' }));
    await waitFor(() => expect(sent.find((s) => s.method === 'POST')?.data).toEqual({ paused: false }));
  });

  it('is looked at again afterwards, also where it was refused, with why', async () => {
    const { user, onChange } = await setup(
      {},
      { [`POST ${NAME}/rollback`]: refusal(409, 'version before 3 of model "disk-root": changed in the meantime') }
    );
    await user.click(screen.getByRole('button', { name: 'Roll back' }));
    expect(await screen.findByText('The model disk-root has no version before 3 to go back to')).toBeInTheDocument();
    expect(onChange).toHaveBeenCalledTimes(1);
  });

  it('closes the drawer of what is deleted, and of nothing else', async () => {
    const { user, onClose, sent } = await setup(
      {},
      { [`DELETE ${NAME}`]: '', '/api/search?type=dash-db&limit=200&query=': [] }
    );
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    await user.click(await screen.findByRole('button', { name: 'Cancel' }));
    expect(onClose).not.toHaveBeenCalled();
    await user.click(screen.getByRole('button', { name: 'Delete' }));
    const buttons = await screen.findAllByRole('button', { name: 'Delete' });
    await user.click(buttons[buttons.length - 1]);
    await waitFor(() => expect(onClose).toHaveBeenCalled());
    expect(sent.filter((s) => s.method === 'DELETE').map((s) => s.url)).toEqual([NAME]);
  });
});

describe('the tabs', () => {
  it.each([
    ['warning', 3, true],
    ['forecast', 3, true],
    ['anomaly', 3, false],
    ['outlier', 3, false],
    ['composite', 3, false],
    ['warning', 0, false],
  ] as const)('of %s with live version %p look back: %p', async (queryType, live, looksBack) => {
    await setup({ live, definition: definition({ query: { ...sample.model().definition.query, queryType } }) });
    expect(screen.queryAllByRole('tab', { name: 'Then and now' })).toHaveLength(looksBack ? 1 : 0);
  });

  it('are gone through with the keyboard', async () => {
    const { user } = await setup();
    tab('Definition').focus();
    await user.keyboard('{Enter}');
    expect(drawer().getByText('Training window')).toBeInTheDocument();
  });

  it('say that nothing is trained yet, and ask for no version', async () => {
    const { user, requests } = await setup(
      { live: 0, latest: 0, state: 'empty' },
      { [`${NAME}/versions`]: { versions: [] } }
    );
    expect(drawer().getByText('Not trained yet.')).toBeInTheDocument();
    await user.click(tab('Series'));
    expect(drawer().getByText('Not trained yet.')).toBeInTheDocument();
    expect(requests.some((url) => /versions\/\d/.test(url))).toBe(false);
  });

  it('show the newest version where none is live', async () => {
    const { user, requests } = await setup({ live: 0, latest: 3 });
    await user.click(tab('Series'));
    expect(await drawer().findByText('Combination')).toBeInTheDocument();
    expect(requests).toContain(`${NAME}/versions/3`);
  });

  it('say why a version cannot be read, and try again', async () => {
    let first = true;
    const { user } = await setup(
      {},
      {
        [`${NAME}/versions/3`]: () => {
          const answer = first ? refusal(503, 'the store is away') : sample.version();
          first = false;
          return answer;
        },
      }
    );
    await user.click(tab('Series'));
    expect(await drawer().findByText('the store is away')).toBeInTheDocument();
    await user.click(drawer().getByRole('button', { name: 'Try again' }));
    expect(await drawer().findByText('Combination')).toBeInTheDocument();
  });

  it('tell a Viewer that no rule asks the model, and which one does', async () => {
    signIn('Viewer');
    const { user } = await setup();
    await user.click(tab('Warn'));
    expect(drawer().getByText('No rule asks this model.')).toBeInTheDocument();
    expect(drawer().queryByRole('button', { name: 'Make the rule' })).not.toBeInTheDocument();
  });

  it('show each rule that asks it with whether it notifies', async () => {
    signIn('Viewer');
    const { user } = await setup({}, {}, [rule({ name: 'Disk' }), rule({ uid: 'b', name: 'Disk soon' })]);
    await user.click(tab('Warn'));
    expect(drawer().getByText('Disk')).toBeInTheDocument();
    expect(drawer().getByText('Disk soon')).toBeInTheDocument();
    expect(drawer().getAllByText('notifies')).toHaveLength(2);
  });
});

describe('a training', () => {
  it.each([
    ['that failed says why', 'failed', 'There is no model disk-root'],
    ['that waits says so', 'queued', 'Waiting for a free worker…'],
  ] as const)('%s', async (_, state, text) => {
    const job = { ...sample.job(), state, error: 'model "disk-root": not found' };
    await setup({ job }, { [resource('jobs/01K9ZX3V6Q')]: job });
    expect(await drawer().findByText(text)).toBeInTheDocument();
  });

  it('that is done needs no words', async () => {
    await setup({ job: { ...sample.job(), state: 'done' } });
    expect(drawer().queryByRole('progressbar')).not.toBeInTheDocument();
  });

  it('cannot be cancelled by a Viewer', async () => {
    signIn('Viewer');
    await setup({ job: sample.job(), state: 'training' }, { [resource('jobs/01K9ZX3V6Q')]: sample.job() });
    expect(drawer().getByRole('progressbar')).toBeInTheDocument();
    expect(drawer().queryByRole('button', { name: 'Cancel training' })).not.toBeInTheDocument();
  });
});

it('is told in Chinese, tab by tab', async () => {
  await signInChinese('Editor');
  const { user } = await setup();
  const written = [
    'disk-root',
    'anna',
    'ben',
    'db-2 /var',
    'db-9 /',
    'KiB',
    'How full the disks are',
    'migration',
    'Asia/Shanghai',
  ];
  const read = sample.model().definition.query.source!.expr!;
  for (const name of screen.getAllByRole('tab').map((one) => one.textContent ?? '')) {
    await user.click(tab(name));
    await settle();
    const known = [
      ...written,
      read,
      'query.trainingWindow',
      'holidays',
      'CN',
      'Forewarn',
      'next page',
      '14d',
      '72h',
      '24h',
      '10m',
    ];
    expect(englishOn(screen.getByRole('dialog', { name: /disk-root/ }), known)).toEqual([]);
  }
});
