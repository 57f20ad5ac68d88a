import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ComponentProps } from 'react';

import { panelData, wide } from '../testing/data';
import { Chart } from './Chart';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());
jest.mock('./useWidth', () => ({ useWidth: () => [{ current: null }, 500] }));

const setup = (change: Partial<ComponentProps<typeof Chart>> = {}) => {
  const props = { title: 'The last 14 days', loading: false, height: 300, empty: 'Nothing to draw.', ...change };
  const view = render(<Chart {...props} />);
  return {
    user: userEvent.setup(),
    again: (next: Partial<typeof props>) => view.rerender(<Chart {...props} {...next} />),
  };
};
const hosts = (...names: string[]) => panelData([wide(Object.fromEntries(names.map((n) => [n, [1, 2]])), 'actual')]);
const regions = [
  { from: 0, to: 1, title: 'power failure', color: 'gray' },
  { from: 2, to: 3, title: 'db-1', color: 'red', labels: { instance: 'db-1' } },
];

it.each([
  ['nothing is asked', {}, 'Nothing to draw.'],
  ['there is no series', { data: panelData([]) }, 'Nothing to draw.'],
  ['it is being read', { loading: true }, 'Reading history and fitting…'],
])('says why it is empty where %s', (_, change, text) => {
  setup(change);
  expect(screen.getByText(text)).toBeInTheDocument();
  expect(screen.queryByTestId('panel')).not.toBeInTheDocument();
});

it('says what the data source said, and draws nothing old beside it', () => {
  setup({ error: 'connection refused', data: hosts('db-1') });
  expect(screen.getByRole('alert')).toHaveTextContent('connection refused');
  expect(screen.queryByTestId('panel')).not.toBeInTheDocument();
});

it('draws a few series at once, and asks for no choice where there is one', () => {
  setup({ data: hosts('db-1') });
  expect(screen.getByTestId('panel')).toBeInTheDocument();
  expect(screen.queryByRole('combobox')).not.toBeInTheDocument();
});

it('shows one of many, and all on request', async () => {
  const { user } = setup({ data: hosts('a', 'b', 'c', 'd', 'e') });
  const choice = screen.getByRole('combobox', { name: 'Series' });
  expect(choice).toHaveValue('a');
  await user.click(choice);
  await user.keyboard('{ArrowUp}{Enter}');
  expect(choice).toHaveValue('All 5 series');
});

it('shades the stretches of the series that is shown, and those of all', async () => {
  const { user } = setup({ data: hosts('db-1', 'db-2'), regions, focus: { instance: 'db-2' } });
  expect(screen.getByTestId('panel')).toHaveAttribute('data-regions', '1');
  await user.click(screen.getByRole('combobox', { name: 'Series' }));
  await user.keyboard('{ArrowUp}{Enter}');
  expect(screen.getByTestId('panel')).toHaveAttribute('data-regions', '2');
});

it('goes to the series that is looked at', () => {
  const { again } = setup({ data: hosts('db-1', 'db-2'), focus: { instance: 'db-1' } });
  expect(screen.getByRole('combobox', { name: 'Series' })).toHaveValue('db-1');
  again({ data: hosts('db-1', 'db-2'), focus: { instance: 'db-2' } });
  expect(screen.getByRole('combobox', { name: 'Series' })).toHaveValue('db-2');
});

it('gives a stretch that is dragged to whoever asks for it', async () => {
  const onDrag = jest.fn();
  const { user } = setup({ data: hosts('db-1'), onDrag });
  await user.click(screen.getByTestId('panel'));
  expect(onDrag).toHaveBeenCalledWith({
    from: Date.parse('2026-02-20T10:00:00Z'),
    to: Date.parse('2026-02-20T12:00:00Z'),
  });
});

it('begins with the series that it is told to, where there are too many to draw at once', async () => {
  const first = { name: 'd', labels: { instance: 'd' } };
  const { user, again } = setup({ data: hosts('a', 'b', 'c', 'd', 'e'), first });
  const choice = screen.getByRole('combobox', { name: 'Series' });
  expect(choice).toHaveValue('d');
  await user.click(choice);
  await user.keyboard('{ArrowUp}{Enter}');
  expect(choice).toHaveValue('c');
  // what somebody chose stays
  again({ data: hosts('a', 'b', 'c', 'd', 'e'), first: { name: 'e', labels: { instance: 'e' } } });
  expect(choice).toHaveValue('c');
});

it('draws a few at once, whichever it is told to begin with', () => {
  setup({ data: hosts('a', 'b'), first: { name: 'b', labels: { instance: 'b' } } });
  expect(screen.getByRole('combobox', { name: 'Series' })).toHaveValue('All 2 series');
});

it('draws all again where the chosen series is gone', async () => {
  const { user, again } = setup({ data: hosts('a', 'b', 'c') });
  await user.click(screen.getByRole('combobox', { name: 'Series' }));
  await user.keyboard('{ArrowDown}{Enter}');
  expect(screen.getByRole('combobox', { name: 'Series' })).toHaveValue('a');
  again({ data: hosts('b', 'c') });
  expect(screen.getByRole('combobox', { name: 'Series' })).toHaveValue('All 2 series');
});

it('keeps the old picture, paler, while the new one is read', () => {
  setup({ data: hosts('a'), loading: true });
  expect(screen.getByTestId('panel')).toBeInTheDocument();
  expect(screen.queryByText('Reading history and fitting…')).not.toBeInTheDocument();
});
