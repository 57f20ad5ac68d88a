import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { Client } from '../api/client';
import { Definition } from '../api/contract';
import { Answers, fakeGrafana, signIn } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { newDefinition } from './draft';
import { ModelStep } from './ModelStep';

const CPU = newDefinition({ queryType: 'anomaly', source: { kind: 'prometheus', expr: 'node_load1' } });

async function setup(start: Partial<Definition> = {}, answers: Answers = {}) {
  fakeGrafana({ [resource('algorithms')]: sample.algorithms(), ...answers });
  let held: Definition = { ...CPU, ...start };
  const runs: Array<boolean | undefined> = [];
  const onRun = jest.fn();
  function Host() {
    const [definition, setDefinition] = useState(held);
    held = definition;
    return (
      <ModelStep
        client={new Client('fw')}
        definition={definition}
        onChange={(change, run) => {
          runs.push(run);
          setDefinition({ ...definition, ...change });
        }}
        onRun={onRun}
      />
    );
  }
  render(<Host />);
  await settle();
  return { user: userEvent.setup(), definition: () => held, runs, onRun };
}
const purpose = (name: RegExp) => screen.getByRole('radio', { name });

beforeEach(() => signIn('Editor'));

describe('what for', () => {
  it('is answered on the chart at once', async () => {
    const { user, definition, runs } = await setup();
    await user.click(purpose(/^Forecast/));
    expect(definition().query.queryType).toBe('forecast');
    expect(runs).toEqual([true]);
  });

  it.each([
    [/^Anomaly/, 'Horizon', false],
    [/^Early warning/, 'Horizon', true],
    [/^Forecast/, 'Horizon', true],
    [/^Early warning/, 'Limit', true],
    [/^Outlier/, 'Limit', false],
  ])('%s asks for a %s: %p', async (name, label, asked) => {
    const { user } = await setup();
    await user.click(purpose(name));
    await settle();
    expect(screen.queryAllByLabelText(label)).toHaveLength(asked ? 1 : 0);
  });

  it('gives an early warning a limit to begin with', async () => {
    const { user, definition } = await setup();
    await user.click(purpose(/^Early warning/));
    expect(definition().query.threshold).toEqual({ value: 90, direction: 'above' });
  });

  it('keeps what is read, whatever it is for', async () => {
    const { user, definition } = await setup();
    for (const name of [/^Forecast/, /^Outlier/, /^Early warning/, /^Anomaly/]) {
      await user.click(purpose(name));
    }
    expect(definition().query.source).toEqual(CPU.query.source);
  });

  it('of several signals asks for no algorithm', async () => {
    await setup({ query: { queryType: 'composite', sources: [] } });
    expect(purpose(/^Several signals/)).toBeChecked();
    expect(screen.queryByLabelText('Model')).not.toBeInTheDocument();
  });
});

describe('the algorithm', () => {
  it('is chosen for each series at first, also where the back end lists none', async () => {
    await setup({}, { [resource('algorithms')]: new Error('down') });
    expect(screen.getByLabelText('Model')).toHaveValue('Auto');
    expect(await screen.findByText(/did not say which algorithms it has; auto still works/)).toBeInTheDocument();
  });

  it('can be another one of those that suit', async () => {
    const { user, definition } = await setup();
    await user.click(screen.getByLabelText('Model'));
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(definition().query.model?.algorithm).toBeDefined());
    const ids = sample.algorithms().anomaly.map((a) => a.id);
    expect(ids).toContain(definition().query.model?.algorithm);
  });
});

describe('calendar, limits and guards', () => {
  const fold = () => screen.getByRole('button', { name: 'Calendar, limits and guards' });

  it('are folded until somebody asks for them, with the keyboard, too', async () => {
    const { user } = await setup();
    expect(fold()).toHaveAttribute('aria-expanded', 'false');
    expect(screen.queryByLabelText('Holidays')).not.toBeInTheDocument();
    fold().focus();
    await user.keyboard('{Enter}');
    await settle();
    expect(fold()).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByLabelText('Holidays')).toBeInTheDocument();
    await user.keyboard('{Enter}');
    expect(screen.queryByLabelText('Holidays')).not.toBeInTheDocument();
  });
});

describe('the horizon', () => {
  it('is typed, and run when the field is left', async () => {
    const { user, definition, onRun } = await setup({ query: { ...CPU.query, queryType: 'forecast' } });
    await user.type(screen.getByLabelText('Horizon'), '48h');
    expect(definition().query.horizon).toBe('48h');
    expect(onRun).not.toHaveBeenCalled();
    await user.tab();
    expect(onRun).toHaveBeenCalled();
  });
});
