import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { editQuery, up } from '../../testing/queryEditor';
import { SourceEditor } from './SourceEditor';

describe('a log table', () => {
  it('takes keywords or patterns, not both', async () => {
    const { query, user } = await editQuery({
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

  it('names its columns, and levels once there is a column of them', async () => {
    const { query, user } = await editQuery({ source: { kind: 'logs' } });
    for (const [label, text] of [
      ['Table', 'app_logs'],
      ['Time column', 'ts'],
      ['Message column', 'message'],
      ['Entity column', 'container'],
    ]) {
      fireEvent.change(screen.getByLabelText(label), { target: { value: text } });
    }
    expect(screen.queryByLabelText('Levels')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('Level column'), 'level');
    fireEvent.change(screen.getByLabelText('Levels'), { target: { value: 'ERROR, FATAL' } });
    expect(query().source).toEqual({
      kind: 'logs',
      table: 'app_logs',
      time: 'ts',
      message: 'message',
      entity: 'container',
      level: 'level',
      levels: ['ERROR', 'FATAL'],
    });
  });

  it.each([
    [{}, true],
    [{ table: 't' }, true],
    [{ table: 't', time: 'ts' }, false],
    [{ table: 't', time: 'ts', keywords: ['x'] }, true],
    [{ table: 't', time: 'ts', patterns: 5 }, true],
    [{ table: 't', time: 'ts', message: 'm', patterns: 5 }, false],
    [{ table: 't', time: 'ts', message: 'm', keywords: ['x'], patterns: 5 }, true],
  ])('is offered examples until it says enough: %j', async (source, offered) => {
    await editQuery({ source: { kind: 'logs', ...source } });
    expect(screen.queryAllByText('Start from an example:')).toHaveLength(offered ? 1 : 0);
  });
});

describe('a source', () => {
  it.each(['{Shift>}{Enter}{/Shift}', '{Control>}{Enter}{/Control}', '{Meta>}{Enter}{/Meta}'])(
    'runs on %s, and a plain Enter is a new line',
    async (keys) => {
      const { query, run, user } = await editQuery({
        source: { kind: 'mysql', rawSql: 'SELECT 1', format: 'time_series' },
      });
      await user.type(screen.getByLabelText('SQL statement'), '{Enter}');
      expect(run).not.toHaveBeenCalled();
      await user.type(screen.getByLabelText('SQL statement'), keys);
      expect(run).toHaveBeenCalledTimes(1);
      expect(query().source?.rawSql).toBe('SELECT 1\n');
    }
  );

  it('of SQL is a time series unless it was written as a table', async () => {
    const { query } = await editQuery({ source: { kind: 'mysql' } });
    fireEvent.change(screen.getByLabelText('SQL statement'), { target: { value: 'SELECT 1' } });
    expect(query().source).toEqual({ kind: 'mysql', rawSql: 'SELECT 1', format: 'time_series' });
  });

  it('of SQL that is a table stays one', async () => {
    const { query } = await editQuery({ source: { kind: 'mysql', rawSql: 'SELECT 1', format: 'table' } });
    fireEvent.change(screen.getByLabelText('SQL statement'), { target: { value: 'SELECT 2' } });
    expect(query().source?.format).toBe('table');
  });

  it('that is looked at as another kind does not lose what was written', async () => {
    const { query, user } = await editQuery({ source: { kind: 'prometheus', expr: 'up', legendFormat: '{{job}}' } });
    await user.click(screen.getByLabelText('MySQL'));
    expect(screen.queryByLabelText('Legend')).not.toBeInTheDocument();
    await user.click(screen.getByLabelText('Prometheus'));
    expect(query().source).toEqual({ kind: 'prometheus', expr: 'up', legendFormat: '{{job}}' });
  });

  it('that is only compared with has neither names of series nor rows of a log', () => {
    const props = { id: 'x', path: 'volume', source: up, onChange: jest.fn(), onRun: jest.fn() };
    render(<SourceEditor {...props} asNumbers />);
    expect(screen.queryByLabelText('Legend')).not.toBeInTheDocument();
    expect(screen.queryByLabelText('Log table')).not.toBeInTheDocument();
  });

  it('offers to join several where that can be done', async () => {
    const onSeveral = jest.fn();
    const props = { id: 'x', source: up, onChange: jest.fn(), onRun: jest.fn(), onSeveral };
    render(<SourceEditor {...props} />);
    await userEvent.setup().click(screen.getByLabelText('Several joined'));
    expect(onSeveral).toHaveBeenCalledTimes(1);
    expect(props.onChange).not.toHaveBeenCalled();
  });
});
