import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Model } from '../api/contract';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { renderAt } from '../testing/page';
import { RulerRule } from '../rules/build';
import { backEnd, resource, sample } from '../testing/samples';
import ModelsPage from './ModelsPage';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const RULES = '/api/prometheus/grafana/api/v1/rules';
const SILENCES = '/api/alertmanager/grafana/api/v2/silences';

const model = (change: Partial<Model> = {}, definition: Partial<Model['definition']> = {}): Model => {
  const whole = { ...sample.model(), state: 'ready' as const, job: null, pending: [], ...change };
  return { ...whole, definition: { ...whole.definition, ...definition } };
};
const models = (...list: Model[]) => ({ ...sample.models(), models: list });

/** A rule of Grafana's that asks the model. */
const rules = {
  data: {
    groups: [
      {
        file: 'Forewarn',
        rules: [
          {
            uid: 'r1',
            name: 'Disk runs out',
            health: 'ok',
            queriedDatasourceUIDs: ['fw'],
            query: JSON.stringify([
              { datasourceUid: 'fw', model: { refId: 'A', queryType: 'warning', model: { name: 'disk-root' } } },
            ]),
            alerts: [],
          },
        ],
      },
    ],
  },
};

const answers = (change: Answers = {}): Answers =>
  backEnd({
    [resource('models')]: models(model()),
    [RULES]: rules,
    [SILENCES]: [],
    '/api/search?type=dash-db&limit=200&query=': [{ uid: 'board', title: 'Disks' }],
    '/api/dashboards/uid/board': {
      dashboard: { title: 'Disks', panels: [{ id: 1, title: 'Root', targets: [{ model: { name: 'disk-root' } }] }] },
      meta: {},
    },
    ...change,
  });

const setup = (given: Answers = answers(), address = '/') => {
  const grafana = fakeGrafana(given);
  renderAt(<ModelsPage />, address);
  const of = (method: string, path: string) =>
    grafana.sent.filter((s) => s.method === method && s.url === resource(path));
  return { ...grafana, of, user: userEvent.setup() };
};
const drawer = () => screen.findByRole('dialog', { name: /disk-root/ });

beforeEach(() => signIn('Editor'));

describe('the list', () => {
  it('says of each model what it is for, how good it is, and what asks it', async () => {
    setup();
    const row = (await screen.findByRole('button', { name: 'disk-root' })).closest('tr')!;
    for (const text of ['Early warning', 'ready', '12', '23 %', '94.6 %', '10 %', 'rules: 1']) {
      expect(row).toHaveTextContent(text);
    }
  });

  it('marks drafts, provisioned ones and those that drift away', async () => {
    const strange = model({ drift: 1.2, live: 0, trainedAt: null, coverage: null }, { draft: true, provisioned: true });
    setup(answers({ [resource('models')]: models(strange) }));
    const row = (await screen.findByRole('button', { name: 'disk-root' })).closest('tr')!;
    for (const text of ['draft', 'provisioned', 'retrain', '–']) {
      expect(row).toHaveTextContent(text);
    }
  });

  it.each([
    ['training', 'training'],
    ['failed', 'failed'],
    ['stale', 'outdated'],
    ['paused', 'paused'],
    ['empty', 'not trained'],
  ] as const)('says that a model is %s', async (state, word) => {
    setup(answers({ [resource('models')]: models(model({ state })) }));
    const row = (await screen.findByRole('button', { name: 'disk-root' })).closest('tr')!;
    expect(row).toHaveTextContent(word);
  });

  it('is filtered by name and purpose', async () => {
    const other = model({}, { name: 'cpu', query: { queryType: 'anomaly' } });
    const { user } = setup(answers({ [resource('models')]: models(model(), other) }));
    await user.type(await screen.findByPlaceholderText('Filter by name or purpose'), 'anom');
    expect(screen.queryByRole('button', { name: 'disk-root' })).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'cpu' })).toBeInTheDocument();
  });

  it('leads to the wizard where there is nothing yet', async () => {
    setup(answers({ [resource('models')]: models() }));
    expect(await screen.findByText('No model has been trained yet')).toBeInTheDocument();
    expect(screen.getAllByRole('link', { name: 'Train a model' })[0]).toHaveAttribute(
      'href',
      '/a/forewarn-earlywarning-app/train?ds=fw'
    );
  });

  it('shows the models although rules and silences cannot be read', async () => {
    setup(answers({ [RULES]: new Error('no right'), [SILENCES]: new Error('no right') }));
    const row = (await screen.findByRole('button', { name: 'disk-root' })).closest('tr')!;
    expect(row).toHaveTextContent('no rule');
  });

  it('says why the models cannot be read, and what is wrong with provisioned ones', async () => {
    const { user } = setup(answers({ [resource('models')]: refusal(500, 'database is locked') }));
    expect(await screen.findByText('database is locked')).toBeInTheDocument();
    fakeGrafana(answers({ [resource('models')]: { ...models(), problems: ['cpu: interval is 1ms'] } }));
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('cpu: interval is 1ms')).toBeInTheDocument();
  });

  it('says that the store does not answer, and what still works', async () => {
    const store = { kind: 'mysql' as const, ok: false, message: 'connection refused', path: 'db/forewarn' };
    setup(answers({ [resource('models')]: { ...models(model()), store } }));
    expect(await screen.findByText('The model store does not answer')).toBeInTheDocument();
    expect(screen.getByText('connection refused')).toBeInTheDocument();
    expect(screen.getByText(/go on working/)).toBeInTheDocument();
  });

  it('takes a model from a file, and says when it is none', async () => {
    const { user, of } = setup(answers({ [`POST ${resource('models/import')}`]: sample.model() }));
    const input = await screen.findByTestId('data-testid-file-upload-input-field').catch(() => null);
    const field = input ?? document.querySelector<HTMLInputElement>('input[type=file]')!;
    const file = new File([JSON.stringify(sample.exported())], 'm.json', { type: 'application/json' });
    file.text = async () => JSON.stringify(sample.exported());
    await user.upload(field, file);
    await waitFor(() => expect(of('POST', 'models/import')[0].data).toEqual(sample.exported()));
    const bad = new File(['no'], 'n.json', { type: 'application/json' });
    bad.text = async () => 'no';
    await user.upload(field, bad);
    expect(await screen.findByText('The file could not be imported')).toBeInTheDocument();
  });
});

describe('the drawer', () => {
  const OPEN = '/?model=disk-root';

  it('opens by name, and shows each version with what changed and what it did', async () => {
    const { user } = setup();
    await user.click(await screen.findByRole('button', { name: 'disk-root' }));
    const list = await within(await drawer()).findByRole('list', { name: 'Versions' });
    expect(list).toHaveTextContent('Version 3');
    expect(list).toHaveTextContent('live');
    expect(list).toHaveTextContent('query.trainingWindow: 7d → 14d');
    expect(list).toHaveTextContent('23 % closer');
  });

  it('makes an older version live', async () => {
    const old = { ...sample.version(), number: 2, live: false };
    const { user, of } = setup(
      answers({
        [resource('models/disk-root/versions')]: { versions: [sample.version(), old] },
        [`POST ${resource('models/disk-root/promote')}`]: {},
      }),
      OPEN
    );
    await user.click(await screen.findByRole('button', { name: 'Make it live' }));
    expect(of('POST', 'models/disk-root/promote')[0].data).toEqual({ version: 2 });
  });

  it.each([
    ['Train again', 'train'],
    ['Pause training', 'pause'],
    ['Roll back', 'rollback'],
  ])('%s', async (button, path) => {
    const { user, of } = setup(answers({ [`POST ${resource(`models/disk-root/${path}`)}`]: sample.job() }), OPEN);
    await user.click(await screen.findByRole('button', { name: button }));
    await waitFor(() => expect(of('POST', `models/disk-root/${path}`)).toHaveLength(1));
    await waitFor(() => expect(of('GET', 'models').length).toBeGreaterThan(1));
  });

  it('says why something could not be done', async () => {
    const { user } = setup(
      answers({ [`POST ${resource('models/disk-root/train')}`]: refusal(409, 'already queued') }),
      OPEN
    );
    await user.click(await screen.findByRole('button', { name: 'Train again' }));
    expect(await screen.findByText('already queued')).toBeInTheDocument();
  });

  it('shows a running training, and stops it', async () => {
    const { user, of } = setup(
      answers({
        [resource('models')]: models(sample.model()),
        [resource('jobs/01K9ZX3V6Q')]: sample.job(),
        [`POST ${resource('jobs/01K9ZX3V6Q/cancel')}`]: {},
      }),
      OPEN
    );
    await user.click(await screen.findByRole('button', { name: 'Cancel training' }));
    expect(of('POST', 'jobs/01K9ZX3V6Q/cancel')).toHaveLength(1);
  });

  it('shows series and definition on their own tabs', async () => {
    const { user } = setup(answers(), OPEN);
    await user.click(await screen.findByRole('tab', { name: 'Series' }));
    expect(await screen.findByText('Combination')).toBeInTheDocument();
    expect(screen.getByText('too short')).toBeInTheDocument();
    await user.click(screen.getByRole('tab', { name: 'Definition' }));
    expect(screen.getByText('How full the disks are')).toBeInTheDocument();
    expect(screen.getByText(/migration/)).toBeInTheDocument();
  });

  it('turns notifications off for a while, and on again', async () => {
    const { user, sent } = setup(answers({ [`POST ${SILENCES}`]: { silenceID: 's' } }), OPEN);
    await user.click(await screen.findByRole('tab', { name: 'Warn' }));
    await user.click(await screen.findByRole('button', { name: 'Notify off' }));
    await user.click(await screen.findByRole('menuitem', { name: 'for a day' }));
    await waitFor(() => expect(sent.filter((s) => s.method === 'POST')).toHaveLength(1));
    expect(sent.find((s) => s.method === 'POST')).toMatchObject({
      url: SILENCES,
      data: { matchers: [{ name: '__alert_rule_uid__', value: 'r1' }], createdBy: 'anna' },
    });
  });

  it('makes a rule of the model, with messages that name its series', async () => {
    const ruler = '/api/ruler/grafana/api/v1/rules/folder';
    const { user, sent } = setup(
      answers({
        '/api/folders?limit=500': [{ uid: 'folder', title: 'Forewarn' }],
        '/api/v1/provisioning/contact-points': [],
        [ruler]: { Forewarn: [{ name: 'disk-root', interval: '30s', rules: [{ grafana_alert: { title: 'other' } }] }] },
        [`POST ${ruler}`]: { created: ['new-rule'] },
      }),
      OPEN
    );
    await user.click(await screen.findByRole('tab', { name: 'Warn' }));
    await user.click(await screen.findByRole('button', { name: 'Make the rule' }));
    expect(await screen.findByText('The rule is made')).toBeInTheDocument();
    const group = sent.find((s) => s.method === 'POST')!.data as { interval: string; rules: RulerRule[] };
    expect(group.interval).toBe('30s');
    expect(group.rules.map((r) => r.grafana_alert.title)).toEqual(['other', 'disk-root']);
    expect(group.rules[1].annotations.summary).toMatch(/{{ index \$labels "instance" }}: /);
  });

  it('deletes a model only after saying what would stop working', async () => {
    signIn('Admin');
    const { user, of } = setup(answers({ [`DELETE ${resource('models/disk-root')}`]: {} }), OPEN);
    await user.click(await screen.findByRole('button', { name: 'Delete' }));
    expect(await screen.findByText('Rule Disk runs out')).toBeInTheDocument();
    expect(await screen.findByText('Panel Root on Disks')).toBeInTheDocument();
    expect(of('DELETE', 'models/disk-root')).toEqual([]);
    const buttons = screen.getAllByRole('button', { name: 'Delete' });
    await user.click(buttons[buttons.length - 1]);
    await waitFor(() => expect(of('DELETE', 'models/disk-root')).toHaveLength(1));
  });

  it.each(['Pause training', 'Delete'])('offers “%s” to admins and to who made the model', async (button) => {
    signIn('Editor', 'en-US', 'ben');
    setup(answers(), OPEN);
    await screen.findByRole('button', { name: 'Train again' });
    expect(screen.queryByRole('button', { name: button })).not.toBeInTheDocument();
  });

  it('changes a provisioned model nowhere but in its file', async () => {
    signIn('Admin');
    setup(answers({ [resource('models')]: models(model({}, { provisioned: true })) }), OPEN);
    await screen.findByRole('button', { name: 'Train again' });
    expect(screen.queryByRole('button', { name: 'Pause training' })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Delete' })).not.toBeInTheDocument();
  });

  it('offers a Viewer nothing that changes anything', async () => {
    signIn('Viewer');
    const { sent } = setup(answers(), OPEN);
    const inside = within(await drawer());
    expect(await inside.findByRole('list', { name: 'Versions' })).toBeInTheDocument();
    const offered = inside.getAllByRole('button').map((b) => b.textContent || b.getAttribute('aria-label'));
    expect(offered.filter((text) => text && !/close/i.test(text))).toEqual([]);
    expect(screen.queryByRole('link', { name: 'Train a model' })).not.toBeInTheDocument();
    expect(sent.filter((s) => s.method !== 'GET')).toEqual([]);
  });
});

describe('a model that loses against its twin', () => {
  it('says in the list for how many series the simpler one answers, and in the drawer for which', async () => {
    const { user } = setup();
    const row = (await screen.findByRole('button', { name: 'disk-root' })).closest('tr')!;
    expect(row).toHaveTextContent('simpler: 1');
    await user.click(screen.getByRole('button', { name: 'disk-root' }));
    expect(
      await screen.findByText('The simpler model answers for 1 series until this one is closer again')
    ).toBeInTheDocument();
    expect(screen.getByText(/db-2 \/var.*1\.42 times as far off as “same as last season”/)).toBeInTheDocument();
  });

  it('is not told where no model loses, or where it cannot be read', async () => {
    const accuracy = sample.accuracy();
    for (const answer of [{ ...accuracy, models: [] }, refusal(502, 'store is locked')]) {
      setup(answers({ [resource('accuracy')]: answer }));
      expect((await screen.findAllByRole('button', { name: 'disk-root' })).length).toBeGreaterThan(0);
      expect(screen.queryByText(/simpler/)).not.toBeInTheDocument();
    }
  });
});

describe('then and now', () => {
  it('is offered of models that look ahead and answer', async () => {
    const { user } = setup(
      answers({
        [resource('models')]: models(
          model({}, { query: { queryType: 'anomaly', source: { kind: 'prometheus', expr: 'up' } } })
        ),
      })
    );
    await user.click(await screen.findByRole('button', { name: 'disk-root' }));
    await drawer();
    expect(screen.queryByRole('tab', { name: 'Then and now' })).not.toBeInTheDocument();
  });

  it('asks for forecasts a day before, or as far as the model looks', async () => {
    const forecast = (horizon?: string) =>
      answers({
        [resource('models')]: models(
          model({}, { query: { queryType: 'forecast', horizon, source: { kind: 'prometheus', expr: 'up' } } })
        ),
      });
    const { user, queries } = setup(forecast('12h'));
    await user.click(await screen.findByRole('button', { name: 'disk-root' }));
    await user.click(await screen.findByRole('tab', { name: 'Then and now' }));
    await waitFor(() =>
      expect(queries).toEqual([
        expect.objectContaining({ model: { name: 'disk-root' }, output: 'hindcast', lead: '6h' }),
      ])
    );
  });

  it('asks an early warning for what it said, without a lead', async () => {
    const { user, queries } = setup();
    await user.click(await screen.findByRole('button', { name: 'disk-root' }));
    await user.click(await screen.findByRole('tab', { name: 'Then and now' }));
    await waitFor(() => expect(queries).toHaveLength(1));
    expect(queries[0]).toMatchObject({ queryType: 'warning', output: 'hindcast' });
    expect(queries[0]).not.toHaveProperty('lead');
  });
});
