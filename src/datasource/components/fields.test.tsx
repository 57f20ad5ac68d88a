import { fireEvent, screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';

describe('a field', () => {
  it('says beside itself what is wrong', async () => {
    const { query, user } = await editQuery({ source: up });
    await user.type(screen.getByLabelText('Training window'), '2 weeks');
    expect(screen.getByRole('alert')).toHaveTextContent('Write a duration such as 5m, 24h or 14d');
    await user.clear(screen.getByLabelText('Training window'));
    expect(query()).toEqual({ refId: 'A', queryType: 'forecast', source: up, trainingWindow: undefined });
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it('keeps the comma while a list is typed', async () => {
    const { query, user } = await editQuery({ source: { kind: 'logs', table: 't', time: 'ts' } });
    await user.type(screen.getByLabelText('Keywords'), 'OutOfMemory, connection refused,');
    expect(screen.getByLabelText('Keywords')).toHaveValue('OutOfMemory, connection refused,');
    expect(query().source?.keywords).toEqual(['OutOfMemory', 'connection refused']);
  });

  it('takes a Chinese comma between the parts of a list, too', async () => {
    const { query } = await editQuery({ source: { kind: 'logs', table: 't', time: 'ts' } });
    fireEvent.change(screen.getByLabelText('Keywords'), { target: { value: '超时， 内存不足 ,,，拒绝' } });
    expect(query().source?.keywords).toEqual(['超时', '内存不足', '拒绝']);
  });

  it.each([
    ['5m', undefined],
    ['1d12h', undefined],
    ['$window', undefined],
    ['5', 'Write a duration'],
    ['0m', 'Write a duration'],
    ['-5m', 'Write a duration'],
    ['5 m', 'Write a duration'],
    ['five', 'Write a duration'],
  ])('for a duration checks what is written: %s', async (text, problem) => {
    const { query } = await editQuery({ source: up });
    const field = screen.getByLabelText('Training window');
    fireEvent.change(field, { target: { value: text } });
    expect(query().trainingWindow).toBe(text);
    expect(field).toHaveAttribute('aria-invalid', String(problem !== undefined));
    expect(screen.queryAllByRole('alert')).toHaveLength(problem ? 1 : 0);
  });

  it('runs what stands in it when Enter is pressed, and sends no form around it', async () => {
    const { run, user } = await editQuery({ source: up });
    await user.type(screen.getByLabelText('Legend'), '{{{{host}}');
    expect(run).not.toHaveBeenCalled();
    expect(fireEvent.keyDown(screen.getByLabelText('Legend'), { key: 'Enter' })).toBe(false);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('of nothing but spaces is empty', async () => {
    const { query } = await editQuery({ source: up, horizon: '6h' });
    fireEvent.change(screen.getByLabelText('Horizon'), { target: { value: '  ' } });
    expect(query().horizon).toBeUndefined();
  });
});
