import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Definition, Job } from '../api/contract';
import { wide } from '../testing/data';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { renderAt } from '../testing/page';
import { backEnd, resource, sample } from '../testing/samples';
import TrainPage from './TrainPage';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const EXPR = 'node_load1{job="node"}';
const QUERY = { queryType: 'anomaly', source: { kind: 'prometheus', expr: EXPR } };
const HANDED = `/?query=${encodeURIComponent(JSON.stringify(QUERY))}`;
const RULER = '/api/ruler/grafana/api/v1/rules/folder';

const job = (change: Partial<Job>): Job => ({ ...sample.job(), model: 'node-load1-anomaly', ...change });

/** A Grafana in which everything works; what is trained is done at the first look. */
const works = (change: Answers = {}): Answers =>
  backEnd({
    [`POST ${resource('preview')}`]: sample.preview(),
    [`POST ${resource('jobs')}`]: job({ state: 'queued', progress: { done: 0, total: 0, current: '' } }),
    [resource('jobs/01K9ZX3V6Q')]: job({ state: 'done', version: 3 }),
    [resource('models/node-load1-anomaly/versions/3')]: sample.version(),
    [`POST ${resource('replay')}`]: sample.replay(),
    [`POST ${resource('labels')}`]: sample.label(),
    [`PUT ${resource('models/node-load1-anomaly')}`]: sample.model(),
    '/api/folders?limit=500': [{ uid: 'folder', title: 'Forewarn' }],
    '/api/v1/provisioning/contact-points': [{ name: 'on-call' }],
    'POST /api/dashboards/db': { uid: 'board' },
    '/api/search?type=dash-db&limit=50&query=': [],
    [RULER]: {},
    [`POST ${RULER}`]: { created: ['rule-uid'] },
    ...change,
  });

const setup = (answers: Answers = works(), address = HANDED) => {
  const user = userEvent.setup();
  const grafana = fakeGrafana(answers, (q) => [wide({ a: [1, 2] }, q.output === undefined ? 'actual' : q.output)]);
  renderAt(<TrainPage />, address);
  const of = (method: string, url: string) => grafana.sent.filter((s) => s.method === method && s.url === url);
  return { ...grafana, user, of };
};
const click = async (user: ReturnType<typeof userEvent.setup>, name: string | RegExp) =>
  user.click(await screen.findByRole('button', { name }));

/** Goes on to a step, 1 to 4. */
async function upTo(step: number, user: ReturnType<typeof userEvent.setup>) {
  if (step > 1) {
    await screen.findByText('db-2 /var');
    await click(user, 'Choose the model');
  }
  if (step > 2) {
    await click(user, 'Train');
    await screen.findByText(/23 % closer/);
  }
  if (step > 3) {
    await user.click(screen.getAllByRole('button', { name: 'Save and warn' })[1]);
  }
}

beforeEach(() => signIn('Editor'));

describe('who may train', () => {
  it('a Viewer is told so and led to the models; nothing is asked', async () => {
    signIn('Viewer');
    const { requests } = setup();
    expect(screen.getByText('Training needs the role Editor')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'See the models' })).toHaveAttribute(
      'href',
      '/a/forewarn-earlywarning-app/models'
    );
    expect(requests).toEqual([]);
  });

  it.each([
    ['Admin', 1],
    ['Editor', 0],
  ] as const)('nobody without a data source, which only an administrator is asked to add: %s', (role, links) => {
    signIn(role);
    fakeGrafana({}, () => [], []);
    renderAt(<TrainPage />);
    expect(screen.getByText('Forewarn has no data source yet')).toBeInTheDocument();
    expect(screen.queryAllByRole('link', { name: 'Add the Forewarn data source' })).toHaveLength(links);
    expect(screen.queryAllByText(/An administrator of your Grafana can add it/)).toHaveLength(1 - links);
  });

  it('says that the models cannot be read, and tries again', async () => {
    let asked = 0;
    const { user } = setup({
      ...works(),
      [resource('models')]: () => (asked++ === 0 ? refusal(502, 'store is locked') : sample.models()),
    });
    expect(await screen.findByText('store is locked')).toBeInTheDocument();
    await click(user, 'Try again');
    expect(await screen.findByRole('navigation', { name: 'Steps' })).toBeInTheDocument();
  });

  it('is told where models do not outlive a restart', async () => {
    const models = { ...sample.models(), store: { kind: 'memory' as const, ok: true, message: '', path: '' } };
    setup({ ...works(), [resource('models')]: models });
    expect(
      await screen.findByText('Models and history are kept in memory and are lost with a restart')
    ).toBeInTheDocument();
  });
});

describe('step 1, the data', () => {
  it('starts empty, with examples and what to do', async () => {
    setup(works(), '/');
    expect(await screen.findByText(/Write or choose a query/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'CPU of each host' })).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Choose the model' })).toBeDisabled();
    expect(screen.getByRole('button', { name: 'Check' })).toBeDisabled();
  });

  it('takes the query that a link hands over, and says what it finds and costs', async () => {
    const { queries, of } = setup();
    expect(await screen.findByDisplayValue(EXPR)).toBeInTheDocument();
    const found = await screen.findByRole('region', { name: 'What the query finds' });
    expect(found).toHaveTextContent('daily and weekly rhythm');
    expect(found).toHaveTextContent('2 series, 8,064 points');
    expect(found).toHaveTextContent('1 series has no data');
    expect(screen.queryByRole('columnheader', { name: 'Signal' })).not.toBeInTheDocument();
    expect(of('POST', resource('preview'))[0].data).toEqual({ query: QUERY });
    await waitFor(() => expect(queries[0]).toMatchObject({ queryType: 'series', source: { expr: EXPR } }));
  });

  it('tells which signal each series of several joined ones belongs to', async () => {
    const [series] = sample.preview().series;
    const found = { ...sample.preview(), series: ['cpu', 'memory'].map((signal) => ({ ...series, signal })) };
    setup({ ...works(), [`POST ${resource('preview')}`]: found });
    const table = within(await screen.findByRole('region', { name: 'What the query finds' }));
    expect(table.getAllByRole('columnheader').map((c) => c.textContent)).toEqual([
      'Signal',
      'Series',
      'Points',
      'Missing',
    ]);
    expect(table.getByRole('row', { name: /^cpu db-2 \/var/ })).toBeInTheDocument();
    expect(table.getByRole('row', { name: /^memory db-2 \/var/ })).toBeInTheDocument();
  });

  it('names the field at fault', async () => {
    setup({ ...works(), [`POST ${resource('preview')}`]: refusal(400, 'must be at least 1s', 'query.interval') });
    expect(await screen.findByRole('alert')).toHaveTextContent('query.interval: must be at least 1s');
  });

  it('joins several signals, and goes back to one', async () => {
    const { user } = setup();
    await user.click(await screen.findByRole('radio', { name: 'Several joined' }));
    expect(screen.getAllByRole('group', { name: /^Signal/ })).toHaveLength(2);
    await click(user, 'Back to a single source');
    expect(screen.getByDisplayValue(EXPR)).toBeInTheDocument();
  });
});

describe('step 2, the model', () => {
  it('asks what for, and answers on the chart', async () => {
    const { user, queries } = setup();
    await upTo(2, user);
    await user.click(screen.getByRole('radio', { name: /^Early warning/ }));
    expect(screen.getByLabelText('Limit')).toHaveValue(90);
    await waitFor(() => expect(queries[queries.length - 1]).toMatchObject({ queryType: 'warning' }));
  });

  it('leaves out what is dragged on the chart', async () => {
    const { user, of } = setup();
    await upTo(2, user);
    await user.click(await screen.findByTestId('panel'));
    expect(screen.getByRole('region', { name: 'Left out of training' })).toHaveTextContent('2026-02-20');
    await waitFor(() => expect(screen.getByTestId('panel')).toHaveAttribute('data-regions', '1'));
    await click(user, 'Train');
    await waitFor(() => expect(of('POST', resource('jobs'))).toHaveLength(1));
    const { definition } = of('POST', resource('jobs'))[0].data as { definition: Definition };
    expect(definition.excluded).toEqual([
      { from: '2026-02-20T10:00:00.000Z', to: '2026-02-20T12:00:00.000Z', reason: '' },
    ]);
    expect(definition).toMatchObject({ name: 'node-load1-anomaly', draft: true });
  });

  it('shows how far the training is, and cancels it', async () => {
    const running = job({ state: 'running', started: new Date().toISOString() });
    const { user, of } = setup({
      ...works(),
      [resource('jobs/01K9ZX3V6Q')]: running,
      [`POST ${resource('jobs/01K9ZX3V6Q/cancel')}`]: {},
    });
    await upTo(2, user);
    await click(user, 'Train');
    const bar = await screen.findByRole('progressbar', { name: 'Training' });
    await waitFor(() => expect(bar).toHaveAttribute('aria-valuetext', '7 of 12 series'));
    expect(screen.getByRole('button', { name: 'Train' })).toBeDisabled();
    await click(user, 'Cancel training');
    expect(of('POST', resource('jobs/01K9ZX3V6Q/cancel'))).toHaveLength(1);
  });

  it('says why a training failed, or could not begin', async () => {
    const failed = job({ state: 'failed', error: 'prometheus is down' });
    const { user } = setup({ ...works(), [resource('jobs/01K9ZX3V6Q')]: failed });
    await upTo(2, user);
    await click(user, 'Train');
    expect(await screen.findByText('prometheus is down')).toBeInTheDocument();
    fakeGrafana({ ...works(), [`POST ${resource('jobs')}`]: refusal(403, 'Editors only') });
    await click(user, 'Train');
    expect(await screen.findByText('Editors only')).toBeInTheDocument();
  });
});

describe('step 3, the check', () => {
  it('says in plain figures how good it is, and what would have fired', async () => {
    const { user, queries, of } = setup();
    await upTo(3, user);
    const figures = screen.getByRole('list', { name: 'How good the model is' });
    expect(figures).toHaveTextContent('23 % closer than “same as last week”');
    expect(figures).toHaveTextContent('the 95 % band held 94.6 % of the time');
    expect(figures).toHaveTextContent('rhythm: day, week');
    const alerts = await screen.findByRole('list', { name: 'Would-be alerts' });
    expect(alerts).toHaveTextContent('db-2 /var');
    expect(alerts).toHaveTextContent('91.2, expected 62');
    expect(of('POST', resource('replay'))[0].data).toEqual({ model: 'node-load1-anomaly', days: 30 });
    await waitFor(() =>
      expect(queries[queries.length - 1]).toMatchObject({ model: { name: 'node-load1-anomaly', version: 3 } })
    );
    await waitFor(() => expect(screen.getByTestId('panel')).toHaveAttribute('data-regions', '1'));
  });

  it('moves the sensitivity with the budget, at once and then exactly', async () => {
    const { user, of } = setup();
    await upTo(3, user);
    await screen.findByRole('list', { name: 'Would-be alerts' });
    await user.click(screen.getByLabelText('Set how many alerts a week there may be'));
    expect(screen.getByText('Alerts a week: at most 2')).toBeInTheDocument();
    await waitFor(() => expect(of('POST', resource('replay'))).toHaveLength(2));
    expect(of('POST', resource('replay'))[1].data).toMatchObject({ alertsPerWeek: 2 });
  });

  it('marks a would-be alert as wrong', async () => {
    const { user, of } = setup();
    await upTo(3, user);
    await click(user, 'Not an anomaly');
    expect(await screen.findByText('not an anomaly')).toBeInTheDocument();
    expect(of('POST', resource('labels'))[0].data).toMatchObject({
      model: 'node-load1-anomaly',
      kind: 'not-an-anomaly',
      series: { instance: 'db-2', mountpoint: '/var' },
    });
  });

  it('keeps everything when one goes back, and asks to train again after a change', async () => {
    const { user } = setup();
    await upTo(3, user);
    await click(user, 'Back');
    expect(screen.getByRole('button', { name: 'Check it' })).toBeInTheDocument();
    await click(user, 'Back');
    expect(screen.getByDisplayValue(EXPR)).toBeInTheDocument();
    await user.type(screen.getByLabelText('PromQL expression'), ' * 2');
    await user.tab();
    expect(screen.getByText(/Changed since it was trained/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Check' })).toBeDisabled();
  });
});

describe('step 4, saving and warning', () => {
  it('saves the model, puts it on a new dashboard, and makes the rule that links there', async () => {
    const { user, of } = setup();
    await upTo(4, user);
    const name = await screen.findByLabelText('Name');
    await user.clear(name);
    await user.type(name, 'load of hosts');
    await click(user, 'Save');
    expect(await screen.findByText('“load of hosts” is saved and watched')).toBeInTheDocument();
    const { definition } = of('PUT', resource('models/node-load1-anomaly'))[0].data as { definition: Definition };
    expect(definition).toMatchObject({ name: 'load of hosts', draft: false, retrainEvery: '24h' });
    const saved = of('POST', '/api/dashboards/db')[0].data as { dashboard: { title: string; panels: object[] } };
    expect(saved.dashboard.title).toBe('load of hosts');
    expect(saved.dashboard.panels).toMatchObject([{ targets: [{ model: { name: 'load of hosts' } }] }]);
    const group = of('POST', RULER)[0].data as { name: string; rules: Array<{ annotations: object }> };
    expect(group).toMatchObject({ name: 'load of hosts', interval: '1m' });
    expect(group.rules[0].annotations).toMatchObject({ __dashboardUid__: 'board', __panelId__: '1' });
    expect(screen.getByRole('link', { name: 'Open the rule' })).toHaveAttribute(
      'href',
      '/alerting/grafana/rule-uid/view'
    );
  });

  it('makes no rule where none is wanted', async () => {
    const { user, of } = setup();
    await upTo(4, user);
    await user.click(await screen.findByLabelText('Make an alert rule'));
    await click(user, 'Save');
    expect(await screen.findByText('“node-load1-anomaly” is saved')).toBeInTheDocument();
    expect(of('POST', RULER)).toEqual([]);
  });

  it('says what is done and what is not, and goes on from there', async () => {
    const { user, of } = setup({ ...works(), [`POST ${RULER}`]: refusal(403, 'no right to make rules') });
    await upTo(4, user);
    await click(user, 'Save');
    expect(await screen.findByText('The model is saved; the rule could not be made')).toBeInTheDocument();
    expect(screen.getByText('no right to make rules')).toBeInTheDocument();
    const again = fakeGrafana(works(), () => []);
    await click(user, 'Try again');
    expect(await screen.findByText('“node-load1-anomaly” is saved and watched')).toBeInTheDocument();
    expect(again.sent.filter((s) => s.method === 'PUT')).toEqual([]);
    expect(of('PUT', resource('models/node-load1-anomaly'))).toHaveLength(1);
  });

  it('does not save under a name that cannot be one', async () => {
    const { user } = setup();
    await upTo(4, user);
    await user.clear(await screen.findByLabelText('Name'));
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    expect(screen.getByText(/Letters and digits/)).toBeInTheDocument();
  });
});

describe('changing a model', () => {
  it('trains a copy, and changes the model only when it is saved', async () => {
    const { user, of } = setup(
      {
        ...works(),
        [`POST ${resource('jobs')}`]: job({ model: 'disk-root-edit', state: 'done', version: 1 }),
        [resource('models/disk-root-edit/versions/1')]: sample.version(),
        [`PUT ${resource('models/disk-root')}`]: sample.model(),
        [`POST ${resource('models/disk-root/train')}`]: sample.job(),
        [`DELETE ${resource('models/disk-root-edit')}`]: {},
      },
      '/?model=disk-root'
    );
    await upTo(3, user);
    await user.click(screen.getAllByRole('button', { name: 'Save and warn' })[1]);
    expect(of('POST', resource('jobs'))[0].data).toMatchObject({ definition: { name: 'disk-root-edit', draft: true } });
    await user.click(await screen.findByLabelText('Make an alert rule'));
    await click(user, 'Save');
    await screen.findByText('“disk-root” is saved');
    expect(of('PUT', resource('models/disk-root'))[0].data).toMatchObject({
      definition: { name: 'disk-root', draft: false },
    });
    expect(of('DELETE', resource('models/disk-root-edit'))).toHaveLength(1);
  });

  it('makes a copy of a provisioned model', async () => {
    const model = sample.model();
    model.definition.provisioned = true;
    setup({ ...works(), [resource('models/disk-root')]: model }, '/?model=disk-root');
    expect(await screen.findByText(/a copy of it is made here/)).toBeInTheDocument();
  });
});

it('speaks of the chart’s state to those who do not see it', async () => {
  const { user } = setup();
  await upTo(2, user);
  const nav = screen.getByRole('navigation', { name: 'Steps' });
  expect(within(nav).getByRole('button', { current: 'step' })).toHaveTextContent('Model');
});
