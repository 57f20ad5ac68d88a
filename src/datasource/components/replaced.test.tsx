import { CoreApp } from '@grafana/data';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ReactElement } from 'react';

import { ALGORITHMS, up } from '../../testing/queryEditor';
import { settle } from '../../testing/settle';
import { ForewarnDataSource } from '../datasource';
import { ForewarnQuery } from '../types';
import { QueryEditor } from './QueryEditor';

const datasource = {
  algorithms: async () => ALGORITHMS,
  trained: async () => [],
  defaults: {},
  uid: 'fw',
} as unknown as ForewarnDataSource;

const queryOf = (own: Partial<ForewarnQuery>): ForewarnQuery => ({
  refId: 'A',
  queryType: 'forecast',
  source: up,
  ...own,
});

/** The editor as Grafana keeps it on the page while it gives it another query: one of the history, or what was before an undo. */
async function given(first: Partial<ForewarnQuery>, change: { app?: CoreApp; onChange?: jest.Mock } = {}) {
  const { app = CoreApp.Explore, onChange = jest.fn() } = change;
  const run = jest.fn();
  const editor = (own: Partial<ForewarnQuery>): ReactElement => (
    <QueryEditor query={queryOf(own)} onChange={onChange} onRunQuery={run} datasource={datasource} app={app} />
  );
  const { rerender } = render(editor(first));
  await settle();
  return {
    run,
    onChange,
    user: userEvent.setup(),
    replace: async (own: Partial<ForewarnQuery>) => {
      rerender(editor(own));
      await settle();
    },
  };
}

const advanced = () => screen.getByRole('button', { name: 'Advanced' });
const warning = (threshold: ForewarnQuery['threshold']) => ({ queryType: 'warning' as const, threshold });

describe('a query that takes the place of another', () => {
  it('shows its own text, window and horizon', async () => {
    const { replace } = await given({ trainingWindow: '7d', horizon: '6h' });
    await replace({ source: { kind: 'prometheus', expr: 'errors', legendFormat: '{{job}}' }, trainingWindow: '28d' });
    expect(screen.getByLabelText('PromQL expression')).toHaveValue('errors');
    expect(screen.getByLabelText('Legend')).toHaveValue('{{job}}');
    expect(screen.getByLabelText('Training window')).toHaveValue('28d');
    expect(screen.getByLabelText('Horizon')).toHaveValue('');
  });

  it('shows its own kind of source', async () => {
    const { replace } = await given({});
    await replace({ source: { kind: 'mysql', rawSql: 'SELECT 1' } });
    expect(screen.getByRole('radio', { name: 'MySQL' })).toBeChecked();
    expect(screen.getByLabelText('SQL statement')).toHaveValue('SELECT 1');
    expect(screen.queryByLabelText('PromQL expression')).not.toBeInTheDocument();
  });

  it.each([
    ['query', 'another query'],
    ['capacity', 'a share of a capacity'],
  ] as const)('shows the %s that its own limit is', async (way, label) => {
    const limit = (expr: string) => ({
      direction: 'above' as const,
      ...(way === 'capacity' && { value: 90 }),
      [way]: { kind: 'prometheus' as const, expr },
    });
    const { replace } = await given(warning(limit('size_of_disk')));
    expect(screen.getByDisplayValue('size_of_disk')).toBeInTheDocument();
    await replace(warning(limit('size_of_memory')));
    expect(screen.getByRole('radio', { name: label })).toBeChecked();
    expect(screen.getByDisplayValue('size_of_memory')).toBeInTheDocument();
    expect(screen.queryByDisplayValue('size_of_disk')).not.toBeInTheDocument();
  });

  it('shows the side of its own limit', async () => {
    const { replace } = await given(warning({ value: 90, direction: 'above' }));
    await replace(warning({ value: 5, direction: 'below' }));
    expect(screen.getByLabelText('Threshold')).toHaveValue('falls below');
    expect(screen.getByLabelText('Limit')).toHaveValue(5);
  });

  it('shows its own list, and not what was typed into that of the other', async () => {
    const logs = (keywords: string[]) => ({ source: { kind: 'logs' as const, table: 't', time: 'ts', keywords } });
    const { replace, user, onChange } = await given(logs(['timeout']));
    await user.type(screen.getByLabelText('Keywords'), ',');
    expect(onChange).toHaveBeenLastCalledWith(queryOf(logs(['timeout'])));
    await replace(logs(['refused', 'reset']));
    expect(screen.getByLabelText('Keywords')).toHaveValue('refused, reset');
  });

  it('shows its own model and what that can be set to', async () => {
    const { replace } = await given({ model: { algorithm: 'ets', options: { window: '6h' } } });
    expect(screen.getByLabelText('Window')).toHaveValue('6h');
    await replace({
      queryType: 'anomaly',
      model: { algorithm: 'threshold' },
      threshold: { value: 1, direction: 'above' },
    });
    expect(screen.getByLabelText('Model')).toHaveValue('Fixed threshold');
    expect(screen.queryByLabelText('Window')).not.toBeInTheDocument();
    expect(screen.getByLabelText('Limit')).toHaveValue(1);
  });

  it('shows its own signals, as many as it has', async () => {
    const composite = (...names: string[]): Partial<ForewarnQuery> => ({
      queryType: 'composite',
      source: undefined,
      join: names,
      sources: names.map((name) => ({ kind: 'prometheus', name, expr: `${name}_expr` })),
    });
    const { replace } = await given(composite('cpu', 'memory', 'disk'));
    await replace(composite('errors', 'latency'));
    expect(screen.getAllByRole('group').map((group) => group.getAttribute('aria-label'))).toEqual([
      'Signal errors',
      'Signal latency',
    ]);
    expect(screen.getByDisplayValue('latency_expr')).toBeInTheDocument();
    expect(screen.getByLabelText('Join on labels')).toHaveValue('errors, latency');
  });

  it('leaves what is unfolded as it is', async () => {
    const { replace, user } = await given({});
    await user.click(advanced());
    await replace({ interval: '1m' });
    expect(advanced()).toHaveAttribute('aria-expanded', 'true');
    expect(screen.getByLabelText('Interval')).toHaveValue('1m');
  });

  it('is neither written anew nor run', async () => {
    const { replace, run, onChange } = await given({});
    await replace({ queryType: 'outlier', interval: '1m' });
    await replace({ queryType: 'series', output: 'actual' });
    expect(onChange).not.toHaveBeenCalled();
    expect(run).not.toHaveBeenCalled();
  });

  it('in a rule gets the one output that it needs, once', async () => {
    const { replace, onChange } = await given(
      { queryType: 'anomaly', output: 'score' },
      { app: CoreApp.UnifiedAlerting }
    );
    expect(onChange).not.toHaveBeenCalled();
    await replace({ queryType: 'outlier', output: 'all' });
    expect(onChange).toHaveBeenCalledTimes(1);
    expect(onChange).toHaveBeenLastCalledWith(queryOf({ queryType: 'outlier', output: 'score' }));
  });
});

describe('what the data source cannot say', () => {
  const failing = (change: Partial<Record<'algorithms' | 'trained', () => Promise<unknown>>>) =>
    ({ ...datasource, ...change }) as unknown as ForewarnDataSource;
  const down = () => Promise.reject(new Error('bad gateway'));
  const show = async (source: ForewarnDataSource, own: Partial<ForewarnQuery> = {}) => {
    render(
      <QueryEditor
        query={queryOf(own)}
        onChange={jest.fn()}
        onRunQuery={jest.fn()}
        datasource={source}
        app={CoreApp.Explore}
      />
    );
    await settle();
  };

  it('of its algorithms is said at the model, whose name and options stay', async () => {
    await show(failing({ algorithms: down }), { model: { algorithm: 'ets', options: { window: '6h' } } });
    expect(screen.getByRole('alert')).toHaveTextContent('did not say which algorithms it has');
    expect(screen.getByLabelText('Model')).toHaveValue('ets');
    expect(screen.getByLabelText('PromQL expression')).toBeEnabled();
  });

  it('of its trained models is no reason to complain: a query of its own needs none', async () => {
    await show(failing({ trained: down }));
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(screen.getByLabelText('Model')).toHaveValue('Auto');
  });

  it('in time does not reach an editor that is gone', async () => {
    let answer: (models: never[]) => void = () => undefined;
    const late = new Promise<never[]>((resolve) => (answer = resolve));
    const { unmount } = render(
      <QueryEditor
        query={queryOf({})}
        onChange={jest.fn()}
        onRunQuery={jest.fn()}
        datasource={failing({ trained: () => late, algorithms: async () => ALGORITHMS })}
      />
    );
    await settle();
    unmount();
    answer([]);
    await settle();
    expect(screen.queryByLabelText('Model')).not.toBeInTheDocument();
  });
});
