import { screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';

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
});
