import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { renderAt } from '../testing/page';
import { backEnd, resource, sample } from '../testing/samples';
import AlertsPage from './AlertsPage';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const RULES = '/api/prometheus/grafana/api/v1/rules';
const SILENCES = '/api/alertmanager/grafana/api/v2/silences';
const RULE = '/api/v1/provisioning/alert-rules/cpu';

const raw = (uid: string, change: object = {}, model: object = { name: 'disk-root' }) => ({
  uid,
  name: uid,
  health: 'ok',
  queriedDatasourceUIDs: ['fw'],
  query: JSON.stringify([{ datasourceUid: 'fw', model: { refId: 'A', queryType: 'anomaly', model } }]),
  alerts: [],
  ...change,
});
const alert = (state: string) => ({ state, activeAt: '2026-03-01T11:00:00Z', labels: {} });
const rules = (...list: object[]) => ({ data: { groups: [{ file: 'Forewarn', rules: list }] } });
const silence = (change: object = {}) => ({
  id: 's1',
  matchers: [{ name: '__alert_rule_uid__', value: 'cpu', isEqual: true, isRegex: false }],
  startsAt: '2026-03-01T11:00:00Z',
  endsAt: new Date(Date.now() + 7_200_000).toISOString(),
  createdBy: 'ben',
  comment: 'migration',
  status: { state: 'active' },
  ...change,
});

const answers = (change: Answers = {}): Answers =>
  backEnd({ [RULES]: rules(raw('cpu'), raw('disk', {}, {})), [SILENCES]: [], ...change });

const setup = (given: Answers = answers()) => {
  const grafana = fakeGrafana(given);
  renderAt(<AlertsPage />);
  return { ...grafana, user: userEvent.setup() };
};
const row = async (name: string) => (await screen.findByRole('link', { name })).closest('tr')!;

beforeEach(() => signIn('Admin'));

describe('rules', () => {
  it('are listed with their state and the model that they ask', async () => {
    setup();
    expect(await row('cpu')).toHaveTextContent('normal');
    expect(within(await row('cpu')).getByRole('link', { name: 'disk-root' })).toHaveAttribute(
      'href',
      '/a/forewarn-earlywarning-app/models?ds=fw&model=disk-root'
    );
    expect(await row('disk')).toHaveTextContent('fitted on request');
  });

  it.each([
    ['firing', { alerts: [alert('Alerting'), alert('Alerting')] }, '2 firing'],
    ['pending', { alerts: [alert('Pending')] }, '1 pending'],
    ['broken', { health: 'error', lastError: 'mysql is down' }, 'cannot be evaluated'],
    ['stopped', { isPaused: true }, 'stopped'],
  ])('say that they are %s', async (_, change, words) => {
    setup(answers({ [RULES]: rules(raw('cpu', change)) }));
    expect(await row('cpu')).toHaveTextContent(words);
  });

  it('are filtered', async () => {
    const { user } = setup();
    await user.type(await screen.findByPlaceholderText('Filter by rule, model or folder'), 'root');
    expect(screen.queryByRole('link', { name: 'disk' })).not.toBeInTheDocument();
  });

  it('are stopped and started, but not those from files', async () => {
    const { user, sent } = setup(
      answers({
        [RULES]: rules(raw('cpu'), raw('disk', { provenance: 'file' })),
        [RULE]: { uid: 'cpu', title: 'cpu' },
        [`PUT ${RULE}`]: {},
      })
    );
    expect(within(await row('disk')).queryByRole('button', { name: 'Stop' })).not.toBeInTheDocument();
    await user.click(within(await row('cpu')).getByRole('button', { name: 'Stop' }));
    await waitFor(() => expect(sent.filter((s) => s.method === 'PUT')).toHaveLength(1));
    expect(sent.find((s) => s.method === 'PUT')).toMatchObject({
      data: { uid: 'cpu', isPaused: true },
      headers: { 'X-Disable-Provenance': 'true' },
    });
  });

  it('say why they cannot be stopped', async () => {
    const { user } = setup(answers({ [RULE]: refusal(500, 'cannot change provenance') }));
    await user.click(within(await row('cpu')).getByRole('button', { name: 'Stop' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('cannot change provenance');
  });

  it('that there are none leads to the wizard', async () => {
    setup(answers({ [RULES]: rules() }));
    expect(await screen.findByText('No rule asks this data source yet')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Train a model' })).toBeInTheDocument();
  });

  it('that cannot be read are said to be the failing side', async () => {
    setup(answers({ [RULES]: new Error('alerting is off') }));
    expect(await screen.findByText('alerting is off')).toBeInTheDocument();
  });
});

describe('silences', () => {
  it('show what is off until when, by whom and why, and are ended', async () => {
    const { user, sent } = setup(
      answers({
        [SILENCES]: [silence(), silence({ id: 'old', status: { state: 'expired' } })],
        'DELETE /api/alertmanager/grafana/api/v2/silence/s1': {},
      })
    );
    const section = await screen.findByRole('region', { name: 'Silences' });
    await within(section).findByText('cpu');
    expect(section).toHaveTextContent(/ends in 2 hours/);
    expect(section).toHaveTextContent('ben · migration');
    expect(await row('cpu')).toHaveTextContent('off until');
    await user.click(within(section).getByRole('button', { name: 'End it now' }));
    expect(sent.filter((s) => s.method === 'DELETE')).toHaveLength(1);
  });

  it('name other conditions as they are', async () => {
    const matchers = [{ name: 'instance', value: 'a|b', isEqual: false, isRegex: true }];
    setup(answers({ [SILENCES]: [silence({ matchers })] }));
    expect(await screen.findByText('instance!~a|b')).toBeInTheDocument();
  });

  it('that cannot be read are said so', async () => {
    setup(answers({ [SILENCES]: new Error('no alertmanager') }));
    expect(await screen.findByText('no alertmanager')).toBeInTheDocument();
  });
});

describe('channels', () => {
  const group = (name: string) => screen.findByRole('group', { name });

  it('show what happened last; one that is off cannot be tested', async () => {
    setup();
    expect(await group('ops')).toHaveTextContent(/dingtalk · oapi.dingtalk.com.*delivered/);
    expect(await group('sms')).toHaveTextContent('switched off');
    expect(within(await group('sms')).getByRole('button')).toBeDisabled();
  });

  it.each([
    [{ ok: true }, 'accepted'],
    [{ ok: false, answer: '{"errcode":310000}' }, 'refused'],
  ])('send a test and show the answer, word for word: %j', async (change, word) => {
    const { user } = setup(
      answers({ [`POST ${resource('channels/ops/test')}`]: { ...sample.channelTest(), ...change } })
    );
    await user.click(within(await group('ops')).getByRole('button', { name: 'Send a test' }));
    const answer = await within(await group('ops')).findByRole('status');
    expect(answer).toHaveTextContent(word);
    expect(answer).toHaveTextContent('errcode');
    expect(answer).toHaveTextContent('status 200 after 212 ms');
  });

  it('say why a test could not be sent', async () => {
    const { user } = setup(answers({ [`POST ${resource('channels/ops/test')}`]: refusal(502, 'no route to host') }));
    await user.click(within(await group('ops')).getByRole('button', { name: 'Send a test' }));
    expect(await screen.findByText('no route to host')).toBeInTheDocument();
  });

  it('are tested by admins alone, and not shown to viewers', async () => {
    signIn('Editor');
    const { requests } = setup();
    expect(within(await group('ops')).queryByRole('button')).not.toBeInTheDocument();
    expect(requests).toContain(resource('channels'));
  });

  it('that there are none says where they are set', async () => {
    setup(answers({ [resource('channels')]: { channels: [] } }));
    expect(await screen.findByText(/No channel goes through the relay/)).toBeInTheDocument();
  });
});

it('offers a Viewer nothing that changes anything, and does not ask for what is not hers', async () => {
  signIn('Viewer');
  const { sent, requests } = setup(answers({ [SILENCES]: [silence()] }));
  await row('cpu');
  await screen.findByText(/ends in 2 hours/);
  expect(screen.queryByRole('button', { name: /stop|notify|end|test/i })).not.toBeInTheDocument();
  expect(requests).not.toContain(resource('channels'));
  expect(sent.filter((s) => s.method !== 'GET')).toEqual([]);
});
