import { fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { Replay, ReplayAlert } from '../api/contract';
import { signInChinese } from '../testing/chinese';
import { fakeGrafana, refusal, signIn } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { ReplayAlerts } from './ReplayAlerts';
import { ReplayPanel } from './ReplayPanel';

/** Codes of the arrow keys. */
const LEFT = 37;
const RIGHT = 39;

const client = new Client('fw');
const REPLAY = `POST ${resource('replay')}`;
const alert = (change: Partial<ReplayAlert> = {}): ReplayAlert => ({ ...sample.replay().alerts[0], ...change });
const replay = (change: Partial<Replay> = {}): Replay => ({ ...sample.replay(), ...change });

/** The panel as the wizard holds it, and what it told of would-be alerts last. */
function setup(answer: unknown, start = 0) {
  const grafana = fakeGrafana({ [REPLAY]: answer, [`POST ${resource('labels')}`]: sample.label() });
  const onAlerts = jest.fn();
  const onShow = jest.fn();
  function Host() {
    const [budget, setBudget] = useState(start);
    return (
      <ReplayPanel
        client={client}
        model="cpu"
        version={3}
        budget={budget}
        onBudget={setBudget}
        onAlerts={onAlerts}
        onShow={onShow}
      />
    );
  }
  render(<Host />);
  const asked = () => grafana.sent.filter((s) => s.url === resource('replay')).map((s) => s.data);
  return { ...grafana, asked, onAlerts, onShow, user: userEvent.setup() };
}
const panel = () => screen.getByRole('region', { name: 'Would it have fired?' });

beforeEach(() => signIn('Editor'));

describe('what would have fired', () => {
  it('is awaited in words, and then counted', async () => {
    const { onAlerts } = setup(replay());
    expect(screen.getByText('Replaying the last 30 days…')).toBeInTheDocument();
    expect(panel()).toHaveAttribute('aria-busy', 'true');
    expect(await screen.findByRole('status')).toHaveTextContent(
      'Alerts in 30 days: 1 (0.7 a week), from a score of 1.2 on'
    );
    expect(panel()).toHaveAttribute('aria-busy', 'false');
    expect(onAlerts).toHaveBeenLastCalledWith(replay().alerts);
  });

  it('is counted over the days that there were, not those that were asked for', async () => {
    setup(replay({ from: '2026-11-10T10:00:00Z' }));
    expect(await screen.findByRole('status')).toHaveTextContent('Alerts in 10 days');
  });

  it('may be nothing', async () => {
    const { onAlerts } = setup(replay({ alerts: [], perWeek: 0 }));
    expect(await screen.findByText('Nothing would have fired.')).toBeInTheDocument();
    expect(onAlerts).toHaveBeenLastCalledWith([]);
  });

  it('says what the back end adds, in the reader’s words', async () => {
    setup(replay({ notices: ['312 alerts; the newest 200 are listed.'] }));
    expect(await screen.findByText('Alerts: 312; the newest 200 are listed.')).toBeInTheDocument();
  });

  it('says why it could not be replayed', async () => {
    const { onAlerts } = setup(refusal(504, 'source timed out: prometheus at prom:9090 gave no answer within 1m0s'));
    expect(await screen.findByText('The past could not be replayed')).toBeInTheDocument();
    expect(screen.getByText('Prometheus at prom:9090 gave no answer within 1m0s')).toBeInTheDocument();
    expect(onAlerts).toHaveBeenLastCalledWith([]);
  });
});

describe('how many alerts there may be', () => {
  const curve = [
    { scoreThreshold: 1, perWeek: 6 },
    { scoreThreshold: 3, perWeek: 2 },
  ];
  const many = replay({
    perWeek: 6,
    scoreThreshold: 1,
    curve,
    alerts: [1.5, 2, 4].map((peak) => alert({ peak, from: `2026-11-1${peak * 2}T00:00:00Z` })),
  });

  it('is set by a switch with the keyboard, and left to the detector again', async () => {
    const { user, asked } = setup(many);
    await screen.findByRole('status');
    screen.getByLabelText('Set how many alerts a week there may be').focus();
    await user.keyboard(' ');
    expect(screen.getByText('Alerts a week: at most 2')).toBeInTheDocument();
    await waitFor(() => expect(asked()).toHaveLength(2));
    expect(asked()[1]).toEqual({ model: 'cpu', days: 30, alertsPerWeek: 2 });
    await user.keyboard(' ');
    expect(screen.queryByRole('slider')).not.toBeInTheDocument();
    await waitFor(() => expect(asked()).toHaveLength(3));
    expect(asked()[2]).toEqual({ model: 'cpu', days: 30 });
  });

  it('tells at once what would be left, before the answer is there', async () => {
    const { user, onAlerts } = setup(many);
    await screen.findByRole('status');
    await user.click(screen.getByLabelText('Set how many alerts a week there may be'));
    expect(screen.getByRole('status')).toHaveTextContent('(2 a week), from a score of 3 on');
    expect(onAlerts).toHaveBeenLastCalledWith([expect.objectContaining({ peak: 4 })]);
    expect(panel()).toHaveAttribute('aria-busy', 'true');
  });

  it('is moved by the arrow keys between one and twenty', async () => {
    setup(many, 2);
    await screen.findByRole('status');
    const slider = screen.getByRole('slider');
    expect(slider).toHaveAttribute('aria-valuemin', '1');
    expect(slider).toHaveAttribute('aria-valuemax', '20');
    const press = (keyCode: number) => fireEvent.keyDown(slider, { keyCode });
    press(RIGHT);
    expect(screen.getByText('Alerts a week: at most 3')).toBeInTheDocument();
    [LEFT, LEFT, LEFT, LEFT].forEach(press);
    expect(screen.getByText('Alerts a week: at most 1')).toBeInTheDocument();
  });
});

describe('the list of would-be alerts', () => {
  const list = (alerts: ReplayAlert[], onShow = jest.fn()) => {
    fakeGrafana({ [`POST ${resource('labels')}`]: sample.label() });
    render(<ReplayAlerts client={client} model="cpu" alerts={alerts} onShow={onShow} />);
    return { onShow, user: userEvent.setup(), rows: () => screen.getAllByRole('listitem') };
  };

  it('says of each which series, when, how long, how bad against what, and why', () => {
    const { rows } = list([alert({ reason: '189 % above what is usual then (94.58, expected 24.81 to 40.74)' })]);
    expect(rows()[0]).toHaveTextContent('db-2 /var2026-11-18 02:10 · 1 h · 91.2, expected 62');
    expect(rows()[0]).toHaveTextContent('189 % above what is usual then (24.81 to 40.74)');
  });

  it.each([
    ['what was measured where nothing was expected', { expected: null }, '· 91.2', 'expected'],
    ['nothing of a size that is not known', { actual: null, expected: null, reason: '' }, '· 1 h', '62'],
  ])('says %s', (_, change, text, none) => {
    const { rows } = list([alert({ reason: '', ...change })]);
    expect(rows()[0]).toHaveTextContent(text);
    expect(rows()[0]).not.toHaveTextContent(none);
  });

  it('begins with the newest, and folds what is too much', async () => {
    const alerts = Array.from({ length: 12 }, (_, i) =>
      alert({ series: `db-${i}`, from: new Date(Date.UTC(2026, 10, 1 + i)).toISOString() })
    );
    const { rows, user } = list(alerts);
    expect(rows()).toHaveLength(8);
    expect(rows()[0]).toHaveTextContent('db-11');
    await user.click(screen.getByRole('button', { name: 'Show all 12' }));
    expect(rows()).toHaveLength(12);
    expect(rows()[11]).toHaveTextContent('db-0');
  });

  it('shows the series of one on the chart, with the keyboard, too', async () => {
    const one = alert();
    const { onShow, user } = list([one]);
    screen.getByRole('button', { name: 'db-2 /var' }).focus();
    await user.keyboard('{Enter}');
    expect(onShow).toHaveBeenCalledWith(one);
  });

  it('lets each be marked on its own', async () => {
    const { rows, user } = list([alert(), alert({ series: 'db-9', from: '2026-11-19T00:00:00Z' })]);
    await user.click(within(rows()[0]).getByRole('button', { name: 'Not an anomaly' }));
    expect(await within(rows()[0]).findByRole('button', { name: 'Undo' })).toBeInTheDocument();
    expect(within(rows()[1]).getByRole('button', { name: 'Not an anomaly' })).toBeInTheDocument();
  });

  it('is told in Chinese', async () => {
    await signInChinese('Editor');
    const { rows } = list([alert({ reason: 'several signals together are unlikely' })]);
    expect(rows()[0]).toHaveTextContent('1 小时 · 91.2，预期 62');
    expect(rows()[0]).toHaveTextContent('多个信号同时出现这种情况的可能性很低');
    expect(within(rows()[0]).getByRole('button', { name: '非异常' })).toBeInTheDocument();
  });
});
