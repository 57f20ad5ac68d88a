import { initPluginTranslations } from '@grafana/i18n';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { QueryType } from '../datasource/types';
import { RuleForm } from '../rules/build';
import { firstForm, isValid } from '../rules/form';
import { englishOn, signInChinese } from '../testing/chinese';
import { Answers, fakeGrafana, signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { RuleFields } from './RuleFields';

const FOLDERS = '/api/folders?limit=500';
const POINTS = '/api/v1/provisioning/contact-points';

/** The form for a kind of model, and what it holds last. */
function setup(type: QueryType, answers: Answers = {}, change: Partial<RuleForm> = {}) {
  fakeGrafana({ [FOLDERS]: [{ uid: 'ops', title: 'Ops' }], [POINTS]: [{ name: 'on-call' }], ...answers });
  const definition = { ...sample.model().definition, name: 'cpu', query: { queryType: type } };
  let held: RuleForm = { ...firstForm(definition), ...change };
  function Form() {
    const [form, setForm] = useState(held);
    held = form;
    return <RuleFields type={type} form={form} onChange={(next) => setForm({ ...form, ...next })} />;
  }
  render(<Form />);
  return { user: userEvent.setup(), form: () => held };
}
const sentence = () => screen.getByRole('group', { name: 'When to warn' });
const fill = async (user: ReturnType<typeof userEvent.setup>, label: string, text: string) => {
  await user.clear(screen.getByLabelText(label));
  await user.type(screen.getByLabelText(label), text);
};
/** Moves a choice by arrow keys. */
const choose = async (user: ReturnType<typeof userEvent.setup>, field: HTMLElement, keys: string) => {
  await user.click(field);
  await user.keyboard(`${keys}{Enter}`);
};

describe('the sentence', () => {
  it('of an early warning asks for hours and how long they have to last', async () => {
    const { user, form } = setup('warning');
    expect(sentence()).toHaveTextContent('when the limit may be reached within hours, lasting');
    await fill(user, 'Hours', '48');
    await fill(user, 'Lasting', '5m');
    expect(form()).toMatchObject({ within: 48, pending: '5m' });
    expect(screen.queryByLabelText('Score')).not.toBeInTheDocument();
  });

  it('of a forecast asks which side of a limit it may pass', async () => {
    const { user, form } = setup('forecast');
    await fill(user, 'Limit', '95.5');
    expect(form().limit).toBe(95.5);
    await choose(user, within(sentence()).getByRole('combobox', { name: 'Direction' }), '{ArrowDown}');
    expect(form().impact).toEqual({ direction: 'below', value: 95.5 });
  });

  it('of an anomaly asks for a score, and for an impact on request', async () => {
    const { user, form } = setup('anomaly');
    await fill(user, 'Score', '1.5');
    expect(screen.queryByLabelText('Impact value')).not.toBeInTheDocument();
    const impact = within(sentence()).getByRole('combobox', { name: 'Impact' });
    await choose(user, impact, '{ArrowDown}');
    await fill(user, 'Impact value', '80');
    expect(form()).toMatchObject({ score: 1.5, impact: { direction: 'above', value: 80 } });
    await choose(user, impact, '{ArrowUp}');
    expect(form().impact).toBeUndefined();
  });

  it('of several signals has no value to ask an impact of', async () => {
    setup('composite');
    await settle();
    expect(screen.getByLabelText('Score')).toBeInTheDocument();
    expect(within(sentence()).queryByRole('combobox')).not.toBeInTheDocument();
  });

  it('keeps the last number while another one is typed', async () => {
    const { user, form } = setup('anomaly');
    await user.clear(screen.getByLabelText('Score'));
    expect(form().score).toBe(1);
  });
});

describe('what is wrong', () => {
  it.each([
    ['a rule without a name', { title: ' ' }, 'A rule needs a name'],
    ['a time that is none', { keepFiring: 'soon' }, 'Write a duration such as 5m, 24h or 14d'],
  ])('is said beside the field: %s', async (_, change, text) => {
    setup('anomaly', {}, change);
    await settle();
    expect(screen.getByRole('alert')).toHaveTextContent(text);
  });

  it.each([
    ['anomaly', 'Score', '0', 'Score: 0 is not above 0'],
    ['composite', 'Score', '-1', 'Score: -1 is not above 0'],
    ['warning', 'Hours', '0', 'Hours: 0 is not above 0'],
    ['forecast', 'Hours', '-2', 'Hours: -2 is not above 0'],
    ['outlier', 'Lasting', 'soon', 'Lasting: “soon” is no duration such as 10m'],
  ] as const)('is said of the sentence, by the name of its field: %s, %s of %s', async (type, label, typed, text) => {
    const { form, user } = setup(type);
    await fill(user, label, typed);
    expect(screen.getByRole('alert')).toHaveTextContent(text);
    expect(isValid(form())).toBe(false);
    await fill(user, label, label === 'Lasting' ? '5m' : '2');
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(isValid(form())).toBe(true);
  });

  it('is told to those who do not see the colour', async () => {
    setup('anomaly', {}, { pending: '<soon>' });
    await settle();
    expect(screen.getByLabelText('Lasting')).toHaveAttribute('aria-invalid', 'true');
    expect(sentence()).toHaveTextContent('“<soon>” is no duration');
  });

  it('is nothing where a limit is below zero, which some are', async () => {
    const { form, user } = setup('forecast');
    await fill(user, 'Limit', '-5');
    expect(isValid(form())).toBe(true);
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('is said in Chinese', async () => {
    await signInChinese('Editor');
    setup('anomaly', {}, { score: 0, title: '', keepFiring: 'x' });
    await settle();
    expect(screen.getAllByRole('alert').map((alert) => alert.textContent)).toEqual([
      '异常分：0 不大于 0',
      '规则需要名称',
      '请填写时长，例如 5m、24h 或 14d',
    ]);
    expect(englishOn(document.body, ['cpu'])).toEqual([]);
    await initPluginTranslations('back to English', [async () => ({})]);
    signIn('Editor');
  });

  it('is nothing where it keeps firing for no time at all', async () => {
    setup('anomaly', {}, { keepFiring: '0s', pending: '0s' });
    await settle();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});

describe('whom it tells, and where it is kept', () => {
  it('offers the contact points and the folders of this Grafana', async () => {
    const { user, form } = setup('anomaly');
    await choose(user, screen.getByLabelText('Notify'), '{ArrowDown}');
    await choose(user, screen.getByLabelText('Folder'), '{ArrowDown}');
    expect(form()).toMatchObject({ receiver: 'on-call', folderUid: 'ops' });
  });

  it('offers the folder of its own once, whether it is there or not', async () => {
    const { user, form } = setup('anomaly', { [FOLDERS]: [{ uid: 'f', title: 'Forewarn' }] });
    expect(screen.getByLabelText('Folder')).toHaveValue('Forewarn (new)');
    await waitFor(() => expect(screen.getByLabelText('Folder')).toHaveValue('Forewarn'));
    await choose(user, screen.getByLabelText('Folder'), '{ArrowDown}');
    expect(form().folderUid).toBe('');
  });

  it('leaves both to Grafana where they cannot be read', async () => {
    const { user, form } = setup('anomaly', { [POINTS]: new Error('no right'), [FOLDERS]: new Error('no right') });
    await choose(user, screen.getByLabelText('Notify'), '{ArrowDown}');
    expect(screen.getByLabelText('Notify')).toHaveValue('as the notification policies say');
    expect(screen.getByLabelText('Folder')).toHaveValue('Forewarn (new)');
    expect(form()).toMatchObject({ receiver: '', folderUid: '' });
  });
});
