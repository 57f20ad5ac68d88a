import { screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';

describe('an output that needs to know more', () => {
  it('asks which signal a part is of', async () => {
    const { query, user } = await editQuery({
      source: undefined,
      queryType: 'composite',
      join: ['i'],
      sources: [
        { ...up, name: 'cpu' },
        { ...up, name: 'logs' },
      ],
      output: 'share',
      signal: 'cpu',
    });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.click(screen.getByLabelText('Part of'));
    await user.keyboard('logs{ArrowDown}{Enter}');
    expect(query()).toMatchObject({ output: 'share', signal: 'logs' });
  });

  it('asks how long before something was said', async () => {
    const { query, user } = await editQuery({ source: up, output: 'hindcast', horizon: '12h' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByLabelText('Said before')).toHaveAttribute('placeholder', '12h');
    await user.type(screen.getByLabelText('Said before'), '6h');
    expect(query().lead).toBe('6h');
  });

  it.each([
    ['fitted on request', { source: up }, {}],
    [
      'of a trained model',
      { source: undefined, model: { name: 'disk' } },
      { trained: [{ definition: { name: 'disk', query: { queryType: 'forecast' as const, source: up } }, live: 1 }] },
    ],
  ])('asks for the limit that a forecast %s is to reach', async (_, own, given) => {
    const { query, user } = await editQuery(
      { ...own, output: 'crossing', threshold: { value: 90, direction: 'above' } },
      given
    );
    const limit = await screen.findByDisplayValue('90');
    await user.clear(limit);
    await user.type(limit, '75');
    expect(query().threshold).toEqual({ value: 75, direction: 'above' });
  });
});

describe('another output', () => {
  it('forgets what only the one before needed, and runs at once', async () => {
    const { query, user, run } = await editQuery({ source: up, output: 'hindcast', lead: '6h' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.click(screen.getByLabelText('Output'));
    await user.keyboard('upper{ArrowDown}{Enter}');
    expect(query()).toEqual({ refId: 'A', queryType: 'forecast', source: up, output: 'upper' });
    expect(run).toHaveBeenCalledTimes(1);
    expect(screen.queryByLabelText('Said before')).not.toBeInTheDocument();
  });
});
