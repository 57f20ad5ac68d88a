import { screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';

describe('filters that came along from a dashboard', () => {
  const adhocFilters = [
    { key: 'cloud', operator: '=', value: 'ali<yun>' },
    { key: 'host', operator: '!=|', value: 'a', values: ['a', 'b'] },
  ];
  const line = 'Only cloud = ali<yun>, host != a | b, as the dashboard’s filters said';

  it('are said above the query, and can be taken away, which runs it', async () => {
    const { query, run, user } = await editQuery({ source: up, adhocFilters });
    expect(screen.getByText(line)).toBeInTheDocument();
    await user.click(screen.getByRole('button', { name: 'Remove the filters' }));
    expect(query().adhocFilters).toBeUndefined();
    expect(run).toHaveBeenCalledTimes(1);
    expect(screen.queryByText(line)).not.toBeInTheDocument();
  });

  it('are said of a trained model’s query as well', async () => {
    await editQuery({ source: undefined, model: { name: 'disk' }, adhocFilters });
    expect(screen.getByText(line)).toBeInTheDocument();
  });

  it('are not spoken of where there are none', async () => {
    await editQuery({ source: up, adhocFilters: [] });
    expect(screen.queryByRole('button', { name: 'Remove the filters' })).not.toBeInTheDocument();
  });
});
