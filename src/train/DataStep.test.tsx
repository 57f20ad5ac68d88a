import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';
import { MemoryRouter } from 'react-router-dom';

import { ModelQuery } from '../api/contract';
import { fakeGrafana, signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { settle } from '../testing/settle';
import { DataStep } from './DataStep';
import { Previewed } from './usePreview';

const CPU: ModelQuery = {
  queryType: 'anomaly',
  source: { kind: 'prometheus', expr: 'node_load1' },
  trainingWindow: '14d',
};

/** The step as the wizard holds it; what it holds last, and what it was told to run. */
function setup(start: ModelQuery = CPU, preview: Partial<Previewed> = {}) {
  fakeGrafana();
  let held = start;
  const ran: ModelQuery[] = [];
  function Host() {
    const [query, setQuery] = useState(start);
    held = query;
    return (
      <DataStep
        uid="fw"
        query={query}
        preview={{ loading: false, ...preview }}
        onChange={(next, run) => {
          setQuery(next);
          if (run) {
            ran.push(next);
          }
        }}
        onRun={() => ran.push(held)}
      />
    );
  }
  render(<Host />, { wrapper: MemoryRouter });
  return { user: userEvent.setup(), query: () => held, ran };
}

beforeEach(() => signIn('Editor'));

describe('a query that is typed', () => {
  it('runs when the field is left, not at each letter', async () => {
    const { user, query, ran } = setup();
    const field = screen.getByLabelText('PromQL expression');
    await user.type(field, ' * 2');
    expect(query().source?.expr).toBe('node_load1 * 2');
    expect(ran).toEqual([]);
    await user.tab();
    await waitFor(() => expect(ran[ran.length - 1]?.source?.expr).toBe('node_load1 * 2'));
  });

  it('offers a search for metrics only while it is empty', async () => {
    setup({ ...CPU, source: { kind: 'prometheus', expr: '' } });
    expect(screen.getByLabelText('Find a metric')).toBeInTheDocument();
    await settle();
  });

  it('hides the search once there is a query', () => {
    setup();
    expect(screen.queryByLabelText('Find a metric')).not.toBeInTheDocument();
  });
});

describe('an example', () => {
  it('is taken and run at once', async () => {
    const { user, query, ran } = setup({ ...CPU, source: { kind: 'prometheus', expr: '' } });
    await user.click(screen.getByRole('button', { name: 'CPU of each host' }));
    expect(query().source?.expr).toContain('node_cpu_seconds_total');
    expect(ran).toHaveLength(1);
  });
});

describe('how much is read', () => {
  it.each([
    ['Training window', '7d', { trainingWindow: '7d' }],
    ['Interval', '10m', { interval: '10m' }],
  ])('is set by %s, when the field is left', async (label, text, change) => {
    const { user, query, ran } = setup();
    await user.clear(screen.getByLabelText(label));
    await user.type(screen.getByLabelText(label), text);
    await user.tab();
    expect(query()).toMatchObject(change);
    expect(ran[ran.length - 1]).toMatchObject(change);
  });

  it.each(['fortnight', '14', '-1d'])('is refused beside the field where it is %p', async (text) => {
    const { user } = setup();
    await user.clear(screen.getByLabelText('Training window'));
    await user.type(screen.getByLabelText('Training window'), text);
    await user.tab();
    expect(screen.getByText('Write a duration such as 5m, 24h or 14d')).toBeInTheDocument();
  });
});

describe('several sources', () => {
  it('are joined on request, and become one again', async () => {
    const { user, query } = setup();
    await user.click(screen.getByRole('radio', { name: 'Several joined' }));
    expect(query()).toMatchObject({ queryType: 'composite' });
    expect(query().sources).toHaveLength(2);
    await user.click(screen.getByRole('button', { name: 'Back to a single source' }));
    expect(query()).toMatchObject({ queryType: 'anomaly', source: { expr: 'node_load1' } });
    expect(query().sources).toBeUndefined();
  });
});

describe('what is said below', () => {
  it.each<[string, Partial<Previewed>, string]>([
    ['nothing is known', {}, 'Write or choose a query'],
    ['it is read', { loading: true }, 'Reading history…'],
    ['it was read', { value: sample.preview() }, '2 series, 8,064 points'],
    ['it failed', { error: 'no such metric' }, 'no such metric'],
  ])('fits where %s', (_, preview, text) => {
    setup(CPU, preview);
    expect(screen.getByText((content) => content.includes(text))).toBeInTheDocument();
  });
});
