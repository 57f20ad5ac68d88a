import { initPluginTranslations } from '@grafana/i18n';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Client } from '../api/client';
import { Definition, Job } from '../api/contract';
import { englishOn, signInChinese } from '../testing/chinese';
import { wide } from '../testing/data';
import { Answers, fakeGrafana, refusal, Reply, signIn } from '../testing/grafana';
import { backEnd, resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { newDefinition } from './draft';
import { Wizard } from './Wizard';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const PREVIEW = `POST ${resource('preview')}`;
const CPU = newDefinition({ queryType: 'anomaly', source: { kind: 'prometheus', expr: 'node_load1' } });
const job = (change: Partial<Job> = {}): Job => ({
  ...sample.job(),
  model: 'node-load1-anomaly',
  version: 3,
  state: 'done',
  ...change,
});

function setup(answers: Answers = {}, reply: Reply = () => [wide({ a: [1, 2] }, 'actual')], start: Definition = CPU) {
  const grafana = fakeGrafana(
    backEnd({
      [PREVIEW]: sample.preview(),
      [`POST ${resource('jobs')}`]: job(),
      [resource('models/node-load1-anomaly/versions/3')]: sample.version(),
      [`POST ${resource('replay')}`]: sample.replay(),
      '/api/folders?limit=500': [],
      '/api/v1/provisioning/contact-points': [],
      '/api/search?type=dash-db&limit=50&query=': [],
      ...answers,
    }),
    reply
  );
  const { container } = render(<Wizard client={new Client('fw')} start={start} taken={[]} />, {
    wrapper: MemoryRouter,
  });
  return { ...grafana, container, user: userEvent.setup() };
}
type User = ReturnType<typeof userEvent.setup>;
const press = async (user: User, name: string) => user.click(await screen.findByRole('button', { name }));
const toModel = async (user: User) => {
  await screen.findByRole('region', { name: 'What the query finds' });
  await press(user, 'Choose the model');
};
const chart = () => screen.getByTestId('panel');

beforeEach(() => signIn('Editor'));
afterEach(() => initPluginTranslations('back to English', [async () => ({})]));

describe('the chart', () => {
  it('shows the values first, then what the model says of them', async () => {
    const { user, queries } = setup();
    await waitFor(() => expect(chart()).toHaveTextContent('The last 14 days'));
    expect(queries[0]).toMatchObject({ queryType: 'series', source: { expr: 'node_load1' } });
    await toModel(user);
    await waitFor(() => expect(queries[queries.length - 1].queryType).toBe('anomaly'));
    expect(chart()).toHaveTextContent('As this model sees it');
  });

  it('says that there is nothing to draw where the query finds nothing, and leads no further', async () => {
    setup({ [PREVIEW]: { ...sample.preview(), series: [] } }, () => []);
    expect(await screen.findByText('There is nothing to draw for this query.')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Choose the model' })).toBeDisabled();
  });

  it('does not repeat what the preview says of a source that is down', async () => {
    setup({ [PREVIEW]: refusal(502, 'connection refused') }, () => new Error('connection refused'));
    expect(await screen.findByText('connection refused')).toBeInTheDocument();
    await settle();
    expect(screen.getAllByText('connection refused')).toHaveLength(1);
  });

  it('says why it failed where only it did', async () => {
    setup({}, () => new Error('too many points'));
    expect(await screen.findByText('too many points')).toBeInTheDocument();
    expect(await screen.findByRole('button', { name: 'Choose the model' })).toBeEnabled();
  });

  it('shades maintenance and events beside what is left out', async () => {
    const span = { from: '2026-11-02T08:00:00Z', to: '2026-11-02T11:30:00Z' };
    const weekly = { days: ['sun'], start: '02:00', duration: '2h' };
    setup({}, undefined, {
      ...CPU,
      excluded: [{ ...span, reason: 'outage' }],
      query: { ...CPU.query, calendar: { maintenance: [span, weekly], events: [span] } },
    });
    await waitFor(() => expect(chart()).toHaveAttribute('data-regions', '3'));
  });
});

describe('too much', () => {
  const many = Array.from({ length: 400 }, (_, i) => ({
    ...sample.preview().series[0],
    name: `db-${i}`,
    labels: { instance: `db-${i}` },
  }));

  it('is counted, and listed by the first few', async () => {
    setup({
      [PREVIEW]: {
        ...sample.preview(),
        series: many,
        cost: { series: 400, points: 1_612_800, sourceSeconds: 41, fitSeconds: 300 },
      },
    });
    const found = await screen.findByRole('region', { name: 'What the query finds' });
    expect(found).toHaveTextContent('400 series, 1,612,800 points.');
    expect(found).toHaveTextContent('41 s');
    expect(found).toHaveTextContent('5 min');
    expect(within(found).getAllByRole('row')).toHaveLength(6);
    expect(within(found).getByRole('button', { name: 'Show all 400' })).toBeInTheDocument();
  });

  it('is refused by the server with what to do', async () => {
    const said = 'answer is too large: more than 2000 series from prometheus: narrow the expression or aggregate';
    setup({ [PREVIEW]: refusal(400, said) });
    expect(
      await screen.findByText('The answer has more than 2000 series: narrow the expression or aggregate')
    ).toBeInTheDocument();
  });

  it('of results comes a page at a time', async () => {
    const [result] = sample.version().results;
    const results = many.map(({ name, labels }) => ({ ...result, name, labels }));
    const { user } = setup({
      [resource('models/node-load1-anomaly/versions/3')]: { ...sample.version(), results },
    });
    await toModel(user);
    await press(user, 'Train');
    await press(user, 'Each series (400)');
    expect(within(screen.getByRole('table')).getAllByRole('row')).toHaveLength(9);
  });
});

describe('the way through', () => {
  it('is walked with the keyboard alone', async () => {
    const { user } = setup();
    await screen.findByRole('region', { name: 'What the query finds' });
    (await screen.findByRole('button', { name: 'Choose the model' })).focus();
    await user.keyboard('{Enter}');
    screen.getByRole('button', { name: 'Train' }).focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByRole('list', { name: 'How good the model is' })).toBeInTheDocument();
    expect(screen.getByRole('button', { current: 'step' })).toHaveTextContent('Check');
    screen.getByRole('button', { name: 'Data' }).focus();
    await user.keyboard('{Enter}');
    expect(screen.getByDisplayValue('node_load1')).toBeInTheDocument();
  });

  it('stays at the model where a training failed, and can be trained again', async () => {
    const { user } = setup({
      [`POST ${resource('jobs')}`]: job({
        state: 'failed',
        error: 'the source gave no series: is the query right, and does its time hold data?',
      }),
    });
    await toModel(user);
    await press(user, 'Train');
    expect(await screen.findByText(/The source gave no series/)).toBeInTheDocument();
    expect(screen.getByRole('button', { current: 'step' })).toHaveTextContent('Model');
    expect(screen.getByRole('button', { name: 'Train' })).toBeEnabled();
  });

  it('does not train half a query', async () => {
    const { user } = setup();
    await toModel(user);
    await user.click(screen.getByRole('radio', { name: /^Early warning/ }));
    await user.clear(screen.getByLabelText('Limit'));
    expect(screen.getByRole('button', { name: 'Train' })).toBeDisabled();
  });

  it('forgets nothing of what was entered on another step', async () => {
    const { user } = setup();
    await toModel(user);
    await user.click(screen.getByRole('radio', { name: /^Forecast/ }));
    await user.type(screen.getByLabelText('Horizon'), '48h');
    await press(user, 'Back');
    await press(user, 'Choose the model');
    expect(screen.getByRole('radio', { name: /^Forecast/ })).toBeChecked();
    expect(screen.getByLabelText('Horizon')).toHaveValue('48h');
  });

  it('warns of no rule that cannot be one', async () => {
    const { user } = setup();
    await toModel(user);
    await press(user, 'Train');
    await screen.findByRole('list', { name: 'How good the model is' });
    await user.click(screen.getAllByRole('button', { name: 'Save and warn' })[1]);
    await user.clear(await screen.findByLabelText('Name of the rule'));
    expect(screen.getByRole('button', { name: 'Save' })).toBeDisabled();
    await user.click(screen.getByLabelText('Make an alert rule'));
    expect(screen.getByRole('button', { name: 'Save' })).toBeEnabled();
  });
});

describe('in Chinese', () => {
  it('each step reads so, with its refusals', async () => {
    await signInChinese('Editor');
    const { container, user } = setup({
      [PREVIEW]: { ...sample.preview(), readiness: { level: 'daily', message: '' }, notices: [] },
    });
    const written = ['node_load1', 'node-load1-anomaly', 'db-2 /var', 'db-9 /', 'Tab', 'now', '30d', '14d', 'PromQL'];
    const steps = ['数据', '模型', '检查', '保存并预警'];
    await screen.findByRole('region', { name: '查询结果' });
    const names = within(screen.getByRole('navigation', { name: '步骤' })).getAllByRole('button');
    expect(names.map((step) => step.textContent?.replace(/^\d/, ''))).toEqual(steps);
    await press(user, '选择模型');
    await settle();
    expect(screen.getByRole('radio', { name: /^提前预警/ })).toBeInTheDocument();
    await press(user, '训练');
    const figures = await screen.findByRole('list', { name: '模型效果' });
    expect(englishOn(figures)).toEqual([]);
    expect(await screen.findByRole('region', { name: '过去会触发吗？' })).toBeInTheDocument();
    await user.click(screen.getAllByRole('button', { name: '保存并预警' })[1]);
    await user.clear(await screen.findByLabelText('名称'));
    expect(screen.getByText(/字母与数字/)).toBeInTheDocument();
    expect(screen.getByRole('button', { name: '保存' })).toBeDisabled();
    await settle();
    expect(englishOn(container.querySelector('section')!, written)).toEqual([]);
  });
});
