import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Client } from '../api/client';
import { Channel } from '../api/contract';
import { Rule } from '../api/rules';
import { Matcher, RULE_LABEL, Silence } from '../rules/silences';
import { fakeGrafana, refusal, signIn } from '../testing/grafana';
import { rule } from '../testing/data';
import { resource } from '../testing/samples';
import { ChannelList } from './ChannelList';
import { RuleState } from './RulesTable';
import { aboutOf, SilenceList } from './SilenceList';

const firing = { labels: {}, summary: '', state: 'firing' as const, since: '2026-03-01T12:00:00Z' };
const instances = (...states: string[]) => states.map((state) => ({ ...firing, state })) as Rule['instances'];

describe('the state of a rule', () => {
  it.each<[string, Partial<Rule>]>([
    ['normal', { instances: [] }],
    ['2 firing', { instances: instances('firing', 'pending', 'firing') }],
    ['1 pending', { instances: instances('pending') }],
    ['cannot be evaluated', { instances: instances('firing'), error: 'source is down' }],
    ['stopped', { paused: true, error: 'whatever' }],
  ])('is said in words: %s', (words, change) => {
    render(<RuleState rule={{ ...rule(), ...change } as Rule} />);
    expect(screen.getByText(words)).toBeInTheDocument();
  });
});

describe('a silence', () => {
  const silence = (matchers: Matcher[]): Silence => ({
    id: 's1',
    matchers,
    startsAt: '2026-03-01T12:00:00Z',
    endsAt: '2026-03-01T16:00:00Z',
    createdBy: 'anna',
    comment: 'release & <more>',
    status: { state: 'active' },
  });
  const is = (name: string, value: string, isEqual = true, isRegex = false) => ({ name, value, isEqual, isRegex });
  const known = { ...rule(), uid: 'r1', name: 'Disk filling up' } as Rule;

  it.each([
    ['the rule by its name', [is(RULE_LABEL, 'r1')], 'Disk filling up'],
    ['a rule that is gone by its id', [is(RULE_LABEL, 'r9')], 'r9'],
    ['labels as they are', [is(RULE_LABEL, 'r1'), is('host', 'a')], 'Disk filling up · host=a'],
    [
      'what must not be, and patterns',
      [is('host', 'a', false), is('disk', 'a|b', true, true), is('team', 'x.*', false, true)],
      'host!=a · disk=~a|b · team!~x.*',
    ],
  ])('names %s', (_, matchers, about) => expect(aboutOf(silence(matchers), [known])).toBe(about));

  it('says who, why and until when, and can be ended by an editor', async () => {
    signIn('Editor');
    const { sent } = fakeGrafana({ 'DELETE /api/alertmanager/grafana/api/v2/silence/s1': {} });
    const onChange = jest.fn();
    render(<SilenceList silences={[silence([is(RULE_LABEL, 'r1')])]} rules={[known]} onChange={onChange} />);
    expect(screen.getByText(/anna · release & <more>/)).toBeInTheDocument();
    await userEvent.setup().click(screen.getByRole('button', { name: 'End it now' }));
    expect(sent[0].method).toBe('DELETE');
    expect(onChange).toHaveBeenCalled();
  });

  it('that cannot be ended says why', async () => {
    signIn('Editor');
    fakeGrafana({ 'DELETE /api/alertmanager/grafana/api/v2/silence/s1': refusal(500, 'alertmanager is away') });
    render(<SilenceList silences={[silence([is(RULE_LABEL, 'r1')])]} rules={[known]} onChange={jest.fn()} />);
    await userEvent.setup().click(screen.getByRole('button', { name: 'End it now' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('alertmanager is away');
  });

  it('is shown to a viewer, who cannot end it', () => {
    signIn('Viewer');
    render(<SilenceList silences={[silence([is(RULE_LABEL, 'r1')])]} rules={[known]} onChange={jest.fn()} />);
    expect(screen.getByText('Disk filling up')).toBeInTheDocument();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });
});

describe('a channel', () => {
  const channel = (change: Partial<Channel> = {}): Channel => ({
    name: 'on-call',
    kind: 'dingtalk',
    host: 'oapi.dingtalk.com',
    enabled: true,
    lastStatus: '',
    lastAt: null,
    ...change,
  });
  const show = async (one: Channel, test: unknown = { ok: true, status: 200, answer: 'ok', milliseconds: 12 }) => {
    const grafana = fakeGrafana({
      [resource('channels')]: { channels: [one] },
      [`POST ${resource('channels/on-call/test')}`]: test,
    });
    render(<ChannelList client={new Client('fw')} />);
    await screen.findByText('on-call');
    return { ...grafana, user: userEvent.setup() };
  };

  it.each([
    ['that took a message', { ok: true, status: 200, answer: 'ok', milliseconds: 12 }, ['accepted', 'ok']],
    [
      'that refused it with a friendly status',
      { ok: false, status: 200, answer: '{"errcode":310000}', milliseconds: 12 },
      ['refused', '{"errcode":310000}'],
    ],
    ['that could not be reached', refusal(502, 'no route to host'), ['The test could not be sent', 'no route to host']],
  ])('%s shows its answer word for word', async (_, answer, words) => {
    signIn('Admin');
    const { user } = await show(channel(), answer);
    await user.click(screen.getByRole('button', { name: 'Send a test' }));
    for (const word of words) {
      expect(await screen.findByText(word)).toBeInTheDocument();
    }
  });

  it('that is switched off cannot be tested', async () => {
    signIn('Admin');
    await show(channel({ enabled: false }));
    expect(screen.getByText('switched off')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Send a test' })).toBeDisabled();
  });

  it('that failed last time says how, and only an admin may test it', async () => {
    signIn('Editor');
    await show(channel({ lastStatus: 'keywords not in content', lastAt: '2026-03-01T12:00:00Z' }));
    expect(screen.getByText('keywords not in content')).toBeInTheDocument();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('that took its last message well says how long ago', async () => {
    signIn('Viewer');
    await show(channel({ lastStatus: 'ok', lastAt: new Date(Date.now() - 7_200_000).toISOString() }));
    expect(screen.getByText('delivered 2 hours ago')).toBeInTheDocument();
    expect(screen.getByText('dingtalk · oapi.dingtalk.com')).toBeInTheDocument();
  });

  it('is looked at again after a test, so that its state is that of the test', async () => {
    signIn('Admin');
    const { user, requests } = await show(channel());
    const before = requests.filter((url) => url === resource('channels')).length;
    await user.click(screen.getByRole('button', { name: 'Send a test' }));
    await screen.findByText('accepted');
    expect(requests.filter((url) => url === resource('channels'))).toHaveLength(before + 1);
  });
});

describe('the channels', () => {
  it('that are none say where they are set, and that Grafana’s own work without', async () => {
    fakeGrafana({ [resource('channels')]: { channels: [] } });
    render(<ChannelList client={new Client('fw')} />);
    expect(await screen.findByText(/set in the data source’s settings; Grafana’s own contact points/)).toBeVisible();
  });

  it('that cannot be read say why, and can be asked for again', async () => {
    let answer: unknown = refusal(500, 'jsonData.channels: no such kind');
    fakeGrafana({ [resource('channels')]: () => answer });
    render(<ChannelList client={new Client('fw')} />);
    expect(await screen.findByText('jsonData.channels: no such kind')).toBeInTheDocument();
    answer = { channels: [] };
    await userEvent.setup().click(screen.getByRole('button'));
    expect(await screen.findByText(/^No channel goes through the relay/)).toBeInTheDocument();
  });
});
