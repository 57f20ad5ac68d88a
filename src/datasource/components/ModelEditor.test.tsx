import { CoreApp } from '@grafana/data';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';

import { editQuery, up } from '../../testing/queryEditor';
import { TrainedModel } from '../types';

describe('the model', () => {
  it('has the options that its algorithm declares, checked against it', async () => {
    const { query, user, run } = await editQuery({ source: up, model: { algorithm: 'ets' } });
    await user.type(await screen.findByLabelText('Newest cycles'), '9');
    expect(screen.getByRole('alert')).toHaveTextContent('At most 5');
    expect(run).not.toHaveBeenCalled();
    await user.clear(screen.getByLabelText('Newest cycles'));
    expect(query().model).toEqual({ algorithm: 'ets', options: {} });
    await user.type(screen.getByLabelText('Window'), '6h');
    await user.click(screen.getByLabelText('damped'));
    expect(query().model).toEqual({ algorithm: 'ets', options: { window: '6h', damped: true } });
    expect(run).toHaveBeenCalled();
    expect(screen.getByLabelText('Trend')).toHaveValue('auto');
  });

  it('that no algorithm has is said so', async () => {
    await editQuery({ source: up, model: { algorithm: 'crystal-ball' } });
    expect(await screen.findByRole('alert')).toHaveTextContent('No algorithm of this name');
    expect(screen.getByLabelText('Model')).toHaveValue('crystal-ball');
  });

  it('is still auto when the list cannot be read', async () => {
    await editQuery({ source: up }, { algorithms: () => Promise.reject(new Error('down')) });
    expect(await screen.findByRole('alert')).toHaveTextContent('auto still works');
    expect(screen.getByLabelText('Model')).toHaveValue('Auto');
  });

  it('with a fixed threshold asks for the limit', async () => {
    await editQuery({ source: up, queryType: 'anomaly', model: { algorithm: 'threshold' } });
    expect(screen.getByLabelText('Limit')).toBeInTheDocument();
  });
});

describe('a trained model', () => {
  const disk: TrainedModel = {
    definition: {
      name: 'disk',
      query: {
        queryType: 'warning',
        source: { kind: 'prometheus', expr: 'used' },
        threshold: { value: 90, direction: 'above' },
      },
    },
    live: 3,
  };
  const draft: TrainedModel = { definition: { name: 'draft', query: { queryType: 'warning' } }, live: 0 };
  const trained = [disk, draft];
  const choose = async (user: ReturnType<typeof userEvent.setup>, name: string) => {
    await user.click(screen.getByLabelText('Model'));
    await user.keyboard(`${name}{ArrowDown}{Enter}{Escape}`);
  };

  it('can answer in place of an algorithm, and knows source, limit and window itself', async () => {
    const { query, user, run } = await editQuery(
      { source: up, queryType: 'warning', threshold: { value: 1, direction: 'above' }, trainingWindow: '7d' },
      { app: CoreApp.PanelEditor, trained }
    );
    await choose(user, 'disk');
    expect(query()).toEqual({ refId: 'A', queryType: 'warning', model: { name: 'disk' } });
    expect(run).toHaveBeenCalled();
    for (const gone of ['PromQL expression', 'Limit', 'Training window', 'Interval']) {
      expect(screen.queryByLabelText(gone)).not.toBeInTheDocument();
    }
    expect(screen.getByText('It reads Early warning: used > 90')).toBeInTheDocument();
    await user.type(screen.getByLabelText('Version'), '2');
    expect(query().model).toEqual({ name: 'disk', version: 2 });
    await user.clear(screen.getByLabelText('Version'));
    expect(query().model).toEqual({ name: 'disk' });
  });

  it('gives its source and limit to an algorithm that is chosen instead', async () => {
    const { query, user } = await editQuery(
      { source: undefined, queryType: 'warning', model: { name: 'disk' } },
      {
        trained,
      }
    );
    await choose(user, 'Auto');
    expect(query()).toEqual({ refId: 'A', ...disk.definition.query, model: { algorithm: 'auto' } });
    expect(screen.getByLabelText('PromQL expression')).toHaveValue('used');
  });

  it('that cannot be looked up is named all the same', async () => {
    await editQuery({ source: undefined, queryType: 'anomaly', model: { name: 'gone' } });
    expect(screen.getByLabelText('Model')).toHaveValue('gone');
    expect(screen.queryByText(/^It reads/)).not.toBeInTheDocument();
  });
});
