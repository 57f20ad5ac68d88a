import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Rule } from '../api/rules';
import { RulerRule } from '../rules/build';
import { PREPARED, preparedRule, titleOf } from '../rules/prepared';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { PreparedRules } from './PreparedRules';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const RULES = '/api/ruler/grafana/api/v1/rules/f1';
const answers = (change: Answers = {}): Answers => ({
  '/api/folders?limit=500': [{ uid: 'f1', title: 'Forewarn' }],
  [RULES]: {},
  [`POST ${RULES}`]: { created: ['new'] },
  ...change,
});
const hosts = PREPARED.find((g) => g.name === 'hosts')!;
const rules = (...names: string[]) => names.map((name) => ({ name })) as Rule[];

const setup = (there: Rule[] = [], given: Answers = answers()) => {
  const onChange = jest.fn();
  const grafana = fakeGrafana(given);
  render(<PreparedRules uid="fw" rules={there} onChange={onChange} />);
  return { ...grafana, onChange, user: userEvent.setup() };
};
const area = (name: string) => screen.getByRole('group', { name });

beforeEach(() => signIn('Editor'));

describe('prepared rules', () => {
  it('cover hosts, containers, the gateway, tables and logs', () => {
    setup();
    for (const name of [
      'Hosts (node_exporter)',
      'Containers (cAdvisor, logs)',
      'LLM and API gateway',
      'MySQL (mysqld_exporter, tables)',
      'Logs in MySQL',
    ]) {
      expect(within(area(name)).getByRole('button', { name: /Install \d+ rules/ })).toBeEnabled();
    }
  });

  it('are installed for the chosen data source, one by one into one group', async () => {
    const { user, sent, onChange } = setup();
    await user.click(within(area('Hosts (node_exporter)')).getByRole('button'));
    await waitFor(() => expect(onChange).toHaveBeenCalled());
    const posts = sent.filter((s) => s.method === 'POST');
    expect(posts).toHaveLength(hosts.rules.length);
    for (const post of posts) {
      const group = post.data as { name: string; rules: RulerRule[] };
      expect(group.name).toBe('hosts');
      const asked = group.rules[0].grafana_alert.data.map((n) => n.datasourceUid);
      expect(new Set(asked)).toEqual(new Set(['fw', '__expr__']));
    }
  });

  it('that are there already are not installed again', async () => {
    const { user, sent, onChange } = setup(rules(...hosts.rules.slice(1).map((r) => r.title)));
    await user.click(within(area('Hosts (node_exporter)')).getByRole('button', { name: 'Install 1 rules' }));
    await waitFor(() => expect(onChange).toHaveBeenCalled());
    expect(sent.filter((s) => s.method === 'POST')).toHaveLength(1);
  });

  it.each([
    ['English', (r: (typeof hosts.rules)[0]) => r.title],
    ['Chinese', (r: (typeof hosts.rules)[0]) => r.annotations.title_zh],
  ])('that are all there in %s are said to be', (_, title) => {
    setup(rules(...hosts.rules.map(title)));
    expect(within(area('Hosts (node_exporter)')).queryByRole('button')).not.toBeInTheDocument();
    expect(screen.getByText('Installed')).toBeInTheDocument();
  });

  it('that Grafana refuses say why', async () => {
    const { user } = setup([], answers({ [`POST ${RULES}`]: refusal(403, 'no right to write rules here') }));
    await user.click(within(area('Logs in MySQL')).getByRole('button'));
    expect(await screen.findByText('no right to write rules here')).toBeInTheDocument();
  });

  it('are offered to nobody who may not make rules', () => {
    signIn('Viewer');
    setup();
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });
});

describe('a prepared rule', () => {
  it.each(PREPARED.flatMap((g) => g.rules).map((r) => [r.title, r] as const))('is complete: %s', (_, rule) => {
    for (const zh of [false, true]) {
      const made = preparedRule(rule, 'another', zh);
      expect(made.grafana_alert.title).toBe(titleOf(rule, zh));
      expect(made.grafana_alert.data.map((n) => n.refId)).toContain(made.grafana_alert.condition);
      expect(JSON.stringify(made.grafana_alert.data)).not.toContain('"uid":"forewarn"');
      expect(made.annotations.summary).toBe(zh ? rule.annotations.summary_zh : rule.annotations.summary);
      // whoever reads the other language finds its sentences, too
      const { summary, description } = rule.annotations;
      expect(made.annotations).toMatchObject(
        zh ? { summary_en: summary, description_en: description } : { summary_zh: rule.annotations.summary_zh }
      );
      expect(made.annotations.__dashboardUid__).toMatch(zh ? /^forewarn-\w+-zh$/ : /^forewarn-\w+$/);
      expect(made.annotations.__panelId__).toMatch(/^\d+$/);
    }
  });
});
