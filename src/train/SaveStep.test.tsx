import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { Definition } from '../api/contract';
import { firstForm } from '../rules/form';
import { signInChinese } from '../testing/chinese';
import { Answers, fakeGrafana, signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { NEW, SaveStep, Wishes } from './SaveStep';

const SEARCH = '/api/search?type=dash-db&limit=50&query=';
const DEFINITION: Definition = { ...sample.model().definition, name: 'disk' };

/** The step as the wizard holds it, and what it holds last. */
async function setup(wish: Partial<Wishes> = {}, answers: Answers = {}) {
  const grafana = fakeGrafana({
    [SEARCH]: [
      { uid: 'b1', title: 'Disks' },
      { uid: 'b2', title: 'Hosts & co' },
    ],
    '/api/folders?limit=500': [],
    '/api/v1/provisioning/contact-points': [],
    ...answers,
  });
  const start: Wishes = {
    name: 'disk',
    makeRule: false,
    rule: firstForm(DEFINITION),
    dashboard: NEW,
    dashboardTitle: '',
    ...wish,
  };
  let held = { definition: DEFINITION, wishes: start };
  function Host() {
    const [definition, setDefinition] = useState(held.definition);
    const [wishes, setWishes] = useState(held.wishes);
    held = { definition, wishes };
    return (
      <SaveStep
        definition={definition}
        wishes={wishes}
        onDefinition={(change) => setDefinition({ ...definition, ...change })}
        onWishes={(change) => setWishes({ ...wishes, ...change })}
      />
    );
  }
  render(<Host />);
  await settle();
  return { ...grafana, user: userEvent.setup(), definition: () => held.definition, wishes: () => held.wishes };
}

beforeEach(() => {
  signIn('Editor');
  Object.defineProperty(window, 'isSecureContext', { value: true, configurable: true });
});

describe('the name', () => {
  const bad = /Letters and digits/;

  it.each(['a', 'disk of hosts', '磁盘 预警', 'v1.2_x-y', 'x'.repeat(64)])('may be %p', async (name) => {
    await setup({ name });
    expect(screen.queryByText(bad)).not.toBeInTheDocument();
  });

  it.each(['', ' ', '-a', 'a ', 'a/b', 'a\\b', '<b>', 'x'.repeat(65)])('may not be %p, which is said', async (name) => {
    await setup({ name });
    expect(screen.getByText(bad)).toBeInTheDocument();
  });

  it('takes the rule’s along, as long as nobody gave that another', async () => {
    const { user, wishes } = await setup({ makeRule: true });
    await user.type(screen.getByLabelText('Name'), 's');
    expect(wishes()).toMatchObject({ name: 'disks', rule: { title: 'disks' } });
    await user.type(screen.getByLabelText('Name of the rule'), ' full');
    await user.type(screen.getByLabelText('Name'), '2');
    expect(wishes()).toMatchObject({ name: 'disks2', rule: { title: 'disks full' } });
  });
});

describe('how it is kept fresh', () => {
  it('is each day at first, or as chosen, or never', async () => {
    const { user, definition } = await setup();
    const field = screen.getByLabelText('Train again');
    expect(field).toHaveValue('every day');
    await user.click(field);
    await user.keyboard('{ArrowDown}{Enter}');
    expect(definition().retrainEvery).toBe('168h');
    await user.click(field);
    await user.keyboard('{ArrowUp}{ArrowUp}{ArrowUp}{Enter}');
    expect(definition().retrainEvery).toBe('');
    expect(field).toHaveValue('never');
  });

  it('is by its errors, too, unless that is turned off with the keyboard', async () => {
    const { user, definition } = await setup();
    screen.getByLabelText('Also when its errors have grown').focus();
    await user.keyboard(' ');
    expect(definition().retrainOnDrift).toBe(false);
  });

  it('may be explained in words', async () => {
    const { user, definition } = await setup();
    await user.clear(screen.getByLabelText('Description'));
    await user.type(screen.getByLabelText('Description'), 'How full');
    expect(definition().description).toBe('How full');
  });
});

describe('where it is shown', () => {
  const field = () => screen.getByLabelText('Show it on a dashboard');
  const choose = async (user: ReturnType<typeof userEvent.setup>, keys: string) => {
    await user.click(field());
    await act(() => new Promise((done) => setTimeout(done, 300)));
    await user.keyboard(`${keys}{Enter}`);
  };

  it('is a new dashboard at first', async () => {
    await setup();
    expect(field()).toHaveValue('on a new dashboard');
  });

  it('may be nowhere for now', async () => {
    const { user, wishes } = await setup();
    await choose(user, '{ArrowDown}');
    expect(wishes().dashboard).toBe('');
  });

  it('may be a dashboard that is there, by its name', async () => {
    const { user, wishes } = await setup();
    await choose(user, '{ArrowUp}');
    expect(wishes()).toMatchObject({ dashboard: 'b2', dashboardTitle: 'Hosts & co' });
    expect(field()).toHaveValue('Hosts & co');
  });

  it('offers what needs no search where the search fails', async () => {
    const { user, wishes } = await setup({}, { [SEARCH]: new Error('no right') });
    await choose(user, '{ArrowDown}');
    expect(wishes().dashboard).toBe('');
  });
});

describe('the rule', () => {
  it('is asked for only where one is wanted', async () => {
    const { user, wishes } = await setup();
    expect(screen.queryByRole('group', { name: 'When to warn' })).not.toBeInTheDocument();
    await user.click(screen.getByLabelText('Make an alert rule'));
    expect(screen.getByRole('group', { name: 'When to warn' })).toBeInTheDocument();
    expect(wishes().makeRule).toBe(true);
    await settle();
  });

  it('keeps what was entered when it is turned off and on', async () => {
    const { user } = await setup({ makeRule: true });
    await user.clear(screen.getByLabelText('Hours'));
    await user.type(screen.getByLabelText('Hours'), '48');
    await user.click(screen.getByLabelText('Make an alert rule'));
    await user.click(screen.getByLabelText('Make an alert rule'));
    await settle();
    expect(screen.getByLabelText('Hours')).toHaveValue(48);
  });
});

it('copies the definition as a provisioned data source lists it, under the name that is given here', async () => {
  const { user } = await setup({ name: 'disks' });
  await user.click(screen.getByRole('button', { name: 'Copy as YAML' }));
  await waitFor(async () => {
    const text = await navigator.clipboard.readText();
    expect(text).toMatch(/^models:\n {2}- name: disks\n/);
    expect(text).toContain('retrainEvery: "24h"');
    expect(text).not.toMatch(/draft|provisioned/);
  });
});

it('asks in the reader’s language', async () => {
  await signInChinese('Editor');
  await setup({ name: '', makeRule: true });
  for (const label of ['名称', '说明', '重新训练', '误差增大时也训练', '显示在仪表板上', '创建告警规则']) {
    expect(screen.getByLabelText(label)).toBeInTheDocument();
  }
  expect(screen.getByText(/字母与数字/)).toBeInTheDocument();
});
