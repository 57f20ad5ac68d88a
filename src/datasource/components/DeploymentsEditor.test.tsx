import { screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';

describe('the quiet after deployments', () => {
  it('asks where they are told of, and takes that away when nothing is to be quiet', async () => {
    const { query, run, user } = await editQuery({ source: up, queryType: 'anomaly' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.queryByText('Deployments from')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('Quiet after deployments'), '45m');
    expect(query().deployments).toEqual({ kind: 'prometheus', quiet: '45m' });
    await user.click(screen.getByRole('button', { name: 'Kubernetes rollouts' }));
    expect(query().deployments).toMatchObject({ expr: expect.stringContaining('changes('), quiet: '45m' });
    expect(run).toHaveBeenCalled();
    await user.clear(screen.getByLabelText('Quiet after deployments'));
    expect(query().deployments).toBeUndefined();
    expect(screen.queryByText('Deployments from')).not.toBeInTheDocument();
  });

  it('shows what a query says without a time, which is half an hour then', async () => {
    const { user } = await editQuery({ source: up, queryType: 'anomaly', deployments: { ...up, expr: 'releases' } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.getByLabelText('Quiet after deployments')).toHaveAttribute('placeholder', '30m');
    expect(screen.getByDisplayValue('releases')).toBeVisible();
  });

  it('is read from a table where the series are', async () => {
    const { query, user } = await editQuery({ queryType: 'anomaly', source: { kind: 'mysql', rawSql: 'SELECT 1' } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.type(screen.getByLabelText('Quiet after deployments'), '1h');
    expect(query().deployments).toEqual({ kind: 'mysql', quiet: '1h' });
  });
});
