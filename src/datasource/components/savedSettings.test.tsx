import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { ConfigEditor } from './ConfigEditor';
import { EditorProps } from './useSettings';

type Options = EditorProps['options'];

/** Settings as Grafana keeps them, in the editor, and all that the editor made of them. */
function open(saved: object) {
  const made: Options[] = [];
  const options = { url: '', jsonData: {}, secureJsonFields: {}, ...saved } as unknown as Options;
  function Host() {
    const [held, setHeld] = useState(options);
    const take = (next: Options) => {
      made.push(next);
      setHeld(next);
    };
    return <ConfigEditor options={held} onOptionsChange={take} />;
  }
  render(<Host />);
  return { made, last: () => made[made.length - 1], options, user: userEvent.setup() };
}
const field = (id: string) => document.getElementById(id) as HTMLInputElement | null;
const section = (name: string) => screen.getByText(name);

const OLD = {
  url: 'http://prom:9090',
  basicAuth: true,
  basicAuthUser: 'ann',
  jsonData: {
    httpMethod: 'GET',
    timeInterval: '30s',
    tlsAuthWithCACert: true,
    keepCookies: ['session'],
    prometheusType: 'Mimir',
    httpHeaderName1: 'X-Scope-OrgID',
    httpHeaderName3: 'X-Team',
    mysql: { url: 'db:3306', tlsSkipVerify: true, maxRows: 0 },
    defaults: { horizon: '48h' },
  },
  secureJsonFields: { basicAuthPassword: true, httpHeaderValue1: true, tlsCACert: true },
};

describe('saved settings', () => {
  it('are not changed by being looked at, every section open', async () => {
    const { made, user } = open(OLD);
    for (const name of ['Headers, times and limits', 'Limits and connections', 'Defaults of queries']) {
      await user.click(section(name));
    }
    expect(made).toEqual([]);
    expect(field('prometheus-method')).toHaveValue('GET');
    expect(field('mysql-maxRows')).toHaveValue(0);
    expect(field('default-horizon')).toHaveValue('48h');
  });

  it('keep what the editor does not know when another is changed', async () => {
    const { last, user } = open(OLD);
    await user.type(screen.getByLabelText('Database'), 's');
    expect(last()).toEqual({
      ...OLD,
      jsonData: { ...OLD.jsonData, mysql: { ...OLD.jsonData.mysql, database: 's' } },
    });
  });

  it('open where something of their own is set, and nowhere else', () => {
    open(OLD);
    expect(field('prometheus-ca')).toBeChecked();
    expect(field('mysql-skip')).toBeChecked();
    expect(field('prometheus-scrape')).toBeNull();
    expect(field('default-horizon')).toBeNull();
  });

  it('of nothing at all begin with both sides open and nobody to sign in as', () => {
    const { made } = open({});
    expect(field('prometheus-url')).toHaveValue('');
    expect(field('mysql-url')).toHaveValue('');
    expect(screen.getByRole('radio', { name: 'None' })).toBeChecked();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    expect(made).toEqual([]);
  });

  it.each([
    ['None', {}],
    ['User and password', { basicAuth: true }],
    ['Token', { secureJsonFields: { bearerToken: true } }],
    // both were set once; the user is what Grafana sends
    ['User and password', { basicAuth: true, secureJsonFields: { bearerToken: true } }],
  ])('say how the server is signed in to: %s', (name, saved) => {
    open({ url: 'http://prom', ...saved });
    const ways = within(screen.getByRole('radiogroup', { name: 'Authentication' }));
    expect(ways.getByRole('radio', { checked: true })).toBe(ways.getByRole('radio', { name }));
  });

  it('name each header, show no value of it, and take away the one that is meant', async () => {
    const { last, user } = open(OLD);
    await user.click(section('Headers, times and limits'));
    const names = screen.getAllByLabelText('Name of the header') as HTMLInputElement[];
    expect(names.map(({ value }) => value)).toEqual(['X-Scope-OrgID', 'X-Team']);
    const [configured, empty] = screen.getAllByLabelText('Value of the header') as HTMLInputElement[];
    expect([configured.value, configured.disabled]).toEqual(['configured', true]);
    expect([empty.value, empty.disabled]).toEqual(['', false]);
    await user.click(screen.getAllByRole('button', { name: 'Remove this header' })[1]);
    expect(last().jsonData).toMatchObject({ httpHeaderName1: 'X-Scope-OrgID' });
    expect(last().jsonData).not.toHaveProperty('httpHeaderName3');
    await user.click(screen.getByRole('button', { name: 'Add a header' }));
    expect(last().jsonData).toMatchObject({ httpHeaderName1: 'X-Scope-OrgID', httpHeaderName2: '' });
  });

  it('have a name for each field', async () => {
    const { user } = open(OLD);
    for (const name of ['Headers, times and limits', 'Limits and connections', 'Defaults of queries']) {
      await user.click(section(name));
    }
    const fields = [...document.querySelectorAll<HTMLInputElement>('input, textarea')];
    expect(fields.length).toBeGreaterThan(25);
    const nameless = fields.filter(
      (f) => !f.getAttribute('aria-label') && ![...(f.labels ?? [])].some((l) => l.textContent)
    );
    expect(nameless.map((f) => f.outerHTML)).toEqual([]);
  });
});
