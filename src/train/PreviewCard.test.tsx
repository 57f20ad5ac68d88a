import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';
import { MemoryRouter } from 'react-router-dom';

import { Preview } from '../api/contract';
import { signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { PreviewCard } from './PreviewCard';
import { Previewed } from './usePreview';

const show = (preview: Partial<Previewed>) =>
  render(<PreviewCard uid="fw" preview={{ loading: false, ...preview }} />, { wrapper: MemoryRouter });
const found = (change: Partial<Preview>) => show({ value: { ...sample.preview(), ...change } });
const rows = () =>
  screen
    .getAllByRole('row')
    .slice(1)
    .map((r) => r.textContent);

beforeEach(() => signIn('Editor'));

it('says what is read, what it costs, and what is missing', () => {
  found({});
  expect(screen.getByText(/^2 series, 8,064 points\./)).toBeInTheDocument();
  expect(rows()).toEqual(['db-2 /var4,0290.1 %', 'db-9 /0100 %']);
  expect(screen.getByText('1 series has no data')).toBeInTheDocument();
});

it.each([
  ['none', 'no data'],
  ['short', 'short history'],
  ['basic', 'level and trend'],
  ['daily', 'daily rhythm'],
  ['weekly', 'daily and weekly rhythm'],
] as const)('says in a word what a history is enough for: %s', (level, word) => {
  found({ readiness: { level, message: '' } });
  expect(screen.getByText(word)).toBeInTheDocument();
});

it('says what to try where the query finds no series, and no price', () => {
  found({ series: [], cost: { series: 0, points: 0, sourceSeconds: 0, fitSeconds: 0 }, notices: [] });
  expect(screen.getByText(/Check names and labels/)).toBeInTheDocument();
  expect(screen.queryByText(/0 points/)).not.toBeInTheDocument();
  expect(screen.queryByRole('table')).not.toBeInTheDocument();
});

it('names the signal of each series where several are joined', () => {
  const [first, second] = sample.preview().series;
  found({
    series: [
      { ...first, signal: 'cpu' },
      { ...second, signal: 'logs' },
    ],
  });
  expect(screen.getAllByRole('columnheader').map((h) => h.textContent)).toEqual([
    'Signal',
    'Series',
    'Points',
    'Missing',
  ]);
  expect(within(screen.getAllByRole('row')[2]).getAllByRole('rowheader')[0]).toHaveTextContent('logs');
});

it('folds a long list', async () => {
  const user = userEvent.setup();
  const [series] = sample.preview().series;
  found({ series: Array.from({ length: 7 }, (_, i) => ({ ...series, name: `db-${i}`, labels: { i: String(i) } })) });
  expect(rows()).toHaveLength(5);
  await user.click(screen.getByRole('button', { name: 'Show all 7' }));
  expect(rows()).toHaveLength(7);
});

it('keeps what was found while it is asked anew', () => {
  show({ value: sample.preview(), loading: true });
  expect(screen.getByRole('region', { name: 'What the query finds' })).toHaveAttribute('aria-busy', 'true');
  expect(rows()).toHaveLength(2);
});

it('shows nothing before there is a query, and that it reads while it does', () => {
  const { container, rerender } = show({});
  expect(container).toBeEmptyDOMElement();
  rerender(<PreviewCard uid="fw" preview={{ loading: true }} />);
  expect(screen.getByText('Reading history…')).toBeInTheDocument();
});

describe('what cannot be read', () => {
  const link = () => screen.queryByRole('link', { name: /Test the data source/ });

  it('is the query’s fault where the source rejected it, with the field', () => {
    signIn('Admin');
    show({ error: 'is 1x', field: 'interval' });
    expect(screen.getByRole('alert')).toHaveTextContent('This query cannot be read');
    expect(screen.getByRole('alert')).toHaveTextContent('interval: is 1x');
    expect(link()).not.toBeInTheDocument();
  });

  it('is the server’s where it cannot be reached, which an administrator may test', () => {
    signIn('Admin');
    show({ error: 'connection refused', down: true });
    expect(screen.getByRole('alert')).toHaveTextContent('The data source’s server cannot be reached');
    expect(screen.getByRole('alert')).not.toHaveTextContent('This query');
    expect(link()).toHaveAttribute('href', '/connections/datasources/edit/fw');
  });

  it('leads nobody else there', () => {
    show({ error: 'connection refused', down: true });
    expect(link()).not.toBeInTheDocument();
  });
});
