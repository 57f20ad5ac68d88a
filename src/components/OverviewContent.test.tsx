import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Overview as Told } from '../api/contract';
import { Overview } from '../pages/useOverview';
import { instance, NOW, overview, panelData, rule, warning, wide } from '../testing/data';
import { signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { OverviewContent } from './OverviewContent';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  PanelRenderer: ({ pluginId, data }: { pluginId: string; data: { series: unknown[] } }) => (
    <div data-testid={pluginId} data-series={data.series.length} />
  ),
}));

const show = (change: Partial<Overview> = {}) =>
  render(<OverviewContent overview={overview(change)} />, { wrapper: MemoryRouter });
const tile = (title: string) => screen.getByRole('region', { name: title });
const section = (title: string) => screen.getByRole('region', { name: title });

describe('what runs out, where it could not be asked', () => {
  const failures = [{ rule: rule(), message: 'connection refused' }];

  it('is not said to be nothing', () => {
    show({ failures });
    expect(tile('Runs out within 72 h')).toHaveTextContent('–');
    expect(tile('Runs out within 72 h')).toHaveTextContent('rules that could not be asked: 1');
  });

  it('is what the others say', () => {
    show({ failures, warnings: [warning({ eta: 9, etaEarly: 6 })] });
    expect(tile('Runs out within 72 h')).toHaveTextContent('1');
    expect(tile('Runs out within 72 h')).toHaveTextContent('db-1 / in 6 h');
  });

  it('is nothing where only another kind of rule failed', () => {
    show({ failures: [{ rule: rule({ query: { refId: 'A', queryType: 'anomaly' } }), message: 'no' }] });
    expect(tile('Runs out within 72 h')).toHaveTextContent('nothing in sight');
  });
});

describe('nothing set up yet', () => {
  it('leads an administrator to the data source', () => {
    signIn('Admin');
    render(<OverviewContent overview={{ hasDataSource: false, charts: {}, units: {}, failures: [], at: NOW }} />);
    expect(screen.getByRole('link', { name: 'Add the Forewarn data source' })).toHaveAttribute(
      'href',
      expect.stringContaining('/connections/datasources/new')
    );
    expect(screen.queryByText('Abnormal now')).not.toBeInTheDocument();
  });

  it('leads to a first model and a first rule', () => {
    signIn('Editor');
    show({ rules: [] });
    expect(screen.getByRole('link', { name: 'Train a model' })).toHaveAttribute(
      'href',
      '/a/forewarn-earlywarning-app/train'
    );
    expect(screen.getByRole('link', { name: 'New alert rule' })).toHaveAttribute('href', '/alerting/new/alerting');
  });

  it('offers a Viewer the dashboards only', () => {
    signIn('Viewer');
    show({ rules: [] });
    expect(screen.getAllByRole('link').map((link) => link.textContent)).toEqual(['Open the dashboards']);
  });
});

describe('while it is read', () => {
  it('already has its shape, and says that it is busy', () => {
    render(<OverviewContent />);
    for (const title of [
      'Abnormal now',
      'Runs out within 72 h',
      'Rules healthy',
      'Alerts in 24 h',
      'Needs attention',
      'What runs out first',
    ]) {
      expect(screen.getByRole('region', { name: title })).toHaveAttribute('aria-busy', 'true');
    }
  });

  it('shows what is there already', () => {
    show({ warnings: undefined, fired: undefined, rules: [rule({ instances: [instance()] })] });
    expect(tile('Abnormal now')).toHaveTextContent('1');
    expect(tile('Abnormal now')).toHaveAttribute('aria-busy', 'false');
    expect(section('What runs out first')).toHaveAttribute('aria-busy', 'true');
    expect(screen.getByText('db-2 /var')).toBeInTheDocument();
  });
});

describe('when something fails', () => {
  it('says that Grafana’s rules are the failing side, and nothing else', () => {
    show({ rules: undefined, rulesError: 'alerting is disabled' });
    expect(screen.getByRole('alert')).toHaveTextContent('alerting is disabled');
    expect(screen.getByText('Grafana’s alert rules could not be read')).toBeInTheDocument();
    expect(screen.queryByText('Needs attention')).not.toBeInTheDocument();
  });

  it('keeps the old answer beside the error of a refresh', () => {
    show({ rulesError: 'timeout', rules: [rule({ instances: [instance()] })] });
    expect(screen.getByRole('alert')).toHaveTextContent('timeout');
    expect(screen.getByText('db-2 /var')).toBeInTheDocument();
  });

  it('leads nobody but administrators to the source', () => {
    signIn('Editor');
    show({ failures: [{ rule: rule(), message: 'refused' }] });
    expect(screen.getByText('refused')).toBeInTheDocument();
    expect(screen.queryByRole('link', { name: /Test the data source/ })).not.toBeInTheDocument();
  });

  it('names the rules of one failing source together, with where to test it', () => {
    signIn('Admin');
    const message = 'mysql: connection refused';
    show({
      failures: [{ rule: rule({ uid: 'a', name: 'A' }), message }],
      rules: [rule({ uid: 'a', name: 'A', error: message }), rule({ uid: 'b', name: 'B', error: message })],
    });
    const alert = screen.getByRole('alert');
    expect(alert).toHaveTextContent(message);
    expect(screen.getByText('The data source could not answer: A, B')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: /Test the data source/ })).toHaveAttribute(
      'href',
      '/connections/datasources/edit/fw'
    );
    expect(tile('Rules healthy')).toHaveTextContent('0 of 2');
    expect(tile('Rules healthy')).toHaveTextContent('A, B');
  });

  it('does not show a number of alerts that it does not know', () => {
    show({ fired: null, historyError: 'no permission' });
    expect(tile('Alerts in 24 h')).toHaveTextContent('–');
    expect(screen.getByText('no permission')).toBeInTheDocument();
  });
});

describe('tiles', () => {
  it('count what fires, what runs out, what is healthy and what began', () => {
    const active = [instance(), instance({ state: 'pending', labels: { instance: 'web' } })];
    show({
      rules: [rule({ instances: active }), rule({ uid: 'x', name: 'Broken', error: 'bad' })],
      warnings: [warning({ series: 'db-2 /var', eta: 9, etaEarly: 6 }), warning({ eta: 90, etaEarly: 80 })],
      fired: 7,
    });
    expect(tile('Abnormal now')).toHaveTextContent('1');
    expect(tile('Abnormal now')).toHaveTextContent('1 more may follow');
    expect(tile('Runs out within 72 h')).toHaveTextContent('1');
    expect(tile('Runs out within 72 h')).toHaveTextContent('db-2 /var in 6 h');
    expect(tile('Rules healthy')).toHaveTextContent('1 of 2');
    expect(tile('Alerts in 24 h')).toHaveTextContent('7');
  });

  it('are quiet when all is well', () => {
    show();
    expect(tile('Abnormal now')).toHaveTextContent('nothing fires');
    expect(tile('Runs out within 72 h')).toHaveTextContent('nothing in sight');
    expect(screen.getByText('Nothing is abnormal and no rule fires.')).toBeInTheDocument();
  });
});

describe('what the data sources say of themselves', () => {
  const source = (change: Partial<Told> = {}, name = 'Forewarn') => ({
    uid: name.toLowerCase(),
    name,
    overview: { ...sample.overview(), ...change },
  });
  const fleet = (change: Partial<Told['models']>) => ({ models: { ...sample.overview().models, ...change } });
  const states = { ready: 0, training: 0, failed: 0, stale: 0, paused: 0, empty: 0 };

  it('counts their models together, what ails them, and how old the oldest is', () => {
    show({
      sources: [
        source(fleet({ oldestTraining: '2020-01-01T00:00:00Z', nextTraining: null })),
        source(fleet({ total: 2, states: { ...states, failed: 1, training: 1 }, drifted: 0 }), 'Second'),
      ],
    });
    expect(tile('Models healthy')).toHaveTextContent('3 of 6');
    for (const text of ['failed: 1', 'outdated: 1', 'never trained: 1', 'errors grown: 1', 'training now: 1']) {
      expect(tile('Models healthy')).toHaveTextContent(text);
    }
    expect(tile('Models healthy')).toHaveTextContent(/the oldest trained [\d,]+ days ago · next training/);
    expect(within(tile('Models healthy')).getByRole('link')).toHaveAttribute(
      'href',
      '/a/forewarn-earlywarning-app/models'
    );
  });

  it('has no tile for models before there is one', () => {
    show({ sources: [source(fleet({ total: 0, states }))] });
    expect(screen.queryByRole('region', { name: 'Models healthy' })).not.toBeInTheDocument();
  });

  it('says which data source does not answer, and goes on', () => {
    show({ sources: [source(), { uid: 'b', name: 'Second', error: 'bad gateway' }] });
    expect(screen.getByRole('alert')).toHaveTextContent('Second: The models cannot be read');
    expect(screen.getByRole('alert')).toHaveTextContent('bad gateway');
    expect(tile('Models healthy')).toHaveTextContent('2 of 4');
  });

  it.each<[string, Partial<Told>, string]>([
    [
      'memory',
      { store: { kind: 'memory', ok: true, message: '', path: '' } },
      'Models and history are kept in memory and are lost with a restart',
    ],
    [
      'a store that is gone',
      { store: { kind: 'mysql', ok: false, message: 'connection refused', path: '' } },
      'The model store does not answer',
    ],
    [
      'a broken provisioned model',
      { problems: ['models[0]: query.interval is 1x'] },
      'models[0]: query.interval is 1x',
    ],
  ])('tells of %s, also where no rule asks anything', (_, change, text) => {
    show({ rules: [], sources: [source(change)] });
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(screen.getByText('No alert rule asks Forewarn yet')).toBeInTheDocument();
  });

  describe('an open warning', () => {
    const active = { uid: 'disk-1', name: 'Disk runs out', datasourceUid: 'forewarn' };
    const labels = { alertname: 'Disk runs out', instance: 'db-2', mountpoint: '/var' };

    it('names the model version that judged it, and lends its sentence to a rule that has none yet', () => {
      show({
        rules: [rule({ ...active, instances: [instance({ labels, summary: 'Disk runs out' })] })],
        sources: [source()],
      });
      const row = within(section('Needs attention')).getByRole('listitem');
      expect(row).toHaveTextContent('/var of db-2 is full in 9 h (earliest 6 h)');
      expect(within(row).getByRole('link', { name: 'disk-root version 2' })).toHaveAttribute(
        'href',
        '/a/forewarn-earlywarning-app/models?ds=forewarn&model=disk-root'
      );
      expect(screen.queryByRole('region', { name: 'Also open' })).not.toBeInTheDocument();
    });

    it('of another entity lends nothing', () => {
      show({
        rules: [
          rule({ ...active, instances: [instance({ labels: { ...labels, instance: 'db-9' }, summary: 'full' })] }),
        ],
        sources: [source()],
      });
      expect(screen.queryByRole('link', { name: /version 2/ })).not.toBeInTheDocument();
    });

    it('is told by the trail where Grafana’s rules cannot be read', () => {
      show({ rules: undefined, rulesError: 'alerting is off', sources: [source()] });
      expect(section('Also open')).toHaveTextContent('db-2 /var');
      expect(section('Also open')).toHaveTextContent('Disk runs out');
    });

    it('is not told while the rules are awaited, nor of a rule that has resolved it since', () => {
      const { unmount } = show({ rules: undefined, sources: [source()] });
      expect(screen.queryByRole('region', { name: 'Also open' })).not.toBeInTheDocument();
      unmount();
      show({ rules: [rule(active)], sources: [source()] });
      expect(screen.queryByRole('region', { name: 'Also open' })).not.toBeInTheDocument();
    });
  });

  it('counts alerts by the trail where Grafana’s history cannot be read', () => {
    show({ fired: null, historyError: 'no permission', sources: [source(), source({}, 'Second')] });
    expect(tile('Alerts in 24 h')).toHaveTextContent('4');
    expect(tile('Alerts in 24 h')).toHaveTextContent('by the trail');
  });
});

describe('needs attention', () => {
  it('gives entity, sentence, since when, why, and the ways on', async () => {
    const user = userEvent.setup();
    const found = instance({ description: 'Learnt from the last 14 days.' });
    show({
      rules: [rule({ instances: [found], panel: { dashboardUid: 'd', id: 8 } })],
      charts: { disk: panelData([wide({ 'db-2': [1] }, 'actual')]) },
    });
    const row = within(section('Needs attention')).getByRole('listitem');
    expect(row).toHaveTextContent('firing');
    expect(within(row).getByText('db-2 /var')).toBeInTheDocument();
    expect(within(row).getByText('disk full in 6 h')).toBeInTheDocument();
    expect(row).toHaveTextContent(/since/);
    expect(within(row).getByRole('link', { name: 'Open rule' })).toHaveAttribute('href', '/alerting/grafana/disk/view');
    expect(within(row).getByRole('link', { name: 'Open panel' })).toHaveAttribute('href', '/d/d?viewPanel=panel-8');
    expect(within(row).getByRole('img', { name: /Course of db-2 \/var/ })).toContainElement(
      screen.getByTestId('timeseries')
    );
    await user.click(within(row).getByRole('button', { name: 'Why' }));
    expect(await screen.findByText('Learnt from the last 14 days.')).toBeInTheDocument();
  });

  it('draws nothing for an entity that is not in the answer', () => {
    show({ rules: [rule({ instances: [instance()] })], charts: { disk: panelData([wide({ other: [1] })]) } });
    expect(screen.queryByTestId('timeseries')).not.toBeInTheDocument();
  });

  it('offers nothing that changes anything', () => {
    show({ rules: [rule({ instances: [instance()] })] });
    expect(screen.queryByRole('button', { name: /delete|silence|pause|train/i })).not.toBeInTheDocument();
  });

  it('folds a long list and unfolds it', async () => {
    const user = userEvent.setup();
    const many = Array.from({ length: 13 }, (_, i) => instance({ labels: { instance: `host-${i}` } }));
    show({ rules: [rule({ instances: many })] });
    const list = section('Needs attention');
    expect(within(list).getAllByRole('listitem')).toHaveLength(10);
    await user.click(within(list).getByRole('button', { name: 'Show all 13' }));
    expect(within(list).getAllByRole('listitem')).toHaveLength(13);
    await user.click(within(list).getByRole('button', { name: 'Show fewer' }));
    expect(within(list).getAllByRole('listitem')).toHaveLength(10);
  });
});

describe('what runs out first', () => {
  const soon = warning({ series: 'db-2 /var', current: 86.1, eta: 9, etaEarly: 6, probability: 0.93, growth: 2.6 });

  it('gives time, date, growth and chance in the metric’s unit', () => {
    show({ warnings: [soon], units: { disk: 'percent' } });
    const cells = within(section('What runs out first'))
      .getAllByRole('cell')
      .map((c) => c.textContent?.trim());
    expect(cells).toEqual(['86.1%', '90%', '9 h', '6 h', '2026-03-01 21:00', '', '+2.60%', '93 %']);
    expect(screen.getByRole('rowheader')).toHaveTextContent('db-2 /var');
    expect(screen.getByRole('img', { name: '6 h to 9 h, on a bar of 3 d' })).toBeInTheDocument();
  });

  it('folds away what is not in sight', async () => {
    const user = userEvent.setup();
    show({ warnings: [soon, warning({ series: 'calm' })] });
    expect(screen.queryByText('calm')).not.toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Show 1 more with nothing in sight' }));
    expect(screen.getByText('calm')).toBeInTheDocument();
    expect(screen.getAllByText('never')).toHaveLength(2);
  });

  it('says so when nothing is on its way, and when there is no answer', () => {
    const { unmount } = show({ warnings: [warning()] });
    expect(screen.getByText('Nothing is on its way to its threshold.')).toBeInTheDocument();
    unmount();
    show({ warnings: [] });
    expect(screen.getByText(/No early-warning rule/)).toBeInTheDocument();
  });
});

describe('scores over time', () => {
  it('are drawn, or said to be as usual, or left out where no rule scores', () => {
    const { rerender } = show({ strip: panelData([wide({ a: [1] }), wide({ b: [2] })]) });
    expect(screen.getByTestId('state-timeline')).toHaveAttribute('data-series', '2');
    rerender(<OverviewContent overview={overview({ strip: panelData([]) })} />);
    expect(screen.getByText('Everything was as usual.')).toBeInTheDocument();
    rerender(<OverviewContent overview={overview({ strip: null })} />);
    expect(screen.queryByText('How unusual, over time')).not.toBeInTheDocument();
  });
});

it('filters every list by entity or rule', async () => {
  const user = userEvent.setup();
  show({
    rules: [rule({ instances: [instance(), instance({ labels: { instance: 'web-1' }, summary: 'web-1 is slow' })] })],
    warnings: [
      warning({ series: 'db-2 /var', eta: 9, etaEarly: 6 }),
      warning({ series: 'web-1 /', eta: 10, etaEarly: 7 }),
    ],
  });
  await user.type(screen.getByPlaceholderText('Filter by entity, rule or model'), 'WEB');
  expect(within(section('Needs attention')).getAllByRole('listitem')).toHaveLength(1);
  expect(screen.getAllByRole('rowheader').map((h) => h.textContent)).toEqual([expect.stringContaining('web-1 /')]);
  await user.type(screen.getByPlaceholderText('Filter by entity, rule or model'), 'x');
  expect(screen.getByText('Nothing here matches the filter.')).toBeInTheDocument();
});
