import { initPluginTranslations } from '@grafana/i18n';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Client } from '../api/client';
import { Model, ModelTrial } from '../api/contract';
import { ForewarnQuery, QueryType } from '../datasource/types';
import { signInChinese } from '../testing/chinese';
import { wide } from '../testing/data';
import { Answers, fakeGrafana, refusal, signIn } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { NewRule } from './NewRule';
import { Past } from './Past';
import { Trial } from './Trial';
import { purposeName, sourceText } from './words';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const client = new Client('fw');
const model = (query: Partial<Model['definition']['query']> = {}, change: Partial<Model> = {}): Model => {
  const whole = { ...sample.model(), ...change };
  return { ...whole, definition: { ...whole.definition, query: { ...whole.definition.query, ...query } } };
};

beforeEach(() => signIn('Editor'));
afterEach(() => initPluginTranslations('back to English', [async () => ({})]));

describe('a rule of a model', () => {
  const RULER = '/api/ruler/grafana/api/v1/rules/folder';
  const setup = async (change: Partial<Model> = {}, answers: Answers = {}) => {
    const grafana = fakeGrafana({
      '/api/folders?limit=500': [{ uid: 'folder', title: 'Forewarn' }],
      '/api/v1/provisioning/contact-points': [],
      [resource('models/disk-root/versions/3')]: sample.version(),
      [RULER]: {},
      [`POST ${RULER}`]: { created: ['new'] },
      ...answers,
    });
    const onDone = jest.fn();
    render(<NewRule client={client} model={model({}, change)} onDone={onDone} />, { wrapper: MemoryRouter });
    await settle();
    return { ...grafana, onDone, user: userEvent.setup() };
  };
  const make = () => screen.getByRole('button', { name: 'Make the rule' });

  it('is made under the model’s name, and led to', async () => {
    const { user, sent, onDone } = await setup();
    expect(screen.getByLabelText('Name of the rule')).toHaveValue('disk-root');
    await user.click(make());
    expect(await screen.findByText('The rule is made')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'Open the rule' })).toHaveAttribute('href', '/alerting/grafana/new/view');
    expect(sent.filter((s) => s.method === 'POST').map((s) => s.url)).toEqual([RULER]);
    expect(onDone).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['the model answers nothing yet', { live: 0 }, undefined],
    ['it has no name', {}, 'Name of the rule'],
  ])('cannot be made where %s', async (_, change, cleared) => {
    const { user } = await setup(change);
    if (cleared) {
      expect(make()).toBeEnabled();
      await user.clear(screen.getByLabelText(cleared));
    }
    expect(make()).toBeDisabled();
  });

  it.each([
    [
      'the version cannot be read',
      { [resource('models/disk-root/versions/3')]: refusal(503, 'the store is away') },
      'the store is away',
    ],
    ['the user may not', { [`POST ${RULER}`]: refusal(403, 'no right to make rules') }, 'no right to make rules'],
  ])('is not made where %s, which is said', async (_, answers, text) => {
    const { user, onDone } = await setup({}, answers);
    await user.click(make());
    expect(await screen.findByText('The rule could not be made')).toBeInTheDocument();
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(screen.queryByText('The rule is made')).not.toBeInTheDocument();
    expect(onDone).not.toHaveBeenCalled();
    expect(make()).toBeEnabled();
  });
});

describe('then and now', () => {
  const setup = async (query: Partial<Model['definition']['query']>) => {
    const grafana = fakeGrafana({}, () => [wide({ a: [1] }, 'actual')]);
    render(<Past client={client} model={model(query)} />);
    await waitFor(() => expect(grafana.queries).toHaveLength(1));
    await settle();
    return { ...grafana, user: userEvent.setup() };
  };
  const lead = () => screen.queryByRole('combobox', { name: 'Forecast made before' });

  it.each([
    ['24h', '24h'],
    ['72h', '24h'],
    ['12h', '6h'],
    ['1h', '1h'],
    ['30m', '30m'],
    [undefined, '24h'],
  ])('of a forecast over %p is asked for what was forecast %s before', async (horizon, asked) => {
    const { queries } = await setup({ queryType: 'forecast', horizon });
    expect(queries[0]).toMatchObject({ output: 'hindcast', lead: asked });
    expect(lead()).toHaveValue(asked);
  });

  it('asks anew for another lead', async () => {
    const { queries, user } = await setup({ queryType: 'forecast', horizon: '168h' });
    await user.click(lead()!);
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(queries).toHaveLength(2));
    expect(queries[1].lead).toBe('72h');
  });

  it('of an early warning asks for no lead', async () => {
    const { queries } = await setup({ queryType: 'warning' });
    expect(queries[0]).toMatchObject({ queryType: 'warning', output: 'hindcast', model: { name: 'disk-root' } });
    expect(lead()).not.toBeInTheDocument();
  });
});

describe('a model against "same as last season"', () => {
  const trial = (demoted: ModelTrial['demoted']): ModelTrial => ({ ...sample.accuracy().models[0], demoted });

  it.each([
    ['nothing is told', undefined],
    ['it wins everywhere', trial([])],
  ])('needs no words where %s', (_, given) => {
    const { container } = render(<Trial trial={given} />);
    expect(container).toBeEmptyDOMElement();
  });

  it('is named series by series where it loses', () => {
    const since = new Date(Date.now() - 3 * 3_600_000).toISOString();
    render(
      <Trial
        trial={trial([
          { series: 'db-2 <var>', ratio: 1.4183, since },
          { series: 'db-3', ratio: 2, since },
        ])}
      />
    );
    expect(screen.getByText(/answers for 2 series until this one is closer again/)).toBeInTheDocument();
    expect(screen.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
      'db-2 <var>: 1.42 times as far off as “same as last season”, 3 hours ago',
      'db-3: 2 times as far off as “same as last season”, 3 hours ago',
    ]);
  });

  it('is told in Chinese', async () => {
    const since = new Date(Date.now() - 3 * 3_600_000).toISOString();
    await signInChinese('Viewer');
    render(<Trial trial={trial([{ series: 'db-2', ratio: 2, since }])} />);
    expect(screen.getByRole('listitem')).toHaveTextContent('db-2：误差是“与上一周期相同”的 2 倍，3小时前');
    expect(purposeName('outlier')).toBe('组内离群');
  });
});

describe('words', () => {
  it('name every purpose differently', () => {
    const types: QueryType[] = ['forecast', 'anomaly', 'warning', 'outlier', 'composite'];
    expect(new Set(types.map(purposeName)).size).toBe(types.length);
    expect(purposeName()).toBe(purposeName('forecast'));
  });

  it.each<[string, Partial<ForewarnQuery>, string]>([
    ['an expression', { source: { kind: 'prometheus', expr: 'up' } }, 'up'],
    ['a statement', { source: { kind: 'mysql', rawSql: 'SELECT 1' } }, 'SELECT 1'],
    ['a table', { source: { kind: 'logs', table: 'lines' } }, 'lines'],
    [
      'several, a line each',
      {
        sources: [
          { name: 'a', kind: 'prometheus', expr: 'up' },
          { name: 'b', kind: 'logs', table: 'lines' },
        ],
      },
      'up\nlines',
    ],
    ['nothing', {}, ''],
  ])('show what is read: %s', (_, query, text) => expect(sourceText(query)).toBe(text));
});
