import { createDataFrame, FieldType } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ReactElement } from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Client } from '../api/client';
import { Entry, Precision } from '../api/contract';
import { signInChinese } from '../testing/chinese';
import { Answers, fakeGrafana, refusal, Reply, signIn } from '../testing/grafana';
import { backEnd, resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { Chain } from './Chain';
import { Deliveries } from './Deliveries';
import { EntryCard } from './EntryCard';
import { PrecisionTable } from './PrecisionTable';
import { Timeline } from './Timeline';
import { ValuesThen } from './ValuesThen';
import { WarningOutcomes } from './WarningOutcomes';

const client = new Client('fw');
const warning = (change: Partial<Entry> = {}): Entry => ({ ...sample.audit().entries[1], ...change });
const show = (element: ReactElement, answers: Answers = {}, reply: Reply = () => []) => {
  const grafana = fakeGrafana(backEnd(answers), reply);
  const view = render(element, { wrapper: MemoryRouter });
  return { ...grafana, ...view, user: userEvent.setup() };
};

beforeEach(() => signIn('Editor'));
afterEach(() => initPluginTranslations('back to English', [async () => ({})]));

describe('the chain', () => {
  const VERIFY = resource('audit/verify');

  it('is verified anew on request, and says what it found then', async () => {
    const found = [
      { ok: true, entries: 12, firstBroken: 0, message: '' },
      { ok: false, entries: 12, firstBroken: 7, message: 'line 7 is missing' },
    ];
    const { user } = show(<Chain client={client} />, { [VERIFY]: () => found.shift() });
    expect(await screen.findByText('12 lines, chain whole')).toBeInTheDocument();
    screen.getByRole('button', { name: 'Verify' }).focus();
    await user.keyboard('{Enter}');
    expect(await screen.findByText('chain broken at line 7')).toBeInTheDocument();
    await user.hover(screen.getByText('chain broken at line 7'));
    expect(await screen.findByText('Line 7 is missing')).toBeInTheDocument();
  });

  it('that cannot be verified is not said to be whole', async () => {
    show(<Chain client={client} />, { [VERIFY]: refusal(503, 'the store is away') });
    expect(await screen.findByRole('alert')).toHaveTextContent('not verified');
    expect(screen.queryByText(/chain whole/)).not.toBeInTheDocument();
  });

  it('cannot be asked twice at once', () => {
    const { unmount } = show(<Chain client={client} />);
    expect(screen.getByRole('button', { name: 'Verify' })).toBeDisabled();
    unmount();
  });
});

describe('who was told', () => {
  const sent = (change: Partial<Entry> = {}): Entry =>
    warning({ action: 'delivery.sent', values: { channel: 'ops' }, note: 'errcode 0', ...change });

  it('is asked for from a minute before the warning to half an hour after it', async () => {
    const { sent: asked } = show(<Deliveries client={client} entry={warning()} />, {
      [resource('audit')]: { entries: [sent()], more: false },
    });
    await settle();
    expect(asked[0].params).toEqual({
      kind: 'delivery',
      from: '2026-11-20T09:49:00.000Z',
      to: '2026-11-20T10:20:00.000Z',
      limit: 100,
    });
  });

  it('is each channel with what it answered', async () => {
    show(<Deliveries client={client} entry={warning()} />, {
      [resource('audit')]: {
        entries: [sent(), sent({ seq: 9, action: 'delivery.failed', values: {}, note: 'answer 503: busy' })],
        more: false,
      },
    });
    expect(await screen.findByText('delivered')).toBeInTheDocument();
    expect(screen.getByText('not delivered')).toBeInTheDocument();
    expect(screen.getByText('answer 503: busy')).toBeInTheDocument();
    // whose channel is not noted is told by its subject
    expect(screen.getByText('db-2 /var')).toBeInTheDocument();
  });

  it('is nobody as far as the relay knows', async () => {
    show(<Deliveries client={client} entry={warning()} />, { [resource('audit')]: { entries: [], more: false } });
    expect(await screen.findByText(/Nothing went through the relay/)).toBeInTheDocument();
  });

  it('is not known where the trail cannot be read', async () => {
    show(<Deliveries client={client} entry={warning()} />, { [resource('audit')]: refusal(503, 'the store is away') });
    expect(await screen.findByRole('alert')).toHaveTextContent('the store is away');
    expect(screen.queryByText(/Nothing went through/)).not.toBeInTheDocument();
  });
});

describe('what was usual then', () => {
  it('is awaited in words, and then told beside what was', async () => {
    const at = Date.parse(warning().time);
    const frame = createDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: [at - 60_000] },
        {
          name: 'a',
          type: FieldType.number,
          values: [91.26],
          labels: { output: 'actual', instance: 'db-2', mountpoint: '/var' },
        },
        {
          name: 'b',
          type: FieldType.number,
          values: [5],
          labels: { output: 'actual', instance: 'db-9', mountpoint: '/var' },
        },
      ],
    });
    const { queries } = show(<ValuesThen client={client} entry={warning()} />, {}, () => [frame]);
    expect(screen.getByText('Reading what was usual then…')).toBeInTheDocument();
    expect(await screen.findByRole('row', { name: 'then 91.3 –' })).toBeInTheDocument();
    expect(screen.getByRole('row', { name: 'same hour the day before – –' })).toBeInTheDocument();
    expect(queries).toHaveLength(3);
    expect(queries[0]).toMatchObject({ queryType: 'warning', model: { name: 'disk-root', version: 2 } });
  });

  it('is asked of the live version where the warning names none', async () => {
    const { queries } = show(<ValuesThen client={client} entry={warning({ version: 0 })} />);
    await screen.findByRole('table');
    expect(queries[0].model).toEqual({ name: 'disk-root' });
  });

  it.each([
    [
      'the model is gone',
      { [resource('models/disk-root')]: refusal(404, 'model "disk-root": not found') },
      'There is no model disk-root',
    ],
    ['the source is down', {}, 'Prometheus at prom:9090 cannot be reached: refused'],
  ])('is not known where %s', async (_, answers, text) => {
    show(
      <ValuesThen client={client} entry={warning()} />,
      answers,
      () => new Error('source cannot be reached: prometheus at prom:9090: refused')
    );
    expect(await screen.findByText(`What was usual then cannot be read: ${text}`)).toBeInTheDocument();
  });
});

describe('a card', () => {
  const card = (entry: Entry) => show(<EntryCard client={client} entry={entry} labels={[]} />);

  it('of a change has its values and its place in the chain, and asks nothing', async () => {
    const { requests } = card(sample.audit().entries[0]);
    expect(screen.getByText('#42 9f86d081884c7d65')).toBeInTheDocument();
    expect(screen.getByTitle('Line 42 of the chain')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Open the model' })).toHaveAttribute(
      'href',
      '/a/forewarn-earlywarning-app/models?ds=fw&model=disk-root'
    );
    await settle();
    expect(requests).toEqual([]);
  });

  it('of a warning that no model judged asks neither what was usual nor for a verdict', async () => {
    const { requests } = card(warning({ model: '' }));
    await settle();
    expect(requests).toEqual([resource('audit')]);
    expect(screen.queryByRole('button', { name: 'Incident' })).not.toBeInTheDocument();
    expect(screen.queryByRole('link', { name: 'Open the model' })).not.toBeInTheDocument();
  });

  it('shows each label', async () => {
    card(warning());
    await settle();
    expect(screen.getByText('instance=db-2')).toBeInTheDocument();
    expect(screen.getByText('mountpoint=/var')).toBeInTheDocument();
  });

  it('names what a training was for, in words', async () => {
    card({
      ...sample.audit().entries[0],
      action: 'model.trained',
      values: { reason: 'schedule', job: '01K', live: true },
    });
    expect(screen.getByText('Trained because of').nextSibling).toHaveTextContent('schedule');
    expect(screen.getByText('Made live').nextSibling).toHaveTextContent('true');
    await settle();
  });
});

describe('the timeline', () => {
  it('opens a line with the keyboard, and closes it again', async () => {
    const { user } = show(<Timeline client={client} entries={[sample.audit().entries[0]]} labels={[]} />);
    const button = screen.getByRole('button', { name: 'Details of version made live, 10:00:20', expanded: false });
    button.focus();
    await user.keyboard('{Enter}');
    expect(screen.getByText(/^#42/)).toBeInTheDocument();
    await user.keyboard('{Enter}');
    expect(screen.queryByText(/^#42/)).not.toBeInTheDocument();
  });

  it('puts a day around what happened in it', () => {
    const [entry] = sample.audit().entries;
    const entries = [0, 1, 30].map((hours, i) => ({
      ...entry,
      seq: 9 - i,
      time: new Date(Date.parse(entry.time) - hours * 3_600_000).toISOString(),
    }));
    show(<Timeline client={client} entries={entries} labels={[]} />);
    const count = (day: string) => within(screen.getByRole('region', { name: day })).getAllByRole('listitem').length;
    expect([count('2026-11-20'), count('2026-11-19')]).toEqual([2, 1]);
  });

  it.each([
    ['its sentence names it', 'db-2: full in 6 h', 'warning raised disk-root v2 db-2: full in 6 h'],
    ['its sentence names it in Chinese', 'db-2：6 小时后写满', 'warning raised disk-root v2 db-2：6 小时后写满'],
    ['its sentence does not', 'full in 6 h', 'warning raised db-2 /var · disk-root v2 full in 6 h'],
    ['there is no sentence', '', 'warning raised db-2 /var · disk-root v2'],
  ])('names what a warning is about once where %s', (_, note, text) => {
    show(<Timeline client={client} entries={[warning({ note, values: {} })]} labels={[]} />);
    expect(screen.getByRole('listitem')).toHaveTextContent(text);
  });

  it('says who did what in Chinese', async () => {
    await signInChinese('Viewer');
    show(<Timeline client={client} entries={[sample.audit().entries[0]]} labels={[]} />);
    expect(screen.getByRole('button', { name: '版本上线 的详情，10:00:20' })).toBeInTheDocument();
  });
});

describe('how often labels said that alerts were right', () => {
  const precision = (change: Partial<Precision>): Precision => ({
    model: 'cpu',
    algorithm: 'mad',
    incidents: 3,
    notAnomalies: 1,
    precision: 0.75,
    ...change,
  });
  const table = (answer: unknown) => show(<PrecisionTable client={client} />, { [resource('precision')]: answer });

  it('is told for each model and algorithm, by their names', async () => {
    table({
      precision: [
        precision({}),
        precision({ algorithm: 'own-one', precision: 1, incidents: 2, notAnomalies: 0 }),
        precision({ algorithm: 'kmeans', precision: null }),
      ],
    });
    const texts = await screen.findAllByText(/labelled alerts were right/);
    expect(texts.map((text) => text.textContent)).toEqual([
      'cpu (Median absolute deviation): 75 % of 4 labelled alerts were right',
      'cpu (own-one): 100 % of 2 labelled alerts were right',
    ]);
  });

  it('is not told where nobody labelled anything', async () => {
    const { container } = table({ precision: [precision({ precision: null })] });
    await settle();
    expect(container).toBeEmptyDOMElement();
  });
});

describe('how early warnings turned out', () => {
  it('is nothing to show while it is asked', () => {
    const { container, unmount } = show(<WarningOutcomes client={client} />);
    expect(container).toBeEmptyDOMElement();
    unmount();
  });

  it('has a dash where no crossing was told before', async () => {
    const accuracy = sample.accuracy();
    show(<WarningOutcomes client={client} />, {
      [resource('accuracy')]: { ...accuracy, rules: [{ ...accuracy.rules[0], leadHours: null }] },
    });
    expect(await screen.findByRole('row', { name: /Disk full soon 4 2 1 1 1 –/ })).toBeInTheDocument();
  });
});
