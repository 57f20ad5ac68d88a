import { createDataFrame, DataFrame, FieldType } from '@grafana/data';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { SourceKind } from '../datasource/types';
import { fakeGrafana, Reply } from '../testing/grafana';
import { Browse } from './Browse';

const labelled = (...sets: Array<Record<string, string>>): DataFrame =>
  createDataFrame({
    fields: sets.map((labels) => ({ name: 'value', type: FieldType.number, values: [1], labels })),
  });
const column = (tbl: string, col: string, typ: string) => ({ tbl, col, typ });
const tables = () => [
  labelled(
    column('app_logs', 'ts', 'datetime'),
    column('app_logs', 'message', 'text'),
    column('orders', 'ts', 'datetime'),
    column('orders', 'orders', 'int'),
    column('orders', 'amount', 'decimal'),
    column('orders', 'region', 'varchar')
  ),
];

const setup = (kind: SourceKind, reply: Reply) => {
  const { queries } = fakeGrafana({}, reply);
  const onPick = jest.fn();
  render(<Browse uid="fw" kind={kind} onPick={onPick} />);
  return { queries, onPick, user: userEvent.setup() };
};

describe('a metric', () => {
  it('is looked for from two letters on, and read as its name tells', async () => {
    const { queries, onPick, user } = setup('prometheus', () => [labelled({ metric: 'http_requests_total' })]);
    const field = screen.getByLabelText('Find a metric');
    await user.type(field, 'h');
    expect(queries).toHaveLength(0);
    await user.keyboard('ttp');
    await waitFor(() => expect(queries.at(-1)?.source?.expr).toContain('.*http.*'));
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() =>
      expect(onPick).toHaveBeenCalledWith({ kind: 'prometheus', expr: 'rate(http_requests_total[5m])' })
    );
  });
});

describe('a table', () => {
  it('is added up by its first number, a series for each of its first text', async () => {
    const { onPick, user } = setup('mysql', tables);
    const field = screen.getByLabelText('Find a table');
    await user.click(field);
    await user.keyboard('{ArrowDown}{Enter}');
    await user.click(await screen.findByRole('button', { name: 'Use' }));
    const { kind, format, rawSql } = onPick.mock.calls[0][0];
    expect([kind, format]).toEqual(['mysql', 'time_series']);
    expect(rawSql).toContain('`region` AS metric, SUM(`orders`) AS `orders`');
    expect(rawSql).toContain('FROM `orders`');
  });

  it('of logs is taken as soon as it is chosen', async () => {
    const { onPick, user } = setup('logs', () => [
      labelled(column('app_logs', 'ts', 'datetime'), column('app_logs', 'message', 'text')),
    ]);
    await user.click(screen.getByLabelText('Find a table'));
    await user.keyboard('{Enter}');
    await waitFor(() =>
      expect(onPick).toHaveBeenCalledWith(
        expect.objectContaining({ kind: 'logs', table: 'app_logs', message: 'message' })
      )
    );
    expect(screen.queryByRole('button', { name: 'Use' })).not.toBeInTheDocument();
  });

  it('that cannot be listed is said to be so', async () => {
    setup('mysql', () => new Error('access denied'));
    expect(await screen.findByText('The tables cannot be listed: access denied')).toBeInTheDocument();
  });
});
