import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ComponentProps } from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Instance, Rule } from '../api/rules';
import { instance, panelData, rule, wide } from '../testing/data';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { AttentionList, sentenceOf } from './AttentionList';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const LABELS = `POST ${resource('labels')}`;

function setup(rules: Rule[], change: Partial<ComponentProps<typeof AttentionList>> = {}, answers: Answers = {}) {
  const grafana = fakeGrafana({ [LABELS]: sample.label(), ...answers });
  render(<AttentionList rules={rules} charts={{}} silences={[]} filter="" most={10} {...change} />, {
    wrapper: MemoryRouter,
  });
  return { ...grafana, user: userEvent.setup() };
}
const rows = () => screen.getAllByRole('listitem');
const host = (name: string, change: Partial<Instance> = {}) =>
  instance({ labels: { alertname: 'CPU', instance: name }, summary: `${name}: busy`, ...change });
const trained = (instances: Instance[]) =>
  rule({ instances, query: { refId: 'A', queryType: 'anomaly', model: { name: 'cpu' } } });

beforeEach(() => signIn('Editor'));

describe('the order', () => {
  it('is what fires before what may, the most severe and the longest first', () => {
    setup([
      rule({
        instances: [
          host('late', { since: '2026-03-01T11:00:00Z' }),
          host('maybe', { state: 'pending', labels: { instance: 'maybe', severity: 'critical' } }),
          host('early', { since: '2026-03-01T08:00:00Z' }),
          host('grave', { labels: { instance: 'grave', severity: 'critical' } }),
        ],
      }),
    ]);
    expect(rows().map((row) => /grave|early|late|maybe/.exec(row.textContent ?? '')?.[0])).toEqual([
      'grave',
      'early',
      'late',
      'maybe',
    ]);
    expect(rows()[3]).toHaveTextContent('pending');
  });
});

describe('a sentence', () => {
  it.each([
    ['db-2 /var: full in 6 h', 'db-2 /var', 'full in 6 h'],
    ['db-2 /var：6 小时后写满', 'db-2 /var', '6 小时后写满'],
    ['db-2 : two\nlines', 'db-2', 'two\nlines'],
    ['db-20: full', 'db-2', 'db-20: full'],
    ['The disk of db-2 is full', 'db-2', 'The disk of db-2 is full'],
    ['db-2:', 'db-2', 'db-2:'],
    ['', 'db-2', ''],
  ])('%p of %p is told as %p', (summary, entity, told) => expect(sentenceOf(summary, entity)).toBe(told));

  it('is left out where a rule has none of its own yet', () => {
    setup([rule({ name: 'Disk', instances: [host('db-2', { summary: 'Disk' })] })]);
    expect(within(rows()[0]).getAllByText(/Disk/)).toHaveLength(1);
  });
});

describe('a row', () => {
  it('has no age where the rule does not know since when', () => {
    setup([rule({ instances: [host('db-2', { since: '' })] })]);
    expect(rows()[0]).not.toHaveTextContent('since');
  });

  it('says since when, and the very time on request', () => {
    setup([rule({ instances: [host('db-2')] })]);
    expect(within(rows()[0]).getByTitle('2026-03-01 11:00:00')).toHaveTextContent(/since/);
  });

  it('draws its own series alone', () => {
    setup([rule({ instances: [host('db-2')] })], {
      charts: { disk: panelData([wide({ 'db-1': [1] }, 'actual'), wide({ 'db-2': [2] }, 'actual')]) },
    });
    expect(screen.getByTestId('panel')).toHaveAttribute('data-series', '1');
  });

  it('leads to no panel where the rule names none', () => {
    setup([rule({ instances: [host('db-2')] })]);
    expect(screen.queryByRole('link', { name: 'Open panel' })).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Why' })).not.toBeInTheDocument();
  });
});

describe('a verdict', () => {
  it('is asked for of what a trained model judged, from its beginning until now, by the labels of the series', async () => {
    const active = host('db-2', {
      labels: {
        alertname: 'CPU',
        grafana_folder: 'F',
        severity: 'critical',
        kind: 'anomaly',
        model: 'cpu',
        __p__: '',
        instance: 'db-2',
      },
    });
    const { user, sent } = setup([trained([active])]);
    await user.click(screen.getByRole('button', { name: 'Not an anomaly' }));
    await waitFor(() => expect(sent).toHaveLength(1));
    const { to, ...rest } = sent[0].data as { to: string };
    expect(rest).toEqual({
      model: 'cpu',
      series: { instance: 'db-2' },
      from: '2026-03-01T11:00:00Z',
      kind: 'not-an-anomaly',
      note: '',
    });
    expect(Math.abs(Date.parse(to) - Date.now())).toBeLessThan(60_000);
  });

  it('is not asked for of what no model judged', () => {
    setup([rule({ instances: [host('db-2')] })]);
    expect(screen.queryByRole('button', { name: 'Incident' })).not.toBeInTheDocument();
  });

  it('says why it could not be kept', async () => {
    const { user } = setup([trained([host('db-2')])], {}, { [LABELS]: refusal(503, 'the store is away') });
    await user.click(screen.getByRole('button', { name: 'Incident' }));
    expect(await screen.findByRole('alert')).toHaveTextContent('the store is away');
  });
});

describe('too much', () => {
  const many = rule({ instances: Array.from({ length: 400 }, (_, i) => host(`host-${i}`)) });

  it('is folded to the most urgent, and filtered over all', () => {
    setup([many], { filter: 'host-39', most: 5 });
    // host-39 and host-390 to host-399
    expect(rows()).toHaveLength(5);
    expect(screen.getByRole('button', { name: 'Show all 11' })).toBeInTheDocument();
  });

  it.each([
    ['the name of the rule', 'disk fill', true],
    ['the name of the model', 'CPU-model', true],
    ['the sentence', 'BUSY', true],
    ['what stands nowhere', 'mail', false],
  ])('is filtered by %s', (_, filter, found) => {
    const one = { ...rule({ instances: [host('db-2')] }) };
    one.query = { ...one.query, model: { name: 'cpu-model' } };
    setup([one], { filter });
    expect(screen.queryAllByRole('listitem')).toHaveLength(found ? 1 : 0);
    expect(screen.queryAllByText('Nothing here matches the filter.')).toHaveLength(found ? 0 : 1);
  });
});

describe('a Viewer', () => {
  it('reads all and is offered nothing that changes anything', () => {
    signIn('Viewer');
    setup([trained([host('db-2', { description: 'Why it is so.' })])]);
    expect(screen.getAllByRole('button').map((b) => b.textContent)).toEqual(['Why']);
    expect(screen.getByText('notifies')).toBeInTheDocument();
  });
});
