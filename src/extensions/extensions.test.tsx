import { PluginExtensionEventHelpers, PluginExtensionPanelContext } from '@grafana/data';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ReactElement } from 'react';

import pluginJson from '../plugin.json';
import { warningTable, wide } from '../testing/data';
import { fakeGrafana, signIn } from '../testing/grafana';
import { alertUrl } from './convert';
import { panelLink } from './links';
import Preview from './Preview';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('@grafana/runtime'),
  PanelRenderer: ({ data }: { data: { series: unknown[] } }) => (
    <div data-testid="picture" data-series={data.series.length} />
  ),
}));

const forecast = {
  refId: 'A',
  queryType: 'forecast' as const,
  source: { kind: 'prometheus' as const, expr: 'cpu{host="$host"}' },
};
const warning = { ...forecast, queryType: 'warning' as const, threshold: { value: 90, direction: 'above' as const } };
const one = [{ uid: 'fw', name: 'Forewarn' }];

const panel = (targets: object[]) =>
  ({ title: 'CPU', targets, scopedVars: {} }) as unknown as PluginExtensionPanelContext;

describe('links in the panel menu', () => {
  it.each(['forecast', 'warning'] as const)('"%s" is what plugin.json declares', (purpose) => {
    const { targets, title, description } = panelLink(purpose);
    expect(pluginJson.extensions.addedLinks).toContainEqual({ targets, title, description });
  });

  it('is offered for a query that Forewarn can read, where there is a data source to read it', () => {
    const link = panelLink('forecast');
    const prometheus = panel([{ refId: 'A', datasource: { type: 'prometheus' }, expr: 'up' }]);
    fakeGrafana();
    expect(link.configure(prometheus)).toEqual({ title: 'Forecast this panel' });
    expect(link.configure(panel([{ refId: 'A', datasource: { type: 'loki' }, expr: '{}' }]))).toBeUndefined();
    expect(link.configure(panel([]))).toBeUndefined();
    expect(link.configure(undefined)).toBeUndefined();
    fakeGrafana({}, () => [], []);
    expect(link.configure(prometheus)).toBeUndefined();
  });

  it('opens a preview of the panel’s own query', async () => {
    const { queries } = fakeGrafana({}, () => [wide({ a: [1] })]);
    let body: ReactElement | undefined;
    const helpers = {
      context: panel([{ refId: 'B', datasource: { type: 'prometheus' }, expr: 'up' }]),
      openModal: ({ title, body: Body }: { title: string; body: React.ElementType }) => {
        expect(title).toBe('Forecast this panel · CPU');
        body = <Body />;
      },
    };
    panelLink('forecast').onClick(
      undefined,
      helpers as unknown as PluginExtensionEventHelpers<PluginExtensionPanelContext>
    );
    render(body!);
    expect(await screen.findByTestId('picture')).toBeInTheDocument();
    expect(queries[0]).toMatchObject({ queryType: 'forecast', source: { kind: 'prometheus', expr: 'up' } });
  });
});

describe('the preview', () => {
  beforeEach(() => signIn('Editor'));

  it('draws the forecast with the dashboard’s variables filled in, and leads to Explore', async () => {
    const { queries } = fakeGrafana({}, () => [wide({ a: [1] })]);
    render(<Preview query={forecast} title="CPU" sources={one} />);
    await screen.findByTestId('picture');
    expect(queries.map((q) => q.source?.expr)).toEqual(['cpu{host="web-1"}']);
    const explore = decodeURIComponent(screen.getByRole('link', { name: 'Open in Explore' }).getAttribute('href')!);
    expect(explore).toContain('web-1');
    expect(screen.queryByRole('link', { name: 'New alert rule' })).not.toBeInTheDocument();
  });

  it('offers a Viewer neither Explore nor a rule to make', async () => {
    signIn('Viewer');
    fakeGrafana({}, (q) =>
      q.output === 'table' ? [warningTable([{ series: 'web-1', eta: 9, eta_early: 6 }])] : [wide({ 'web-1': [1] })]
    );
    render(<Preview query={warning} title="CPU" sources={one} />);
    await screen.findByText(/web-1 reaches 90/);
    expect(screen.queryAllByRole('link')).toEqual([]);
  });

  it('says how long is left, and answers to another limit when it is entered', async () => {
    const user = userEvent.setup();
    const { queries } = fakeGrafana({}, (q) =>
      q.output === 'table'
        ? [
            warningTable([
              { series: 'web-1', threshold: q.threshold!.value, eta: q.threshold!.value! / 10, eta_early: 6 },
            ]),
          ]
        : [wide({ 'web-1': [1] })]
    );
    render(<Preview query={warning} title="CPU" sources={one} />);
    expect(await screen.findByText('web-1 reaches 90 in 9 h, at the earliest in 6 h')).toBeInTheDocument();
    const asked = queries.length;
    await user.clear(screen.getByLabelText('Limit'));
    await user.type(screen.getByLabelText('Limit'), '80');
    expect(queries).toHaveLength(asked);
    await user.tab();
    expect(await screen.findByText('web-1 reaches 80 in 8 h, at the earliest in 6 h')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'New alert rule' })).toHaveAttribute(
      'href',
      expect.stringContaining('/alerting/new/alerting?defaults=')
    );
  });

  it('says that nothing is on its way', async () => {
    fakeGrafana({}, (q) => (q.output === 'table' ? [warningTable([{ series: 'web-1' }])] : [wide({ 'web-1': [1] })]));
    render(<Preview query={warning} title="CPU" sources={one} />);
    expect(await screen.findByText('Nothing is on its way to 90')).toBeInTheDocument();
  });

  it('names the failure, and what to check when there is no data', async () => {
    fakeGrafana({}, () => new Error('prometheus is down'));
    const { unmount } = render(<Preview query={forecast} title="CPU" sources={one} />);
    expect(await screen.findByRole('alert')).toHaveTextContent('prometheus is down');
    expect(screen.queryByRole('link')).not.toBeInTheDocument();
    unmount();
    fakeGrafana();
    render(<Preview query={forecast} title="CPU" sources={one} />);
    expect(await screen.findByText('The query gives no data')).toBeInTheDocument();
  });

  it('offers a choice where there are several data sources', async () => {
    fakeGrafana({}, () => [wide({ a: [1] })]);
    render(<Preview query={forecast} title="CPU" sources={[...one, { uid: 'fw2', name: 'Second' }]} />);
    await waitFor(() => expect(screen.getByLabelText('Data source')).toHaveValue('Forewarn'));
  });
});

it('makes a rule that fires when the earliest time is within the hours', () => {
  const url = new URL(alertUrl('fw', warning, 'CPU', 72), 'http://grafana');
  const { name, condition, queries } = JSON.parse(url.searchParams.get('defaults')!);
  expect([name, condition]).toEqual(['CPU', 'C']);
  expect(queries[0]).toMatchObject({
    refId: 'A',
    datasourceUid: 'fw',
    model: { queryType: 'warning', output: 'eta_early', threshold: warning.threshold },
  });
  expect(queries[1].model.conditions[0].evaluator).toEqual({ type: 'lt', params: [72] });
});
