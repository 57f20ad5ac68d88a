import { fireEvent, screen } from '@testing-library/react';

import { editQuery, up } from '../../testing/queryEditor';
import { ForewarnQuery } from '../types';

describe('the guards', () => {
  it('of the guards ask for k of n and for quiet afterwards', async () => {
    const { query, user } = await editQuery({ source: up, queryType: 'anomaly' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.type(screen.getByLabelText('At least'), '3');
    expect(screen.getByRole('alert')).toHaveTextContent('No more than the points looked at');
    await user.type(screen.getByLabelText('of the newest'), '5');
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('Quiet afterwards'), '2h');
    expect(query().guards).toEqual({ k: 3, n: 5, cooldown: '2h' });
  });
});

describe('the guard of a volume', () => {
  it('asks for what the values rest on, and takes it away with the guard', async () => {
    const { query, user } = await editQuery({ source: up, queryType: 'anomaly' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.queryByText('Volume from')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('Least volume'), '9');
    expect(query()).toMatchObject({ guards: { minVolume: 9 }, volume: { kind: 'prometheus' } });
    await user.click(screen.getByRole('button', { name: 'Requests per second' }));
    expect(query().volume?.expr).toContain('http_requests_total');
    await user.clear(screen.getByLabelText('Least volume'));
    expect(query().volume).toBeUndefined();
    expect(screen.queryByText('Volume from')).not.toBeInTheDocument();
  });
});

describe('the guard of another signal', () => {
  it('asks for that signal, and takes it away with the guard', async () => {
    const { query, run, user } = await editQuery({ source: up, queryType: 'anomaly' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    expect(screen.queryByText('Other signal')).not.toBeInTheDocument();
    await user.type(screen.getByLabelText('Agreed within'), '15m');
    expect(query()).toMatchObject({ guards: { agreement: '15m' }, agreement: { kind: 'prometheus' } });
    await user.click(screen.getByRole('button', { name: 'Errors per second' }));
    expect(query().agreement?.expr).toContain('code=~"5.."');
    expect(run).toHaveBeenCalled();
    await user.clear(screen.getByLabelText('Agreed within'));
    expect(query()).toMatchObject({ guards: { agreement: undefined }, agreement: undefined });
    expect(screen.queryByText('Other signal')).not.toBeInTheDocument();
  });
});

describe('each guard', () => {
  const guard = async (label: string, typed: string, query: Partial<ForewarnQuery> = {}) => {
    const edited = await editQuery({ source: up, queryType: 'anomaly', ...query });
    await edited.user.click(screen.getByRole('button', { name: 'Advanced' }));
    fireEvent.change(screen.getByLabelText(label), { target: { value: typed } });
    return edited;
  };

  it.each([
    ['Only from', '-3.5', { floor: -3.5 }],
    ['Least deviation', '0.25', { minDeviation: 0.25 }],
    ['Least relative', '0.1', { minRelative: 0.1 }],
    ['Lasting', '15m', { for: '15m' }],
    ['At least', '0', { k: 0 }],
    ['of the newest', '64', { n: 64 }],
    ['Quiet afterwards', '2h', { cooldown: '2h' }],
  ])('is written under its own name: %s', async (label, typed, guards) => {
    const { query } = await guard(label, typed);
    expect(query().guards).toEqual(guards);
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });

  it.each([
    ['Least deviation', '-1', 'At least 0'],
    ['Least relative', '-0.1', 'At least 0'],
    ['Least volume', '-5', 'At least 0'],
    ['of the newest', '65', 'At most 64'],
    ['of the newest', '2.5', 'whole number'],
    ['Lasting', 'long', 'Write a duration'],
    ['Agreed within', 'soon', 'Write a duration'],
    ['Quiet afterwards', '5', 'Write a duration'],
  ])('says at itself what is wrong: %s of %s', async (label, typed, said) => {
    await guard(label, typed);
    expect(screen.getByLabelText(label)).toHaveAttribute('aria-invalid', 'true');
    expect(screen.getByRole('alert')).toHaveTextContent(said);
  });

  it('that is emptied lets the others be', async () => {
    const { query } = await guard('Lasting', '', { guards: { for: '5m', floor: 3 } });
    expect(query().guards).toEqual({ floor: 3, for: undefined });
  });

  it('looks from one side where that is chosen, and runs at once', async () => {
    const { query, run, user } = await editQuery({ source: up, queryType: 'anomaly' });
    await user.click(screen.getByRole('button', { name: 'Advanced' }));
    await user.click(screen.getByLabelText('Direction'));
    await user.keyboard('{ArrowDown}{Enter}');
    expect(query().direction).toBe('above');
    expect(run).toHaveBeenCalledTimes(1);
  });

  it('of a volume takes it from the side that the series are read from', async () => {
    const { query } = await guard('Least volume', '9', { source: { kind: 'mysql', rawSql: 'SELECT 1' } });
    expect(query().volume).toEqual({ kind: 'mysql' });
  });
});
