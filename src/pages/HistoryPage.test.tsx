import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Entry } from '../api/contract';
import { Answers, fakeGrafana, refusal, Sent, signIn } from '../testing/grafana';
import { renderAt } from '../testing/page';
import { backEnd, resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import HistoryPage from './HistoryPage';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const AUDIT = resource('audit');
const warning = (): Entry => sample.audit().entries[1];
const delivery = (change: Partial<Entry> = {}): Entry => ({
  ...warning(),
  seq: 43,
  action: 'delivery.sent',
  values: { channel: 'ops', rule: 'Disk runs out' },
  note: 'errcode 0',
  ...change,
});

const setup = (change: Answers = {}, reply: Parameters<typeof fakeGrafana>[1] = () => []) => {
  const grafana = fakeGrafana(backEnd(change), reply);
  renderAt(<HistoryPage />);
  const asked = () => grafana.sent.filter((s) => s.url === AUDIT && s.params?.kind !== 'delivery');
  return { ...grafana, asked, user: userEvent.setup() };
};
const open = async (user: ReturnType<typeof userEvent.setup>, name: RegExp) =>
  user.click(await screen.findByRole('button', { name }));

beforeEach(() => signIn('Editor'));

describe('the timeline', () => {
  it('tells warnings and changes by day, with who did what', async () => {
    setup();
    const day = await screen.findByRole('region', { name: '2026-11-20' });
    expect(day).toHaveTextContent('version made live disk-root v3');
    expect(day).toHaveTextContent('warning raised disk-root v2 /var of db-2 is full');
    expect(day).toHaveTextContent('anna');
  });

  it('names what a warning is about where its sentence does not', async () => {
    setup({ [AUDIT]: { entries: [{ ...warning(), note: 'disk full in 6 h' }], more: false } });
    const day = await screen.findByRole('region', { name: '2026-11-20' });
    expect(day).toHaveTextContent('warning raised db-2 /var · disk-root v2 disk full in 6 h');
  });

  it('asks for the last week, and leaves out what is not asked for', async () => {
    const { asked } = setup();
    await waitFor(() => expect(asked()).toHaveLength(1));
    const { from, ...rest } = asked()[0].params as { from: string };
    expect(Date.now() - Date.parse(from)).toBeGreaterThan(6.9 * 86_400_000);
    expect(rest).toEqual({ limit: 100 });
  });

  it('asks anew for a kind and a model', async () => {
    const { user, asked } = setup();
    await screen.findByText('warning raised');
    await user.click(screen.getByRole('combobox', { name: 'Kind' }));
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(asked()[1].params).toMatchObject({ kind: 'warning' }));
    await user.click(screen.getByRole('combobox', { name: 'Model' }));
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(asked()[2].params).toMatchObject({ kind: 'warning', model: 'disk-root' }));
  });

  it('filters what is there by text', async () => {
    const { user } = setup();
    await screen.findByText('version made live');
    await user.type(screen.getByPlaceholderText('Filter by series, person or text'), 'db-2');
    expect(screen.queryByText('version made live')).not.toBeInTheDocument();
    expect(screen.getByText('warning raised')).toBeInTheDocument();
    await user.type(screen.getByPlaceholderText('Filter by series, person or text'), 'xyz');
    expect(screen.getByText('Nothing here matches the filter')).toBeInTheDocument();
  });

  it('goes on to older entries below the last one', async () => {
    const older = { entries: [{ ...warning(), seq: 7, subject: 'db-7' }], more: false };
    const { user, asked } = setup({ [AUDIT]: (s: Sent) => (s.params?.before ? older : sample.audit()) });
    await user.click(await screen.findByRole('button', { name: 'Show older ones' }));
    expect(await screen.findByText(/db-7/)).toBeInTheDocument();
    expect(asked()[1].params).toMatchObject({ before: 41 });
    expect(screen.getByText('version made live')).toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Show older ones' })).not.toBeInTheDocument();
  });

  it('says that nothing happened', async () => {
    setup({ [AUDIT]: { entries: [], more: false } });
    expect(await screen.findByText('Nothing happened in this time')).toBeInTheDocument();
  });

  it('says why it cannot be read, and tries again', async () => {
    const { user } = setup({ [AUDIT]: refusal(500, 'store is gone') });
    expect(await screen.findByText('store is gone')).toBeInTheDocument();
    fakeGrafana(backEnd());
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('warning raised')).toBeInTheDocument();
    expect(screen.queryByText('store is gone')).not.toBeInTheDocument();
  });

  it('keeps an action that it has no word for', async () => {
    setup({ [AUDIT]: { entries: [{ ...warning(), action: 'moon.landed' }], more: false } });
    expect(await screen.findByText('moon.landed')).toBeInTheDocument();
  });
});

describe('the card of a warning', () => {
  it('shows its numbers, who was told and what came back', async () => {
    const { user } = setup({
      [AUDIT]: (s: Sent) =>
        s.params?.kind === 'delivery'
          ? {
              entries: [delivery(), delivery({ seq: 44, action: 'delivery.failed', subject: 'x', labels: { a: 'b' } })],
            }
          : sample.audit(),
    });
    await open(user, /Details of warning raised/);
    expect(screen.getByText('Hours left, at the earliest').nextSibling).toHaveTextContent('6');
    expect(await screen.findByText('delivered')).toBeInTheDocument();
    expect(screen.getByText('not delivered')).toBeInTheDocument();
    expect(screen.getAllByText('ops')).toHaveLength(2);
  });

  it('shows what was usual then: now, the day and the week before', async () => {
    const at = Date.parse(warning().time);
    const { user, queries } = setup({}, () => [
      {
        length: 1,
        fields: [
          {
            name: 'time',
            type: 'time' as never,
            config: {},
            values: [0, 24, 168].map((h) => at - h * 3_600_000).reverse(),
          },
          { name: 'a', type: 'number' as never, config: {}, values: [61, 62, 91], labels: { output: 'actual' } },
          { name: 'e', type: 'number' as never, config: {}, values: [60, 60, 62.5], labels: { output: 'expected' } },
        ],
      },
    ]);
    await open(user, /Details of warning raised/);
    expect(await screen.findByRole('row', { name: 'then 91 62.5' })).toBeInTheDocument();
    expect(screen.getByRole('row', { name: 'same hour the day before 62 60' })).toBeInTheDocument();
    expect(screen.getByRole('row', { name: 'same hour the week before 61 60' })).toBeInTheDocument();
    expect(queries[0].model).toEqual({ name: 'disk-root', version: 2 });
  });

  it('says that what was usual cannot be read any more', async () => {
    const { user } = setup({ [resource('models/disk-root')]: refusal(404, 'no such model') });
    await open(user, /Details of warning raised/);
    expect(await screen.findByText(/no such model/)).toBeInTheDocument();
  });

  it('is labelled, and the label taken back', async () => {
    const { user, sent } = setup({
      [resource('labels')]: { labels: [] },
      [`POST ${resource('labels')}`]: { ...sample.label(), kind: 'incident' },
      [`DELETE ${resource('labels/01K9ZY11AB')}`]: {},
    });
    await open(user, /Details of warning raised/);
    await user.click(screen.getByRole('button', { name: 'Incident' }));
    expect(await screen.findByText('incident')).toBeInTheDocument();
    expect(sent.find((s) => s.method === 'POST')?.data).toMatchObject({
      model: 'disk-root',
      kind: 'incident',
      from: '2026-11-20T09:20:00.000Z',
      to: '2026-11-20T10:20:00.000Z',
    });
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(await screen.findByRole('button', { name: 'Incident' })).toBeInTheDocument();
  });

  it('shows a label that is there already, and says why one could not be set', async () => {
    const label = { ...sample.label(), from: '2026-11-20T09:00:00Z', to: '2026-11-20T10:00:00Z' };
    const { user } = setup({ [resource('labels')]: { labels: [label] } });
    await open(user, /Details of warning raised/);
    expect(screen.getByText('not an anomaly')).toBeInTheDocument();
  });

  it('offers a Viewer no verdict', async () => {
    signIn('Viewer');
    const { user, sent } = setup({ [resource('labels')]: { labels: [] } });
    await open(user, /Details of warning raised/);
    expect(screen.queryByRole('button', { name: 'Incident' })).not.toBeInTheDocument();
    expect(sent.filter((s) => s.method !== 'GET')).toEqual([]);
  });
});

describe('the chain', () => {
  it('is verified at once, and a break is named', async () => {
    setup();
    expect(await screen.findByText('chain broken at line 17')).toBeInTheDocument();
  });

  it('is whole', async () => {
    setup({ [resource('audit/verify')]: { ok: true, entries: 1234, firstBroken: 0, message: '' } });
    expect(await screen.findByText('1,234 lines, chain whole')).toBeInTheDocument();
  });

  it('is not taken for whole when it cannot be verified', async () => {
    setup({ [resource('audit/verify')]: refusal(500, 'timeout') });
    expect(await screen.findByText('not verified')).toBeInTheDocument();
  });
});

it('exports the trail', async () => {
  setup();
  await settle();
  expect(screen.getByRole('link', { name: 'CSV' })).toHaveAttribute('href', `${AUDIT}/export?format=csv`);
  expect(screen.getByRole('link', { name: 'JSON' })).toHaveAttribute('href', `${AUDIT}/export?format=json`);
});

it('gives the precision of what was labelled', async () => {
  setup();
  const [known] = sample.precision().precision.filter((p) => p.precision !== null);
  expect(
    await screen.findByText(new RegExp(`${known.model}.*${known.incidents + known.notAnomalies} labelled alerts`))
  ).toBeInTheDocument();
});

describe('how early warnings turned out', () => {
  it('is counted for each rule', async () => {
    setup();
    const section = await screen.findByRole('region', { name: 'How early warnings turned out, last 30 days' });
    expect(within(section).getByRole('row', { name: 'Disk full soon 4 2 1 1 1 42 h' })).toBeInTheDocument();
  });

  it('says nothing where none was raised, and what went wrong where it cannot be told', async () => {
    setup({ [resource('accuracy')]: { ...sample.accuracy(), rules: [] } });
    expect(await screen.findByText('Timeline')).toBeInTheDocument();
    expect(screen.queryByText(/How early warnings turned out/)).not.toBeInTheDocument();
    setup({ [resource('accuracy')]: refusal(502, 'store is locked') });
    expect(await screen.findByText('How warnings turned out cannot be read: store is locked')).toBeInTheDocument();
  });
});
