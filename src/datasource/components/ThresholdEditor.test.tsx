import { fireEvent, screen, within } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';
import { isRunnable } from '../validate';

describe('the limit of a warning', () => {
  const warn = { source: up, queryType: 'warning' as const, threshold: { value: 80, direction: 'below' as const } };

  it('is a number, another query, or a share of a capacity', async () => {
    const { query, user, run } = await editQuery(warn);
    expect(screen.getByLabelText('a number')).toBeChecked();
    expect(screen.queryAllByLabelText('PromQL expression')).toHaveLength(1);

    await user.click(screen.getByLabelText('another query'));
    expect(query().threshold).toEqual({ direction: 'below', query: { kind: 'prometheus' } });
    expect(screen.queryByLabelText('Limit')).not.toBeInTheDocument();
    await user.type(screen.getAllByLabelText('PromQL expression')[1], 'max_size');
    expect(query().threshold).toEqual({ direction: 'below', query: { kind: 'prometheus', expr: 'max_size' } });

    await user.click(screen.getByLabelText('a share of a capacity'));
    expect(query().threshold).toEqual({
      value: 90,
      direction: 'below',
      capacity: { kind: 'prometheus', expr: 'max_size' },
    });
    await user.clear(screen.getByLabelText('Share'));
    expect(screen.getByRole('alert')).toHaveTextContent('A number is needed');
    fireEvent.change(screen.getByLabelText('Share'), { target: { value: '0' } });
    expect(screen.getByRole('alert')).toHaveTextContent('A share above 0 %');
    fireEvent.change(screen.getByLabelText('Share'), { target: { value: '85' } });
    expect(query().threshold).toEqual({
      value: 85,
      direction: 'below',
      capacity: { kind: 'prometheus', expr: 'max_size' },
    });

    run.mockClear();
    await user.click(screen.getByLabelText('a number'));
    expect(query().threshold).toEqual({ value: 85, direction: 'below' });
    expect(run).toHaveBeenCalled();
  });

  it('comes from the same side as the series, which can be changed', async () => {
    const { query, user } = await editQuery({ ...warn, source: { kind: 'mysql', rawSql: 'SELECT 1' } });
    await user.click(screen.getByLabelText('a share of a capacity'));
    expect(query().threshold?.capacity).toEqual({ kind: 'mysql' });
    const from = screen.getByRole('radiogroup', { name: 'Capacity from' });
    expect(within(from).queryByLabelText('Log table')).not.toBeInTheDocument();
    await user.click(within(from).getByLabelText('Prometheus'));
    await user.click(screen.getByRole('button', { name: 'Size of each disk' }));
    expect(query().threshold?.capacity?.expr).toContain('node_filesystem_size_bytes');
  });

  it('of an anomaly is a number alone', async () => {
    await editQuery({ source: up, queryType: 'anomaly', model: { algorithm: 'threshold' } });
    expect(screen.queryByLabelText('another query')).not.toBeInTheDocument();
  });
});

describe('the side of a limit', () => {
  const warn = { source: up, queryType: 'warning' as const };

  it('is changed at once, and kept while the number is written anew', async () => {
    const { query, run, user } = await editQuery({ ...warn, threshold: { value: 80, direction: 'above' } });
    await user.click(screen.getByLabelText('Threshold'));
    await user.keyboard('{ArrowDown}{Enter}');
    expect(query().threshold).toEqual({ value: 80, direction: 'below' });
    expect(run).toHaveBeenCalledTimes(1);
    await user.clear(screen.getByLabelText('Limit'));
    expect(query().threshold).toBeUndefined();
    fireEvent.change(screen.getByLabelText('Limit'), { target: { value: '-2.5' } });
    expect(query().threshold).toEqual({ value: -2.5, direction: 'below' });
  });

  it('can be chosen while there is no number, too', async () => {
    const { query, user } = await editQuery({ ...warn, threshold: undefined });
    await user.click(screen.getByLabelText('Threshold'));
    await user.keyboard('{ArrowDown}{Enter}');
    expect(query().threshold).toBeUndefined();
    fireEvent.change(screen.getByLabelText('Limit'), { target: { value: '5' } });
    expect(query().threshold).toEqual({ value: 5, direction: 'below' });
  });

  it.each([
    ['another query', 'query', '90 % of each disk', '0.9 * node_filesystem_size_bytes'],
    ['another query', 'query', '90 % of each container’s memory', '0.9 * container_spec_memory_limit_bytes'],
    ['a share of a capacity', 'capacity', 'Size of each disk', 'node_filesystem_size_bytes'],
    ['a share of a capacity', 'capacity', 'Memory limit of each container', 'container_spec_memory_limit_bytes'],
  ] as const)('of %s can start from an example that fits: %s, %s', async (way, field, example, expr) => {
    const { query, run, user } = await editQuery({ ...warn, threshold: { value: 80, direction: 'above' } });
    await user.click(screen.getByLabelText(way));
    run.mockClear();
    await user.click(screen.getByRole('button', { name: example }));
    expect(query().threshold?.[field]?.expr?.startsWith(expr)).toBe(true);
    expect(query().threshold?.direction).toBe('above');
    expect(isRunnable(query())).toBe(true);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
