import { config } from '@grafana/runtime';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/react';
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

describe('every setting', () => {
  const open = async (user: ReturnType<typeof userEvent.setup>, ...sections: string[]) => {
    for (const name of sections) {
      await user.click(screen.getByText(name));
    }
  };
  const all = async (change: Partial<Options> = {}) => {
    const { options, user } = setup(change);
    await open(user, 'Headers, times and limits', 'Limits and connections', 'Defaults of queries');
    for (const section of screen.getAllByText('TLS')) {
      await user.click(section);
    }
    return options;
  };
  const field = (id: string) => document.getElementById(id) as HTMLInputElement;

  it.each([
    ['prometheus-server-name', ' prom.internal ', { serverName: 'prom.internal' }],
    ['prometheus-scrape', '30s', { timeInterval: '30s' }],
    ['prometheus-timeout', '2m', { queryTimeout: '2m' }],
    ['prometheus-http-timeout', '45', { timeout: 45 }],
    ['prometheus-params', 'dedup=true', { customQueryParameters: 'dedup=true' }],
    ['mysql-url', 'db:3306', { mysql: { url: 'db:3306' } }],
    ['mysql-database', 'shop', { mysql: { database: 'shop' } }],
    ['mysql-user', 'reader', { mysql: { user: 'reader' } }],
    ['mysql-timezone', '+08:00', { mysql: { timezone: '+08:00' } }],
    ['mysql-queryTimeout', '10s', { mysql: { queryTimeout: '10s' } }],
    ['mysql-maxRows', '5000', { mysql: { maxRows: 5000 } }],
    ['mysql-maxOpenConns', '4', { mysql: { maxOpenConns: 4 } }],
    ['mysql-maxIdleConns', '1', { mysql: { maxIdleConns: 1 } }],
    ['mysql-connMaxLifetime', '600', { mysql: { connMaxLifetime: 600 } }],
    ['default-trainingWindow', '28d', { defaults: { trainingWindow: '28d' } }],
    ['default-interval', '1m', { defaults: { interval: '1m' } }],
    ['default-horizon', '48h', { defaults: { horizon: '48h' } }],
    ['default-confidence', '0.9', { defaults: { confidence: 0.9 } }],
  ])('is written where the back end reads it: %s', async (id, typed, saved) => {
    const options = await all();
    fireEvent.change(field(id), { target: { value: typed } });
    expect(options().jsonData).toEqual(saved);
  });

  it.each([
    ['prometheus-ca', { tlsAuthWithCACert: true }],
    ['prometheus-client', { tlsAuth: true }],
    ['prometheus-skip', { tlsSkipVerify: true }],
    ['mysql-ca', { mysql: { tlsAuthWithCACert: true } }],
    ['mysql-client', { mysql: { tlsAuth: true } }],
    ['mysql-skip', { mysql: { tlsSkipVerify: true } }],
    ['mysql-cleartext', { mysql: { allowCleartextPasswords: true } }],
  ])('that is a switch, too, and switches back: %s', async (id, saved) => {
    const options = await all();
    fireEvent.click(field(id));
    expect(options().jsonData).toEqual(saved);
    fireEvent.click(field(id));
    expect(JSON.stringify(options().jsonData)).toBe(JSON.stringify(saved).replace('true', 'false'));
  });

  it.each([
    ['prometheus', { tlsAuth: true, tlsAuthWithCACert: true }, ['tlsCACert', 'tlsClientCert', 'tlsClientKey']],
    [
      'mysql',
      { mysql: { tlsAuth: true, tlsAuthWithCACert: true } },
      ['mysqlTLSCACert', 'mysqlTLSClientCert', 'mysqlTLSClientKey'],
    ],
  ])('of certificates is a secret of its own side: %s', (_, jsonData, names) => {
    const { options } = setup({ jsonData } as Partial<Options>);
    for (const name of names) {
      fireEvent.change(field(name), { target: { value: `PEM of ${name}` } });
    }
    expect(options().secureJsonData).toEqual(Object.fromEntries(names.map((name) => [name, `PEM of ${name}`])));
    expect(options().jsonData).toEqual(jsonData);
  });

  it.each([
    ['prometheus-scrape', 'often', 'Write a duration'],
    ['prometheus-timeout', '30', 'Write a duration'],
    ['prometheus-http-timeout', '0', 'At least 1'],
    ['prometheus-http-timeout', '1.5', 'whole number'],
    ['mysql-queryTimeout', '1 min', 'Write a duration'],
    ['mysql-maxRows', '-1', 'At least 0'],
    ['mysql-maxOpenConns', '2.5', 'whole number'],
    ['default-trainingWindow', '2 weeks', 'Write a duration'],
    ['default-interval', '5', 'Write a duration'],
    ['default-horizon', 'tomorrow', 'Write a duration'],
    ['default-confidence', '1', 'At most 0.99'],
  ])('says what is wrong with it: %s of %s', async (id, typed, said) => {
    await all();
    fireEvent.change(field(id), { target: { value: typed } });
    expect(screen.getByRole('alert')).toHaveTextContent(said);
  });

  it('can only be read where files provide it', async () => {
    await all({ readOnly: true, basicAuth: true, jsonData: { tlsAuth: true, mysql: { url: 'db', tlsAuth: true } } });
    const inputs = [...document.querySelectorAll('input, textarea')] as HTMLInputElement[];
    expect(inputs.length).toBeGreaterThan(20);
    expect(inputs.filter((i) => !i.disabled).map((i) => i.id)).toEqual([]);
    expect(screen.queryByRole('button', { name: 'Remove this header' })).not.toBeInTheDocument();
  });

  it('of the HTTP method is POST where nothing is said', async () => {
    const options = await all();
    expect(field('prometheus-method')).toHaveValue('POST');
    const user = userEvent.setup();
    await user.click(field('prometheus-method'));
    await user.keyboard('{ArrowDown}{Enter}');
    expect(options().jsonData).toEqual({ httpMethod: 'GET' });
  });

  it('of the proxy is there only where Grafana has one', async () => {
    await all();
    expect(field('socks-proxy')).toBeNull();
    cleanup();
    config.secureSocksDSProxyEnabled = true;
    try {
      const options = await all();
      fireEvent.click(field('socks-proxy'));
      expect(options().jsonData).toEqual({ enableSecureSocksProxy: true });
    } finally {
      config.secureSocksDSProxyEnabled = false;
    }
  });
});
