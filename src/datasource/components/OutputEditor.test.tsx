import { screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';

describe('an output that needs to know more', () => {
  it('asks which signal a part is of', async () => {
    const { query, user } = editQuery({
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
    const { query, user } = editQuery({ source: up, output: 'hindcast', horizon: '12h' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByLabelText('Said before')).toHaveAttribute('placeholder', '12h');
    await user.type(screen.getByLabelText('Said before'), '6h');
    expect(query().lead).toBe('6h');
  });
});
