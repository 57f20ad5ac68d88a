import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Model, ModelTrial } from '../api/contract';
import { Rule } from '../api/rules';
import { englishOn, signInChinese } from '../testing/chinese';
import { instance, rule } from '../testing/data';
import { signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { ModelsTable, rowsOf } from './ModelsTable';

const model = (name: string, change: Partial<Model> = {}): Model => ({
  ...sample.model(),
  state: 'ready',
  job: null,
  ...change,
  definition: { ...sample.model().definition, name, ...change.definition },
});
const asks = (name: string, change: Partial<Rule> = {}) =>
  rule({ query: { refId: 'A', queryType: 'warning', model: { name } }, ...change });
const trial = (name: string, losing: number): ModelTrial => ({
  ...sample.accuracy().models[0],
  model: name,
  demoted: Array.from({ length: losing }, (_, i) => ({ series: `db-${i}`, ratio: 1.4, since: '2026-11-20T04:00:00Z' })),
});

const show = (models: Model[], rules: Rule[] = [], trials: ModelTrial[] = []) => {
  const onOpen = jest.fn();
  const { container } = render(<ModelsTable rows={rowsOf(models, rules, trials)} onOpen={onOpen} />);
  return { container, onOpen, user: userEvent.setup() };
};
const row = (name: string) => screen.getByRole('button', { name }).closest('tr')!;
const cells = (name: string) =>
  within(row(name))
    .getAllByRole('cell')
    .map((cell) => cell.textContent);
const order = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((line) => within(line).getAllByRole('cell')[0].textContent);

beforeEach(() => signIn('Viewer'));

describe('a row', () => {
  it('says what a model is for, how it is, how good, and what asks it', () => {
    show([model('disk')], [asks('disk'), asks('cpu')]);
    const [name, purpose, state, series, version, skill, coverage, drift, next, rules] = cells('disk');
    expect([name, purpose, state, series]).toEqual(['disk', 'Early warning', 'ready', '12']);
    expect(version).toMatch(/^3 · /);
    expect([skill, coverage, drift]).toEqual(['23 %', '94.6 %', '10 %']);
    expect(next).not.toBe('–');
    expect(rules).toBe('rules: 1');
  });

  it('says nothing of what is not known', () => {
    show([
      model('new', {
        live: 0,
        trainedAt: null,
        nextTraining: null,
        series: 0,
        coverage: null,
        drift: null,
        error: { mase: null, twinMase: null, skill: null },
        state: 'empty',
      }),
    ]);
    expect(cells('new').slice(3)).toEqual(['–', '–', '–', '–', '–', '–', 'no rule']);
  });

  it.each([
    [0, '0 %', false],
    [0.99, '99 %', false],
    [1, 'retrain', true],
    [7, 'retrain', true],
  ])('with a drift of %p says %s', (drift, text) => {
    show([model('disk', { drift })]);
    expect(cells('disk')[7]).toBe(text);
  });

  it.each([
    [[asks('disk')], 'rules: 1'],
    [[asks('disk'), asks('disk', { uid: 'b' })], 'rules: 2'],
    [[asks('disk', { instances: [instance()] })], 'rules: 1, firing'],
    [[asks('disk', { instances: [instance({ state: 'pending' })] })], 'rules: 1'],
    [[], 'no rule'],
  ])('counts the rules that ask it', (rules, text) => {
    show([model('disk')], rules);
    expect(cells('disk')[9]).toBe(text);
  });

  it('says for how many series the simpler model answers', () => {
    show([model('disk'), model('cpu')], [], [trial('disk', 3), trial('cpu', 0)]);
    expect(cells('disk')[5]).toBe('23 %simpler: 3');
    expect(cells('cpu')[5]).toBe('23 %');
  });

  it('marks drafts and what comes from settings', () => {
    const { definition } = sample.model();
    show([
      model('a', { definition: { ...definition, name: 'a', draft: true } }),
      model('b', { definition: { ...definition, name: 'b', provisioned: true } }),
    ]);
    expect([cells('a')[0], cells('b')[0]]).toEqual(['adraft', 'bprovisioned']);
  });

  it('opens with the keyboard', async () => {
    const { onOpen, user } = show([model('disk')]);
    screen.getByRole('button', { name: 'disk' }).focus();
    await user.keyboard('{Enter}');
    expect(onOpen).toHaveBeenCalledWith('disk');
  });
});

describe('many models', () => {
  it('come a page at a time', async () => {
    const { user } = show(Array.from({ length: 300 }, (_, i) => model(`m-${String(i).padStart(3, '0')}`)));
    expect(order()).toHaveLength(25);
    await user.click(screen.getByRole('button', { name: 'next page' }));
    expect(order()[0]).toBe('m-025');
    await user.click(screen.getByRole('button', { name: '12' }));
    expect(order()).toHaveLength(25);
    expect(order()[24]).toBe('m-299');
  });

  it.each([
    ['Closer than last week', ['unknown', 'worse', 'better']],
    ['Series', ['better', 'unknown', 'worse']],
  ])('are put in order by %s, the unknown below all others', async (head, names) => {
    const error = (skill: number | null) => ({ mase: 1, twinMase: 1, skill });
    const { user } = show([
      model('worse', { error: error(-0.4), series: 300 }),
      model('unknown', { error: error(null), series: 20 }),
      model('better', { error: error(0.3), series: 9 }),
    ]);
    await user.click(within(screen.getByRole('columnheader', { name: head })).getByRole('button'));
    expect(order()).toEqual(names);
    await user.click(within(screen.getByRole('columnheader', { name: head })).getByRole('button'));
    expect(order()).toEqual([...names].reverse());
  });
});

it('is told in Chinese', async () => {
  await signInChinese('Viewer');
  const { container } = show([model('disk', { drift: 2 })], [asks('disk')], [trial('disk', 2)]);
  expect(screen.getAllByRole('columnheader')).toHaveLength(10);
  expect(row('disk')).toHaveTextContent('提前预警');
  expect(englishOn(container, ['disk', 'next page', 'previous page'])).toEqual([]);
});
