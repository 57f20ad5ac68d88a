import { render, screen, within } from '@testing-library/react';
import React from 'react';

import { Definition, Model } from '../api/contract';
import { signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { Details } from './Details';

const show = (definition: Partial<Definition>, change: Partial<Model> = {}) => {
  const model = sample.model();
  render(<Details model={{ ...model, pending: [], ...change, definition: { ...model.definition, ...definition } }} />);
};
/** What stands beside a name. */
const value = (name: string) => screen.getByText(name, { selector: 'dt' }).nextElementSibling as HTMLElement;

it('tells what is read: one source, or each of several on a line of its own', () => {
  show({
    query: {
      queryType: 'composite',
      sources: [
        { name: 'cpu', kind: 'prometheus', expr: 'rate(cpu[5m])' },
        { name: 'orders', kind: 'mysql', rawSql: 'SELECT 1' },
        { name: 'logs', kind: 'logs', table: 'app_logs' },
      ],
    },
  });
  expect(value('For')).toHaveTextContent('Several signals');
  expect(value('Source').textContent).toBe('rate(cpu[5m])\nSELECT 1\napp_logs');
});

it('says what stands where nothing was set', () => {
  show(
    {
      query: { queryType: 'forecast', source: { kind: 'prometheus', expr: 'up' } },
      retrainEvery: '',
      alertBudget: 0,
      timezone: '',
      holidays: '',
      excluded: [],
    },
    { bytes: 0 }
  );
  for (const [name, text] of [
    ['Algorithm', 'chosen for each series'],
    ['Train again', 'never'],
    ['Alerts a week at most', 'the detector’s own sensitivity'],
    ['Time zone', 'UTC'],
    ['Left out of training', '–'],
    ['Size', '–'],
  ]) {
    expect(value(name)).toHaveTextContent(text);
  }
  expect(screen.queryByText('Maintenance', { selector: 'dt' })).not.toBeInTheDocument();
});

it('tells what the calendar knows', () => {
  show({
    timezone: 'Asia/Shanghai',
    holidays: 'CN',
    query: {
      queryType: 'anomaly',
      calendar: {
        days: [
          { date: '2026-11-09', to: '2026-11-11', kind: 'holiday', name: 'sale' },
          { date: '2026-12-24', kind: 'workday' },
        ],
        maintenance: [
          { days: ['sat', 'sun'], start: '02:30', duration: '90m', reason: 'backup' },
          { start: '12:00', duration: '5m' },
          { from: '2026-11-02T08:00:00Z', to: '2026-11-02T11:30:00Z', reason: 'move' },
        ],
        events: [{ from: '2026-11-09T10:00:00Z', to: '2026-11-09T10:20:00Z', reason: 'release 4.2' }],
      },
    },
  });
  const lines = (name: string) => Array.from(value(name).children, (line) => line.textContent);
  expect(value('Holidays')).toHaveTextContent('China, with make-up workdays');
  expect(lines('Days of your own')).toEqual(['2026-11-09 – 2026-11-11 holiday, sale', '2026-12-24 workday']);
  expect(lines('Maintenance')).toEqual([
    'Sat, Sun 02:30, 90m: backup',
    'every day 12:00, 5m',
    '2026-11-02 08:00 – 2026-11-02 11:30: move',
  ]);
  expect(lines('Events')).toEqual(['2026-11-09 10:00 – 2026-11-09 10:20: release 4.2']);
});

it('tells weekdays in the reader’s language', () => {
  signIn('Viewer', 'zh-Hans');
  show({
    query: { queryType: 'anomaly', calendar: { maintenance: [{ days: ['wed'], start: '02:30', duration: '1h' }] } },
  });
  expect(value('Maintenance')).toHaveTextContent('周三 02:30, 1h');
  signIn('Viewer');
});

it('lists what has changed since the live version was trained', () => {
  show({}, { pending: [{ field: 'query.interval', before: '5m', after: '1m' }] });
  const pending = screen.getByRole('region', { name: 'Changed since the live version was trained' });
  expect(within(pending).getByRole('listitem')).toHaveTextContent('query.interval: 5m → 1m');
});
