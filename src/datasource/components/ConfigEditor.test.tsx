import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { ConfigEditor } from './ConfigEditor';
import { EditorProps } from './useSettings';

type Options = EditorProps['options'];

function setup(change: Partial<Options> = {}) {
  let current = { url: '', jsonData: {}, secureJsonFields: {}, secureJsonData: {}, ...change } as unknown as Options;
  function Host() {
    const [options, setOptions] = useState(current);
    return (
      <ConfigEditor
        options={options}
        onOptionsChange={(next) => {
          current = next;
          setOptions(next);
        }}
      />
    );
  }
  render(<Host />);
  return { options: () => current, user: userEvent.setup() };
}

describe('Prometheus', () => {
  it('is set by its URL, which is checked while it is typed', async () => {
    const { options, user } = setup();
    await user.type(screen.getByLabelText(/^URL/), 'prom:9090');
    expect(screen.getByRole('alert')).toHaveTextContent('http://');
    await user.clear(screen.getByLabelText(/^URL/));
    await user.type(screen.getByLabelText(/^URL/), 'http://prom:9090');
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(options().url).toBe('http://prom:9090');
  });

  it('takes a user and a password', async () => {
    const { options, user } = setup();
    await user.click(screen.getByLabelText('User and password'));
    await user.type(screen.getAllByLabelText(/^User/)[1], 'ann');
    await user.type(screen.getAllByLabelText('Password')[0], 's3cret');
    expect(options()).toMatchObject({
      basicAuth: true,
      basicAuthUser: 'ann',
      secureJsonData: { basicAuthPassword: 's3cret' },
    });
  });

  it('forgets the token when another way is chosen: it would still be sent', async () => {
    const { options, user } = setup({ secureJsonFields: { bearerToken: true } });
    expect(screen.getByLabelText('Token', { selector: 'input[type=radio]' })).toBeChecked();
    await user.click(screen.getByLabelText('None'));
    expect(options().secureJsonFields).toMatchObject({ bearerToken: false });
    expect(options().secureJsonData).toMatchObject({ bearerToken: '' });
    expect(options().basicAuth).toBe(false);
  });

  it('takes headers, their values as secrets', async () => {
    const { options, user } = setup();
    await user.click(screen.getByText('Headers, times and limits'));
    await user.click(screen.getByRole('button', { name: 'Add a header' }));
    await user.type(screen.getByLabelText('Name of the header'), 'X-Scope-OrgID');
    await user.type(screen.getByLabelText('Value of the header'), 'team');
    expect(options().jsonData).toMatchObject({ httpHeaderName1: 'X-Scope-OrgID' });
    expect(options().secureJsonData).toMatchObject({ httpHeaderValue1: 'team' });
    await user.click(screen.getByRole('button', { name: 'Remove this header' }));
    expect(options().jsonData).not.toHaveProperty('httpHeaderName1');
  });

  it('checks its times', async () => {
    const { options, user } = setup();
    await user.click(screen.getByText('Headers, times and limits'));
    await user.type(screen.getByLabelText(/^Scrape interval/), '1 min');
    expect(screen.getByRole('alert')).toHaveTextContent('Write a duration');
    await user.clear(screen.getByLabelText(/^Scrape interval/));
    await user.type(screen.getByLabelText(/^Scrape interval/), '1m');
    await user.type(screen.getByLabelText(/^HTTP timeout/), '30');
    expect(options().jsonData).toMatchObject({ timeInterval: '1m', timeout: 30 });
  });

  it('asks for certificates only where they are used', async () => {
    const { options, user } = setup({ jsonData: { tlsSkipVerify: true } });
    expect(screen.queryByLabelText(/^CA certificate/)).not.toBeInTheDocument();
    await user.click(screen.getByLabelText(/^Own CA certificate/));
    await user.type(screen.getByLabelText(/^CA certificate/), 'PEM');
    await user.click(screen.getByLabelText('Client certificate'));
    expect(screen.getByLabelText(/^Client key/)).toBeInTheDocument();
    expect(options()).toMatchObject({
      jsonData: { tlsSkipVerify: true, tlsAuthWithCACert: true, tlsAuth: true },
      secureJsonData: { tlsCACert: 'PEM' },
    });
  });
});

describe('MySQL', () => {
  it('is set by host, database, user and password, all of its own', async () => {
    const { options, user } = setup({
      url: 'http://prom:9090',
      jsonData: { timeInterval: '1m', mysql: { url: 'db' } },
    });
    await user.type(screen.getByLabelText(/^Host/), ':3306');
    await user.type(screen.getByLabelText('Database'), 'shop');
    await user.type(screen.getByLabelText(/^User/, { selector: '#mysql-user' }), 'forewarn');
    await user.type(screen.getByLabelText('Password'), 'pw');
    expect(options()).toMatchObject({
      url: 'http://prom:9090',
      jsonData: { timeInterval: '1m', mysql: { url: 'db:3306', database: 'shop', user: 'forewarn' } },
      secureJsonData: { mysqlPassword: 'pw' },
    });
  });

  it('checks the host', async () => {
    const { user } = setup();
    await user.type(screen.getByLabelText(/^Host/), 'mysql://db');
    expect(screen.getByRole('alert')).toHaveTextContent('host:port');
  });

  it('takes limits as whole numbers; an emptied field is the default again', async () => {
    const { options, user } = setup();
    await user.click(screen.getByText('Limits and connections'));
    await user.type(screen.getByLabelText('Most rows of an answer'), '1.5');
    expect(screen.getByRole('alert')).toHaveTextContent('whole number');
    await user.clear(screen.getByLabelText('Most rows of an answer'));
    expect(options().jsonData.mysql?.maxRows).toBeUndefined();
  });

  it('is folded away where only Prometheus is used', () => {
    setup({ url: 'http://prom:9090' });
    expect(screen.queryByLabelText(/^Host/)).not.toBeInTheDocument();
  });
});

describe('secrets', () => {
  it('that are saved are never shown; a reset lets one write anew', async () => {
    const { options, user } = setup({ jsonData: { mysql: { url: 'db' } }, secureJsonFields: { mysqlPassword: true } });
    const field = screen.getByLabelText('Password');
    expect(field).toBeDisabled();
    expect(field).toHaveValue('configured');
    await user.click(screen.getByRole('button', { name: 'Reset' }));
    expect(screen.getByLabelText('Password')).toHaveValue('');
    expect(options().secureJsonFields).toMatchObject({ mysqlPassword: false });
  });
});

describe('a provisioned data source', () => {
  it('can be read but not changed', () => {
    setup({ readOnly: true, url: 'http://prom:9090', jsonData: { mysql: { url: 'db:3306' } } });
    expect(screen.getByLabelText(/^URL/)).toBeDisabled();
    expect(screen.getByLabelText(/^Host/)).toBeDisabled();
    expect(screen.getByLabelText('Password')).toBeDisabled();
    for (const choice of within(screen.getByRole('radiogroup')).getAllByRole('radio')) {
      expect(choice).toBeDisabled();
    }
  });
});

it('keeps defaults of queries, checked', async () => {
  const { options, user } = setup();
  await user.click(screen.getByText('Defaults of queries'));
  await user.type(screen.getByLabelText(/^Training window/), '28d');
  await user.type(screen.getByLabelText(/^Confidence/), '0.3');
  expect(screen.getByRole('alert')).toHaveTextContent('At least 0.5');
  expect(options().jsonData.defaults).toEqual({ trainingWindow: '28d', confidence: 0.3 });
});
