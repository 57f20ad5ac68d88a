import { screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';
import { CalendarDays } from '../types';

describe('the calendar of a query', () => {
  it('of the calendar run at once and leave its lists alone', async () => {
    const days: CalendarDays[] = [{ date: '2026-12-24', kind: 'holiday' }];
    const { query, run, user } = await editQuery({ source: up, calendar: { timezone: 'Asia/Shanghai', days } });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.click(screen.getByLabelText('Holidays'));
    await user.keyboard('{ArrowDown}{Enter}');
    expect(run).toHaveBeenCalledTimes(1);
    expect(query().calendar).toEqual({ timezone: 'Asia/Shanghai', holidays: 'CN', days });
    await user.click(screen.getByLabelText('Holidays'));
    await user.keyboard('{ArrowUp}{Enter}');
    expect(query().calendar).toEqual({ timezone: 'Asia/Shanghai', days });
  });

  it('of the calendar’s lists are unfolded, and run when they can be used', async () => {
    const { query, run, user } = await editQuery({ source: up });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.click(screen.getByRole('button', { name: 'Own days, maintenance and events (0)' }));
    await user.click(screen.getByRole('button', { name: 'Each week' }));
    expect(query().calendar).toEqual({ maintenance: [{ days: ['sun'], start: '02:00', duration: '2h' }] });
    expect(run).toHaveBeenCalledTimes(1);
    await user.clear(screen.getByLabelText('Start'));
    expect(screen.getByRole('alert')).toHaveTextContent('Start: “” is no time of day such as 02:30');
    expect(run).toHaveBeenCalledTimes(1);
    await user.type(screen.getByLabelText('Start'), '23:30');
    expect(run).toHaveBeenCalledTimes(2);
    await user.click(screen.getByRole('button', { name: 'Remove Sun 23:30' }));
    expect(query().calendar).toBeUndefined();
  });

  it('of the calendar are there only where days are learnt', async () => {
    const { user } = await editQuery({ source: up, queryType: 'series' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.queryByLabelText('Holidays')).not.toBeInTheDocument();
  });
});
