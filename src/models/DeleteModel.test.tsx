import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React from 'react';

import { Rule } from '../api/rules';
import { rule } from '../testing/data';
import { Answers, fakeGrafana, refusal } from '../testing/grafana';
import { DeleteModel } from './DeleteModel';

const SEARCH = '/api/search?type=dash-db&limit=200&query=';
const USED: Answers = {
  [SEARCH]: [{ uid: 'b', title: 'Disks & more' }],
  '/api/dashboards/uid/b': {
    dashboard: { title: 'Disks & more', panels: [{ title: 'Root <b>', targets: [{ model: { name: 'disk' } }] }] },
    meta: {},
  },
};

const setup = (answers: Answers = { [SEARCH]: [] }, rules: Rule[] = [], onDelete = jest.fn(async () => undefined)) => {
  fakeGrafana(answers);
  const onClose = jest.fn();
  render(<DeleteModel name="disk" rules={rules} onDelete={onDelete} onClose={onClose} />);
  return { onDelete, onClose, user: userEvent.setup() };
};

it('says what would stop working, as it is named', async () => {
  setup(USED, [rule({ name: 'Disk "root"' })]);
  expect(screen.getByText('Delete “disk”?')).toBeInTheDocument();
  expect(await screen.findByText('Panel Root <b> on Disks & more')).toBeInTheDocument();
  expect(screen.getByText('Rule Disk "root"')).toBeInTheDocument();
  expect(screen.queryByText(/No rule and no panel/)).not.toBeInTheDocument();
});

it('says so where nothing uses it, but not before that is known', async () => {
  setup();
  expect(screen.getByText('Looking for what uses it…')).toBeInTheDocument();
  expect(screen.queryByText(/No rule and no panel/)).not.toBeInTheDocument();
  expect(await screen.findByText('No rule and no panel that you see uses it.')).toBeInTheDocument();
});

it('does not take what could not be looked for as unused', async () => {
  setup({ [SEARCH]: new Error('search is off') });
  expect(await screen.findByText('search is off')).toBeInTheDocument();
  expect(screen.queryByText(/No rule and no panel/)).not.toBeInTheDocument();
});

it('deletes nothing when it is cancelled', async () => {
  const { onDelete, onClose, user } = setup();
  await user.click(screen.getByRole('button', { name: 'Cancel' }));
  expect(onDelete).not.toHaveBeenCalled();
  expect(onClose).toHaveBeenCalled();
});

it('says why it could not be deleted, and stays', async () => {
  const refused = jest.fn(async () => Promise.reject(refusal(409, 'the model is provisioned')));
  const { onClose, user } = setup(undefined, [], refused);
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  await waitFor(() => expect(screen.getByText('the model is provisioned')).toBeInTheDocument());
  expect(refused).toHaveBeenCalledTimes(1);
  expect(onClose).not.toHaveBeenCalled();
});
