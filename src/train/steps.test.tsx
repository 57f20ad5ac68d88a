import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import React, { useState } from 'react';

import { Job } from '../api/contract';
import { QueryType } from '../datasource/types';
import { sample } from '../testing/samples';
import { PurposeCards } from './PurposeCards';
import { Stepper } from './Stepper';
import { TrainingProgress } from './TrainingProgress';

describe('the steps', () => {
  const names = ['Data', 'Model', 'Check', 'Save and warn'];
  const step = (name: string) => screen.getByRole('button', { name: new RegExp(name) });

  it('say where one is, and open what was reached', () => {
    render(<Stepper at={1} open={2} onChange={() => undefined} />);
    expect(names.map((name) => step(name).getAttribute('aria-current'))).toEqual([null, 'step', null, null]);
    expect(names.map((name) => (step(name) as HTMLButtonElement).disabled)).toEqual([false, false, false, true]);
  });

  it('are gone to with the keyboard; what was not reached is passed over', async () => {
    const onChange = jest.fn();
    const user = userEvent.setup();
    render(<Stepper at={0} open={1} onChange={onChange} />);
    await user.tab();
    await user.tab();
    expect(step('Model')).toHaveFocus();
    await user.keyboard(' ');
    expect(onChange).toHaveBeenCalledWith(1);
    await user.tab();
    expect(document.body).toHaveFocus();
  });
});

describe('what a model is for', () => {
  it('is one of five, moved by the arrow keys', async () => {
    const user = userEvent.setup();
    function Form() {
      const [type, setType] = useState<QueryType>('anomaly');
      return <PurposeCards value={type} onChange={setType} />;
    }
    render(<Form />);
    expect(screen.getAllByRole('radio')).toHaveLength(5);
    await user.tab();
    expect(screen.getByRole('radio', { name: /^Anomaly/ })).toHaveFocus();
    await user.keyboard('{ArrowDown}');
    expect(screen.getByRole('radio', { name: /^Early warning/ })).toBeChecked();
    await user.keyboard('{ArrowUp}{ArrowUp}');
    expect(screen.getByRole('radio', { name: /^Several signals/ })).toBeChecked();
  });
});

describe('how far a training is', () => {
  const started = '2026-11-20T10:00:00Z';
  const at = Date.parse('2026-11-20T10:00:30Z');
  const job = (change: Partial<Job>): Job => ({ ...sample.job(), state: 'running', started, ...change });
  const show = (change: Partial<Job>, more: { error?: string; onCancel?: () => void } = {}) =>
    render(<TrainingProgress job={job(change)} at={at} {...more} />);
  const progress = (done: number, total: number, current = '') => ({ progress: { done, total, current } });

  it.each([
    ['queued', { state: 'queued', ...progress(0, 0) } as const, 'Waiting for a free worker…'],
    ['reading', progress(0, 0), 'Reading history…'],
    ['fitting', progress(1200, 4800, 'db-2 /var'), '1,200 of 4,800 series'],
  ])('is said in words and to those who do not see the bar: %s', (_, change, text) => {
    show(change);
    expect(screen.getByRole('status')).toHaveTextContent(text);
    expect(screen.getByRole('progressbar', { name: 'Training' })).toHaveAttribute('aria-valuetext', text);
  });

  it('has a time gone, a time left as far as one is known, and what is fitted now', () => {
    const { unmount } = show(progress(25, 100, 'db-2 /var'));
    expect(screen.getByText('30 s so far · about 2 min left · db-2 /var')).toBeInTheDocument();
    unmount();
    show(progress(0, 100));
    expect(screen.getByText('30 s so far')).toBeInTheDocument();
  });

  it('is cancelled by those who may', async () => {
    const onCancel = jest.fn();
    const { unmount } = show(progress(1, 2), { onCancel });
    await userEvent.setup().click(screen.getByRole('button', { name: 'Cancel training' }));
    expect(onCancel).toHaveBeenCalledTimes(1);
    unmount();
    show(progress(1, 2));
    expect(screen.queryByRole('button')).not.toBeInTheDocument();
  });

  it('goes on although it cannot be read just now', () => {
    show(progress(1, 2), { error: 'bad gateway' });
    expect(screen.getByText(/training goes on\. bad gateway/)).toBeInTheDocument();
    expect(screen.getByRole('progressbar')).toBeInTheDocument();
  });

  it.each([
    [{ state: 'failed', error: 'no series' } as const, 'no series'],
    [{ state: 'cancelled' } as const, 'Training was cancelled'],
  ])('is over when it is: %j', (change, text) => {
    show(change);
    expect(screen.getByText(text)).toBeInTheDocument();
    expect(screen.queryByRole('progressbar')).not.toBeInTheDocument();
  });
});
