import { initPluginTranslations } from '@grafana/i18n';
import { act, fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { ComponentProps, useState } from 'react';

import { CalendarSpan } from '../datasource/types';
import { englishOn, signInChinese } from '../testing/chinese';
import { signIn } from '../testing/grafana';
import { DaysList } from './DaysList';
import { removal, SpanList } from './SpanList';
import { WeeklyRows } from './WeeklyRows';

const outage = { from: '2026-11-02T08:00:00Z', to: '2026-11-02T11:30:00Z', reason: 'outage' };
const move = { from: '2026-11-05T00:00:00Z', to: '2026-11-06T00:00:00Z' };

type Props = ComponentProps<typeof SpanList<CalendarSpan>>;

function setup(start: CalendarSpan[] = [], change: Partial<Props> = {}) {
  const onAdd = jest.fn();
  let held = start;
  function Form() {
    const [spans, setSpans] = useState(start);
    held = spans;
    return (
      <SpanList
        title="Not learnt from"
        help="Outages and the like."
        add="Enter a time range"
        spans={spans}
        onAdd={onAdd}
        onChange={setSpans}
        {...change}
      />
    );
  }
  render(<Form />);
  return { onAdd, spans: () => held, user: userEvent.setup() };
}
const button = (name: string) => screen.getByRole('button', { name });

beforeEach(() => signIn('Editor'));

describe('a list of time ranges', () => {
  it('is a region of its name, with what it is for, even while it is empty', () => {
    setup();
    const list = screen.getByRole('region', { name: 'Not learnt from' });
    expect(list).toHaveTextContent('Outages and the like.');
    expect(screen.getByRole('heading', { level: 3, name: 'Not learnt from' })).toBeInTheDocument();
    expect(screen.getAllByRole('button').map((b) => b.textContent)).toEqual(['Enter a time range']);
  });

  it('tells each range in the reader’s time, and its reason', () => {
    setup([outage, move]);
    expect(screen.getByText('2026-11-02 08:00 – 2026-11-02 11:30')).toBeInTheDocument();
    expect(screen.getByText('2026-11-05 00:00 – 2026-11-06 00:00')).toBeInTheDocument();
    expect(screen.getAllByLabelText('Reason').map((field) => (field as HTMLInputElement).value)).toEqual([
      'outage',
      '',
    ]);
  });

  it('changes the reason of one and lets the others be', async () => {
    const { spans, user } = setup([outage, move]);
    await user.type(screen.getAllByLabelText('Reason')[1], 'move');
    expect(spans()).toEqual([outage, { ...move, reason: 'move' }]);
  });

  it('takes away the one that its button names, with the keyboard alone', async () => {
    const { spans, user } = setup([outage, move]);
    act(() => button('Remove 2026-11-02 08:00 – 2026-11-02 11:30').focus());
    await user.keyboard('{Enter}');
    expect(spans()).toEqual([move]);
  });

  it('says what its removal is where that is another thing', () => {
    setup([move], { remove: (text) => `Learn from ${text} again` });
    expect(button('Learn from 2026-11-05 00:00 – 2026-11-06 00:00 again')).toBeInTheDocument();
  });

  it('begins with the last day, and adds it once', async () => {
    const { onAdd, user } = setup();
    await user.click(button('Enter a time range'));
    expect(screen.queryByRole('button', { name: 'Enter a time range' })).not.toBeInTheDocument();
    await user.click(button('Add'));
    expect(onAdd).toHaveBeenCalledTimes(1);
    const [from, to] = onAdd.mock.calls[0];
    expect(to - from).toBe(86_400_000);
    expect(to % 60_000).toBe(0);
    expect(screen.queryByRole('button', { name: 'Add' })).not.toBeInTheDocument();
    expect(button('Enter a time range')).toBeInTheDocument();
  });

  it('adds nothing when that is cancelled', async () => {
    const { onAdd, user } = setup([move]);
    await user.click(button('Enter a time range'));
    await user.click(button('Cancel'));
    expect(onAdd).not.toHaveBeenCalled();
    expect(button('Enter a time range')).toBeInTheDocument();
  });

  it('has rows and buttons of others beside its own', async () => {
    const { user } = setup([move], { rows: <p>every Sunday</p>, buttons: <button>Each week</button> });
    expect(screen.getByText('every Sunday')).toBeInTheDocument();
    expect(button('Each week')).toBeInTheDocument();
    await user.click(button('Enter a time range'));
    expect(screen.queryByRole('button', { name: 'Each week' })).not.toBeInTheDocument();
  });

  it('names what it takes away as it is written', () => expect(removal('<a> & b')).toBe('Remove <a> & b'));
});

describe('in Chinese', () => {
  afterAll(() => initPluginTranslations('back to English', [async () => ({})]));

  it('a list can be read, changed and left', async () => {
    await signInChinese('Editor');
    const { user } = setup([move], { title: '不参与学习', help: '故障等。', add: '输入时间范围' });
    await user.click(button('输入时间范围'));
    expect(button('添加')).toBeEnabled();
    expect(button('取消')).toBeEnabled();
    expect(button('移除 2026-11-05 00:00 – 2026-11-06 00:00')).toBeInTheDocument();
  });

  it('days and weekly windows can be read, and what is wrong with them', async () => {
    await signInChinese('Editor');
    const { container } = render(
      <>
        <DaysList
          days={[{ date: '2026-11-11', to: '2026-11-10', kind: 'holiday', name: '双十一' }]}
          onChange={jest.fn()}
        />
        <WeeklyRows windows={[{ start: '2', duration: '2h' }]} onChange={jest.fn()} />
      </>
    );
    expect(screen.getAllByRole('alert').map((alert) => alert.textContent)).toEqual([
      expect.stringContaining('2026-11-10'),
      expect.stringContaining('“2”'),
    ]);
    expect(screen.getByText('每天')).toBeInTheDocument();
    expect(englishOn(container)).toEqual([]);
  });
});

describe('days and weekly windows', () => {
  const days = [
    { date: '2026-11-09', kind: 'holiday' as const },
    { date: '2026-12-24', to: '2026-12-26', kind: 'workday' as const, name: 'stocktaking' },
  ];

  it('write nothing where a field is emptied', () => {
    const onChange = jest.fn();
    render(<DaysList days={days} onChange={onChange} />);
    fireEvent.change(screen.getAllByLabelText('Last day')[1], { target: { value: '' } });
    expect(onChange).toHaveBeenLastCalledWith([days[0], { ...days[1], to: undefined }]);
    fireEvent.change(screen.getAllByLabelText('Name')[1], { target: { value: '' } });
    expect(onChange).toHaveBeenLastCalledWith([days[0], { ...days[1], name: undefined }]);
  });

  it('are taken away by name, or by date where they have none', () => {
    render(<DaysList days={days} onChange={jest.fn()} />);
    expect(button('Remove 2026-11-09')).toBeInTheDocument();
    expect(button('Remove stocktaking')).toBeInTheDocument();
  });

  it('keep weekdays in their order, however they are chosen', async () => {
    const onChange = jest.fn();
    render(<WeeklyRows windows={[{ days: ['sun', 'tue'], start: '02:00', duration: '2h' }]} onChange={onChange} />);
    expect(button('Remove Sun Tue 02:00')).toBeInTheDocument();
    const user = userEvent.setup();
    await user.click(button('Mon'));
    expect(onChange).toHaveBeenLastCalledWith([{ days: ['mon', 'tue', 'sun'], start: '02:00', duration: '2h' }]);
    await user.click(button('Tue'));
    expect(onChange).toHaveBeenLastCalledWith([{ days: ['sun'], start: '02:00', duration: '2h' }]);
  });

  it('drop a reason that is emptied', () => {
    const onChange = jest.fn();
    render(<WeeklyRows windows={[{ start: '02:00', duration: '2h', reason: 'backup' }]} onChange={onChange} />);
    fireEvent.change(screen.getByLabelText('Reason'), { target: { value: '' } });
    expect(onChange).toHaveBeenLastCalledWith([{ start: '02:00', duration: '2h', reason: undefined }]);
  });
});
