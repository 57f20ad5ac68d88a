import { fireEvent, screen, within } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';
import { isRunnable } from '../validate';
import { freeName } from './CompositeEditor';

const sources = (n: number) => Array.from({ length: n }, (_, i) => ({ ...up, name: `signal${i + 1}` }));
const composite = (n = 2) => ({ source: undefined, queryType: 'composite' as const, join: ['i'], sources: sources(n) });
const signal = (name: string) => within(screen.getByRole('group', { name: `Signal ${name}` }));

describe('a composite', () => {
  it('edits each signal on its own, its name staying with it', async () => {
    const { query, user } = await editQuery(composite());
    fireEvent.change(signal('signal2').getByLabelText('PromQL expression'), { target: { value: 'errors' } });
    await user.click(signal('signal1').getByLabelText('MySQL'));
    fireEvent.change(signal('signal1').getByLabelText('SQL statement'), { target: { value: 'SELECT 1' } });
    expect(query().sources).toEqual([
      { kind: 'mysql', expr: 'up', rawSql: 'SELECT 1', format: 'time_series', name: 'signal1' },
      { kind: 'prometheus', expr: 'errors', name: 'signal2' },
    ]);
  });

  it('takes an example for the signal whose it is, and runs', async () => {
    const { query, run, user } = await editQuery({
      ...composite(),
      sources: [...sources(1), { kind: 'logs' as const, name: 'logs' }],
    });
    await user.click(signal('logs').getByRole('button', { name: 'Error lines of each container' }));
    expect(query().sources?.map((s) => [s.name, s.kind])).toEqual([
      ['signal1', 'prometheus'],
      ['logs', 'logs'],
    ]);
    expect(isRunnable(query())).toBe(true);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('keeps two signals at least, and joins sixteen at most', async () => {
    await editQuery(composite());
    expect(screen.queryByRole('button', { name: 'Remove this signal' })).not.toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Add a signal' })).toBeEnabled();
  });

  it('of sixteen takes no more', async () => {
    await editQuery(composite(16));
    expect(screen.getByRole('button', { name: 'Add a signal' })).toBeDisabled();
    expect(screen.getAllByRole('button', { name: 'Remove this signal' })).toHaveLength(16);
  });

  it('is not sent while a name or the labels to join on are missing, which is said there', async () => {
    const { query } = await editQuery(composite());
    fireEvent.change(signal('signal1').getByLabelText('Signal'), { target: { value: '' } });
    expect(screen.getByRole('alert')).toHaveTextContent('Needed');
    expect(isRunnable(query())).toBe(false);
    fireEvent.change(screen.getAllByLabelText('Signal')[0], { target: { value: 'cpu' } });
    expect(isRunnable(query())).toBe(true);
    fireEvent.change(screen.getByLabelText('Join on labels'), { target: { value: ' , ' } });
    expect(screen.getByRole('alert')).toHaveTextContent('Needed');
    expect(isRunnable(query())).toBe(false);
  });

  it.each([
    [[], 'signal1'],
    [['signal1', 'signal2'], 'signal3'],
    [['signal2'], 'signal3'],
    [['signal3', 'b'], 'signal4'],
    [['a', 'b'], 'signal3'],
  ])('of %j names a new signal %s', (taken, name) =>
    expect(freeName(taken.map((t) => ({ ...up, name: t })))).toBe(name)
  );
});
