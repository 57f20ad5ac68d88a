import { screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';

describe('a field', () => {
  it('say beside themselves what is wrong', async () => {
    const { query, user } = editQuery({ source: up });
    await user.type(screen.getByLabelText('Training window'), '2 weeks');
    expect(screen.getByRole('alert')).toHaveTextContent('Write a duration such as 5m, 24h or 14d');
    await user.clear(screen.getByLabelText('Training window'));
    expect(query()).toEqual({ refId: 'A', queryType: 'forecast', source: up, trainingWindow: undefined });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('keep the comma while a list is typed', async () => {
    const { query, user } = editQuery({ source: { kind: 'logs', table: 't', time: 'ts' } });
    await user.type(screen.getByLabelText('Keywords'), 'OutOfMemory, connection refused,');
    expect(screen.getByLabelText('Keywords')).toHaveValue('OutOfMemory, connection refused,');
    expect(query().source?.keywords).toEqual(['OutOfMemory', 'connection refused']);
  });
});
