import { createDataFrame, FieldType } from '@grafana/data';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ReactElement } from 'react';
import { MemoryRouter, useLocation } from 'react-router-dom';

import { Entry } from '../api/contract';
import { useSource } from '../api/useSource';
import { instance, panelData, wide } from '../testing/data';
import { fakeGrafana, signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { App } from './App';
import { CalendarPickers, zoneOf } from './CalendarPickers';
import { ModelLink } from './ModelLink';
import { NamedCombobox } from './NamedCombobox';
import { OpenWarnings } from './OpenWarnings';
import { Page } from './Page';
import { ScoreStrip } from './ScoreStrip';
import { Sparkline } from './Sparkline';

jest.mock('@grafana/runtime', () => ({
  ...jest.requireActual('../testing/page').grafanaParts(),
  PanelRenderer: ({ pluginId, data, options }: { pluginId: string; data: { series: unknown[] }; options: object }) => (
    <div data-testid={pluginId} data-series={data.series.length} data-options={JSON.stringify(options)} />
  ),
}));
jest.mock('../pages/OverviewPage', () => ({ __esModule: true, default: () => <p>the overview</p> }));
jest.mock('../pages/AlertsPage', () => ({ __esModule: true, default: () => <p>the alerts</p> }));
jest.mock('../pages/HistoryPage', () => ({ __esModule: true, default: () => <p>the history</p> }));
jest.mock('../pages/ModelsPage', () => ({ __esModule: true, default: () => <p>the models</p> }));
jest.mock('../pages/TrainPage', () => ({ __esModule: true, default: () => <p>the wizard</p> }));

function Address() {
  const { pathname, search } = useLocation();
  return <output>{pathname + search}</output>;
}
const at = (address: string, element: ReactElement) =>
  render(
    <MemoryRouter initialEntries={[address]}>
      {element}
      <Address />
    </MemoryRouter>
  );

beforeEach(() => signIn('Editor'));

describe('the app', () => {
  const app = <App {...({} as Parameters<typeof App>[0])} />;

  it.each([
    ['/overview', 'the overview'],
    ['/train', 'the wizard'],
    ['/models', 'the models'],
    ['/alerts', 'the alerts'],
    ['/history', 'the history'],
  ])('shows at %s %s', async (address, text) => {
    at(address, app);
    expect(await screen.findByText(text)).toBeInTheDocument();
  });

  it.each(['/', '/nowhere', '/models/deep'])('leads from %s to the overview', async (address) => {
    at(address, app);
    expect(await screen.findByText('/a/forewarn-earlywarning-app/overview')).toBeInTheDocument();
    await settle();
  });
});

describe('a page', () => {
  function Some() {
    const source = useSource();
    return (
      <Page title="Models" subTitle="What has been trained." source={source} actions={<button>New</button>}>
        <p>{source.uid}</p>
      </Page>
    );
  }
  const two = [
    { uid: 'a', name: 'First' },
    { uid: 'b', name: 'Second' },
  ];

  it('has its title, what it is about, and what can be done', () => {
    fakeGrafana({}, undefined, [two[0]]);
    at('/', <Some />);
    expect(screen.getByRole('heading', { level: 1, name: 'Models' })).toBeInTheDocument();
    expect(screen.getByText('What has been trained.')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'New' })).toBeInTheDocument();
    expect(screen.queryByRole('combobox')).not.toBeInTheDocument();
  });

  it('is about the first data source, or that of the address', () => {
    fakeGrafana({}, undefined, two);
    const { unmount } = at('/', <Some />);
    expect(screen.getByText('a')).toBeInTheDocument();
    unmount();
    at('/?ds=b', <Some />);
    expect(screen.getByText('b')).toBeInTheDocument();
  });

  it('takes an address of a data source that is gone for none', () => {
    fakeGrafana({}, undefined, two);
    at('/?ds=gone', <Some />);
    expect(screen.getByText('a')).toBeInTheDocument();
  });

  it('keeps the choice in the address, and what else stands there', async () => {
    fakeGrafana({}, undefined, two);
    at('/?model=cpu', <Some />);
    const user = userEvent.setup();
    await user.click(screen.getByRole('combobox', { name: 'Data source' }));
    await user.keyboard('{ArrowDown}{Enter}');
    expect(screen.getByText('/?model=cpu&ds=b')).toBeInTheDocument();
    expect(screen.getByText('b')).toBeInTheDocument();
  });

  it('says what is missing in place of what it would show', () => {
    fakeGrafana({}, undefined, []);
    at('/', <Some />);
    expect(screen.getByText('Forewarn has no data source yet')).toBeInTheDocument();
  });
});

it('a choice without a visible label has a name for those who do not see where it stands', async () => {
  const onChange = jest.fn();
  render(
    <NamedCombobox label="Kind" width={12} value="a" options={[{ value: 'a' }, { value: 'b' }]} onChange={onChange} />
  );
  await userEvent.setup().click(screen.getByRole('combobox', { name: 'Kind' }));
  await userEvent.setup().keyboard('{ArrowDown}{Enter}');
  expect(onChange).toHaveBeenCalledWith(expect.objectContaining({ value: 'b' }));
});

describe('which model judged', () => {
  const entry = sample.audit().entries[1];

  it.each<[string, Partial<Entry>, string]>([
    ['by name and version', {}, 'disk-root version 2'],
    ['by name where no version is known', { version: 0 }, 'disk-root'],
    ['with what a name may hold', { model: 'a & b', version: 0 }, 'a & b'],
  ])('is told %s', (_, change, text) => {
    at('/', <ModelLink entry={{ ...entry, ...change }} uid="fw" />);
    const link = screen.getByRole('link', { name: text });
    expect(link.getAttribute('href')).toContain(`ds=fw&model=${encodeURIComponent(change.model ?? 'disk-root')}`);
  });

  it('is not told of a model that was fitted on request', () => {
    at('/', <ModelLink entry={{ ...entry, model: '' }} uid="fw" />);
    expect(screen.queryByRole('link')).not.toBeInTheDocument();
  });
});

describe('warnings whose rules nobody sees', () => {
  const entry = sample.overview().warnings[0];
  const source = { uid: 'fw', name: 'Forewarn' };

  it('are told with their rule, since when, and where the history is', () => {
    at('/', <OpenWarnings warnings={[{ entry: { ...entry, note: 'first line\nwhy' }, source }]} />);
    expect(screen.getByText('db-2 /var')).toBeInTheDocument();
    expect(screen.getByText('first line')).toBeInTheDocument();
    expect(screen.queryByText(/why/)).not.toBeInTheDocument();
    expect(screen.getByText(/Disk runs out/)).toBeInTheDocument();
    expect(screen.getByTitle('2026-11-20 09:50:00')).toHaveTextContent(/since/);
    expect(screen.getByRole('link', { name: 'History' })).toHaveAttribute(
      'href',
      '/a/forewarn-earlywarning-app/history?ds=fw'
    );
  });

  it('are folded beyond five', async () => {
    const many = Array.from({ length: 50 }, (_, seq) => ({ entry: { ...entry, seq, subject: `db-${seq}` }, source }));
    at('/', <OpenWarnings warnings={many} />);
    expect(screen.getAllByText(/^db-\d+$/)).toHaveLength(5);
    await userEvent.setup().click(screen.getByRole('button', { name: 'Show all 50' }));
    expect(screen.getAllByText(/^db-\d+$/)).toHaveLength(50);
  });
});

describe('the strip of scores', () => {
  const row = (name: string) =>
    createDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: [1] },
        { name, type: FieldType.string, values: ['unusual'] },
      ],
    });

  it('is told to those who do not see it, with what its colours mean for the others', () => {
    render(<ScoreStrip data={panelData([row('a'), row('b')])} filter="" />);
    expect(screen.getByRole('img', { name: 'Scores of 2 series over time' })).toBeInTheDocument();
    expect(screen.getByText('far off', { exact: false })).toBeInTheDocument();
  });

  it('shows the rows that are looked for, as high as they need', () => {
    render(<ScoreStrip data={panelData([row('db-1'), row('db-2'), row('web-1')])} filter="DB" />);
    expect(screen.getByTestId('state-timeline')).toHaveAttribute('data-series', '2');
    expect(screen.getByRole('img')).toHaveStyle({ height: '86px' });
  });

  it('says that all was as usual where there is no row', () => {
    render(<ScoreStrip data={panelData([row('db-1')])} filter="mail" />);
    expect(screen.getByText('Everything was as usual.')).toBeInTheDocument();
    expect(screen.queryByText(/far off/)).not.toBeInTheDocument();
  });
});

describe('a sparkline', () => {
  const box = () => screen.getByRole('img', { name: 'Course of db-2 <1>, its band and what is to come' });

  it('keeps its place while it is read, and where there is nothing of its own', () => {
    const { rerender } = render(<Sparkline labels={instance().labels} entity="db-2 <1>" />);
    expect(box()).toBeEmptyDOMElement();
    rerender(<Sparkline data={panelData([wide({ 'db-9': [1] })])} labels={{ instance: 'db-2' }} entity="db-2 <1>" />);
    expect(box()).toBeEmptyDOMElement();
  });

  it('draws what belongs to the entity, without a legend', () => {
    render(<Sparkline data={panelData([wide({ 'db-2': [1] })])} labels={{ instance: 'db-2' }} entity="db-2 <1>" />);
    const panel = within(box()).getByTestId('timeseries');
    expect(JSON.parse(panel.dataset.options ?? '')).toMatchObject({ legend: { showLegend: false } });
  });
});

describe('the zone in which days begin', () => {
  it.each([
    ['utc', ''],
    ['UTC', ''],
    [undefined, ''],
    ['browser', 'UTC'],
    ['Asia/Shanghai', 'Asia/Shanghai'],
  ])('%p is kept as %p', (picked, kept) => expect(zoneOf(picked)).toBe(kept));

  it('and the holidays are chosen side by side', async () => {
    const onChange = jest.fn();
    render(<CalendarPickers timezone="Asia/Shanghai" holidays="CN" onChange={onChange} />);
    expect(screen.getByLabelText('Holidays')).toHaveValue('China, with make-up workdays');
    await userEvent.setup().click(screen.getByLabelText('Holidays'));
    await userEvent.setup().keyboard('{ArrowUp}{Enter}');
    expect(onChange).toHaveBeenCalledWith({ holidays: '' });
  });
});
