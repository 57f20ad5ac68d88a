import { initPluginTranslations } from '@grafana/i18n';
import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ComponentProps } from 'react';

import { NEVER, Warning } from '../api/warnings';
import { englishOn, signInChinese } from '../testing/chinese';
import { NOW, rule, warning } from '../testing/data';
import { fakeGrafana, signIn } from '../testing/grafana';
import { RunsOutTable } from './RunsOutTable';
import { TimeBar } from './TimeBar';

jest.mock('@grafana/runtime', () => jest.requireActual('../testing/page').grafanaParts());

const show = (warnings: Warning[], change: Partial<ComponentProps<typeof RunsOutTable>> = {}) => {
  fakeGrafana();
  render(<RunsOutTable warnings={warnings} units={{}} filter="" now={NOW} {...change} />);
  return userEvent.setup();
};
const soon = (change: Partial<Warning> = {}) =>
  warning({ series: 'db-2 /var', current: 86.1, eta: 9, etaEarly: 6, probability: 0.93, growth: 2.6, ...change });
const names = () => screen.queryAllByRole('rowheader').map((cell) => within(cell).getByRole('button').textContent);
const cells = () => screen.getAllByRole('cell').map((cell) => cell.textContent?.trim());

beforeEach(() => signIn('Viewer'));
afterEach(() => initPluginTranslations('back to English', [async () => ({})]));

describe('a row', () => {
  it('says what it is now, the limit, the time left, the date and the chance', () => {
    show([soon()]);
    expect(cells()).toEqual(['86.1', '90', '9 h', '6 h', '2026-03-01 21:00', '', '+2.6', '93 %']);
  });

  it('is in the unit of the panel of any of its rules', () => {
    show([soon({ also: [rule({ uid: 'other', name: 'Disk full in a day' })] })], { units: { other: 'percent' } });
    expect(cells()[0]).toBe('86.1%');
    expect(screen.getByRole('rowheader')).toHaveTextContent('Disk filling up, Disk full in a day');
  });

  it.each([
    ['may be reached, but is not expected', { eta: NEVER, etaEarly: 40 }, ['never', '40 h', '–']],
    ['may be reached, too uncertain to say when', { eta: 2 * NEVER, etaEarly: 40 }, ['uncertain', '40 h', '–']],
    ['is reached', { eta: 0, etaEarly: 0 }, ['now', 'now', '2026-03-01 12:00']],
  ])('has no date that nobody knows: the limit %s', (_, change, told) => {
    show([soon(change)]);
    expect(cells().slice(2, 5)).toEqual(told);
  });

  it('has a value that is missing as a dash', () => {
    show([soon({ current: null, threshold: NaN })]);
    expect(cells().slice(0, 2)).toEqual(['–', '–']);
  });

  it('shrinks with its sign, too', () => {
    show([soon({ growth: -3 })]);
    expect(cells()[6]).toBe('-3');
  });
});

describe('the list', () => {
  const fleet = (n: number) => Array.from({ length: n }, (_, i) => soon({ series: `host-${i}` }));

  it('shows fifty, says of how many, and shows fifty more at each press', async () => {
    const user = show(fleet(120));
    expect(names()).toHaveLength(50);
    await user.click(screen.getByRole('button', { name: 'The 50 soonest of 120 are shown: show more' }));
    expect(names()).toHaveLength(100);
    await user.click(screen.getByRole('button', { name: 'The 100 soonest of 120 are shown: show more' }));
    expect(names()).toHaveLength(120);
    expect(names()[119]).toBe('host-119');
    expect(screen.queryByRole('button', { name: /show more/ })).toBeNull();
  });

  it('says nothing of more where fifty are all', () => {
    show(fleet(50));
    expect(names()).toHaveLength(50);
    expect(screen.queryByRole('button', { name: /show more/ })).toBeNull();
  });

  it('finds by its filter what lies beyond the fiftieth', () => {
    show(fleet(120), { filter: 'host-117' });
    expect(names()).toEqual(['host-117']);
  });

  it('folds away what is not in sight, with the keyboard', async () => {
    const user = show([soon(), warning({ series: 'calm' }), warning({ series: 'quiet' })]);
    expect(names()).toEqual(['db-2 /var']);
    screen.getByRole('button', { name: 'Show 2 more with nothing in sight', expanded: false }).focus();
    await user.keyboard('{Enter}');
    expect(names()).toEqual(['db-2 /var', 'calm', 'quiet']);
    await user.keyboard('{Enter}');
    expect(names()).toEqual(['db-2 /var']);
  });

  it.each([
    ['VAR', ['db-2 /var']],
    ['disk FILLING', ['db-2 /var', 'web-1']],
    ['a day', ['web-1']],
    ['mail', []],
  ])('is filtered by series and by each of its rules: %p', (filter, found) => {
    show([soon(), soon({ series: 'web-1', also: [rule({ uid: 'b', name: 'Full in a day' })] })], { filter });
    expect(names()).toEqual(found);
  });

  it('says that no rule has answered, and where the rules are', () => {
    show([]);
    expect(screen.getByText('No early-warning rule has given an answer yet.')).toBeInTheDocument();
    expect(screen.getByRole('link', { name: 'See the rules' })).toHaveAttribute(
      'href',
      '/alerting/list?search=Forewarn'
    );
  });

  it('opens what is known of a series, and closes it again', async () => {
    const user = show([soon()]);
    await user.click(screen.getByRole('button', { name: 'db-2 /var' }));
    const drawer = await screen.findByRole('dialog', { name: /db-2 \/var/ });
    expect(drawer).toHaveTextContent('What if?');
    await user.click(within(drawer).getAllByRole('button', { name: /close/i })[0]);
    expect(screen.queryByText('What if?')).not.toBeInTheDocument();
  });

  it('is told in Chinese', async () => {
    await signInChinese('Viewer');
    show([soon()]);
    expect(screen.getAllByRole('columnheader')).toHaveLength(9);
    expect(englishOn(document.body, ['db-2 /var', 'Disk filling up'])).toEqual([]);
    expect(cells().slice(2, 4)).toEqual(['9 小时', '6 小时']);
  });
});

describe('the bar', () => {
  const bar = (early: number, eta: number) => {
    const { container } = render(<TimeBar early={early} eta={eta} span={72} />);
    return (container.firstElementChild as HTMLElement).firstElementChild as HTMLElement | null;
  };

  it.each([
    [0, 36, '0%'],
    [18, 36, '25%'],
    [54, NEVER, '75%'],
    [-5, -5, '0%'],
  ])('from %p to %p h begins at %s of its length', (early, eta, left) =>
    expect(bar(early, eta)!.style.left).toBe(left)
  );

  it('is empty where nothing comes within it', () => expect(bar(73, 80)).toBeNull());

  it('says its times to those who do not see it', () => {
    bar(18, NEVER);
    expect(screen.getByRole('img', { name: '18 h to never, on a bar of 3 d' })).toBeInTheDocument();
  });
});
