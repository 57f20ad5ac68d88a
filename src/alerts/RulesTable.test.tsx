import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Rule } from '../api/rules';
import { RULE_LABEL, Silence } from '../rules/silences';
import { rule } from '../testing/data';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { RulesTable, RuleState } from './RulesTable';

const AT = '/api/v1/provisioning/alert-rules/disk';
const SILENCES = '/api/alertmanager/grafana/api/v2/silences';
const cpu = rule({
  uid: 'cpu',
  name: 'CPU unusual',
  query: { refId: 'A', queryType: 'anomaly', model: { name: 'cpu & co' } },
});

const show = (rules: Rule[], given: Answers = {}, silences: Silence[] = []) => {
  const onChange = jest.fn();
  const grafana = fakeGrafana(given);
  render(
    <MemoryRouter>
      <RulesTable uid="fw" rules={rules} silences={silences} onChange={onChange} />
    </MemoryRouter>
  );
  return { ...grafana, onChange, user: userEvent.setup() };
};
const row = (name: string) => screen.getByRole('link', { name }).closest('tr')!;

beforeEach(() => signIn('Editor'));

describe('the table of rules', () => {
  it('says what each rule is for, and leads to the rule and to its model', () => {
    show([rule(), cpu]);
    const disk = within(row('Disk filling up'));
    expect(disk.getByText('Early warning')).toBeInTheDocument();
    expect(disk.getByText('fitted on request')).toBeInTheDocument();
    expect(disk.getByText('Forewarn')).toBeInTheDocument();
    expect(disk.getByRole('link')).toHaveAttribute('href', '/alerting/grafana/disk/view');
    const unusual = within(row('CPU unusual'));
    expect(unusual.getByText('Anomaly')).toBeInTheDocument();
    expect(unusual.getByRole('link', { name: 'cpu & co' }).getAttribute('href')).toMatch(/ds=fw&model=cpu%20%26%20co$/);
  });

  it.each([
    ['Stop', {}, true],
    ['Start', { paused: true }, false],
  ])('has a button "%s" that keeps all else of the rule as it is', async (name, change, paused) => {
    const saved = { uid: 'disk', title: 'Disk filling up', for: '5m', isPaused: !paused, data: [{ refId: 'A' }] };
    const { user, sent, onChange } = show([rule(change)], { [AT]: saved, [`PUT ${AT}`]: {} });
    await user.click(screen.getByRole('button', { name }));
    await waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    const put = sent.find((s) => s.method === 'PUT')!;
    expect(put.data).toEqual({ ...saved, isPaused: paused });
    expect(put.headers).toEqual({ 'X-Disable-Provenance': 'true' });
  });

  it('says why a rule could not be stopped, and looks at it again', async () => {
    const { user, onChange } = show([rule()], { [AT]: { uid: 'disk' }, [`PUT ${AT}`]: refusal(403, 'not yours') });
    await user.click(screen.getByRole('button', { name: 'Stop' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('not yours');
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(screen.getByRole('button', { name: 'Stop' })).toBeEnabled();
  });

  it('stops no rule that comes from a file, which Grafana would refuse', () => {
    show([rule({ provisioned: true })]);
    expect(screen.queryByRole('button', { name: 'Stop' })).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Notify off' })).toBeInTheDocument();
  });

  it('offers a viewer nothing to change', () => {
    signIn('Viewer');
    show([rule(), rule({ uid: 'two', name: 'Two', paused: true })]);
    expect(screen.queryByRole('button', { name: /Stop|Start|Notify/ })).not.toBeInTheDocument();
    expect(screen.getAllByText('notifies')).toHaveLength(2);
  });

  it.each([
    ['for an hour', 1],
    ['for four hours', 4],
    ['for a day', 24],
    ['for a week', 168],
  ])('turns notifications off %s, and no longer', async (span, hours) => {
    const { user, sent, onChange } = show([rule()], { [`POST ${SILENCES}`]: { silenceID: 's1' } });
    await user.click(screen.getByRole('button', { name: 'Notify off' }));
    await user.click(await screen.findByRole('menuitem', { name: span }));
    await waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    const silence = sent[0].data as Silence;
    expect(silence.matchers).toEqual([{ name: RULE_LABEL, value: 'disk', isEqual: true, isRegex: false }]);
    expect((Date.parse(silence.endsAt) - Date.parse(silence.startsAt)) / 3_600_000).toBeCloseTo(hours, 1);
    expect(silence.createdBy).toBe('anna');
    expect(silence.comment).toContain('Disk filling up');
  });

  it('shows until when notifications are off, and by whom, and turns them on again', async () => {
    const held: Silence = {
      id: 's7',
      matchers: [{ name: RULE_LABEL, value: 'disk', isEqual: true, isRegex: false }],
      startsAt: '2026-03-01T12:00:00Z',
      endsAt: '2026-03-01T16:00:00Z',
      createdBy: 'ben',
      comment: 'release',
      status: { state: 'active' },
    };
    const end = 'DELETE /api/alertmanager/grafana/api/v2/silence/s7';
    const { user, sent, onChange } = show([rule(), cpu], { [end]: {} }, [held]);
    expect(within(row('Disk filling up')).getByText('off until 2026-03-01 16:00')).toBeInTheDocument();
    expect(within(row('CPU unusual')).queryByText(/^off until/)).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Notify again' }));
    await waitFor(() => expect(onChange).toHaveBeenCalledTimes(1));
    expect(sent.map((s) => `${s.method} ${s.url}`)).toEqual([end]);
  });
});

describe('the state of a rule', () => {
  const at = (state: 'firing' | 'pending', since: string) => ({ labels: {}, summary: '', state, since });

  it('tells since when it fires, not since when another instance waits', () => {
    const instances = [at('pending', '2026-03-01T09:00:00Z'), at('firing', '2026-03-01T11:00:00Z')];
    instances.push(at('firing', '2026-03-01T10:00:00Z'));
    render(<RuleState rule={rule({ instances })} />);
    expect(screen.getByText('2 firing').closest('[title]')).toHaveAttribute('title', '2026-03-01 10:00:00');
  });

  it('that cannot be evaluated can be reached by keyboard for the reason', async () => {
    render(<RuleState rule={rule({ error: 'source is down' })} />);
    await userEvent.setup().tab();
    expect(await screen.findByText('source is down')).toBeInTheDocument();
  });
});
