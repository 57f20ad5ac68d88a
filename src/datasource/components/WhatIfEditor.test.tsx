import { fireEvent, screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';
import { ForewarnQuery } from '../types';

describe('a warning', () => {
  const warn = { source: up, queryType: 'warning' as const, threshold: { value: 80, direction: 'below' as const } };

  it('can be asked for as if it were another', async () => {
    const { query, user } = await editQuery({ ...warn, threshold: { value: 90, direction: 'above', capacity: up } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.type(screen.getByLabelText('If the capacity were'), '2000');
    expect(query().whatIf).toEqual({ capacity: 2000 });
    expect(screen.queryByText('from')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('If it grew faster by'), '20');
    expect(query().whatIf).toEqual({ capacity: 2000, growth: 20 });
    expect(screen.getByText('from')).toBeInTheDocument();
    await user.clear(screen.getByLabelText('If the capacity were'));
    await user.clear(screen.getByLabelText('If it grew faster by'));
    expect(query().whatIf).toBeUndefined();
  });

  it('grows faster only with the model that can tell', async () => {
    const { user } = await editQuery({ ...warn, model: { algorithm: 'ets' }, whatIf: { growth: 10 } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByRole('alert')).toHaveTextContent('Only the model Auto can tell');
  });

  const unfolded = async (change: Partial<ForewarnQuery>, given = {}) => {
    const edited = await editQuery({ ...warn, ...change }, given);
    if (!screen.queryByLabelText('Interval')) {
      await edited.user.click(screen.getByRole('button', { name: 'Advanced' }));
    }
    return edited;
  };

  it.each([
    ['-101', 'At least -100'],
    ['1001', 'At most 1000'],
  ])('grows neither backwards nor beyond measure: %s', async (typed, said) => {
    await unfolded({});
    fireEvent.change(screen.getByLabelText('If it grew faster by'), { target: { value: typed } });
    expect(screen.getByRole('alert')).toHaveTextContent(said);
  });

  it('stops growing at -100 per cent, and that is no refusal', async () => {
    const { query } = await unfolded({});
    fireEvent.change(screen.getByLabelText('If it grew faster by'), { target: { value: '-100' } });
    expect(query().whatIf).toEqual({ growth: -100 });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('keeps the time from which it grows while the growth changes, and drops it with the growth', async () => {
    const from = '2026-03-02T00:00:00Z';
    const { query } = await unfolded({ whatIf: { growth: 10, from } });
    fireEvent.change(screen.getByLabelText('If it grew faster by'), { target: { value: '30' } });
    expect(query().whatIf).toEqual({ growth: 30, from });
    fireEvent.change(screen.getByLabelText('If it grew faster by'), { target: { value: '' } });
    expect(query().whatIf).toBeUndefined();
  });

  it('is asked of a limit of nothing as well, which is a question', async () => {
    const { query } = await unfolded({});
    fireEvent.change(screen.getByLabelText('If the limit were'), { target: { value: '0' } });
    expect(query().whatIf).toEqual({ capacity: 0 });
  });

  it('says at the time what the back end refuses of it', async () => {
    const error = 'invalid query: field "whatIf.from" is yesterday, needed is a time to come';
    await unfolded({ whatIf: { growth: 10, from: '2026-03-02T00:00:00Z' } }, { error });
    expect(screen.getByRole('alert')).toHaveTextContent('is yesterday, needed is a time to come');
  });
});
