import { screen } from '@testing-library/react';

import { editQuery } from '../../testing/queryEditor';

describe('a log table', () => {
  it('of a log table take keywords or patterns, not both', async () => {
    const { query, user } = editQuery({
      source: { kind: 'logs', table: 't', time: 'ts', message: 'm', keywords: ['timeout'] },
    });
    await user.type(screen.getByLabelText('Or patterns'), '8');
    expect(screen.getByRole('alert')).toHaveTextContent('Keywords or patterns, not both');
    await user.clear(screen.getByLabelText('Keywords'));
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(query().source).toMatchObject({ patterns: 8, keywords: [] });
    await user.type(screen.getByLabelText('Or patterns'), '8');
    expect(screen.getByRole('alert')).toHaveTextContent('At most 50');
  });
});
