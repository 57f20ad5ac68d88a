import { algorithmName, choiceName, paramName } from './names';

describe('names', () => {
  it('of what is known are in words', () => {
    expect(algorithmName({ id: 'mad', title: 'MAD' })).toBe('Median absolute deviation');
    expect(paramName({ name: 'alertBudget', unit: 'a week' })).toBe('Alerts a week at most');
    expect(choiceName('last-week')).toBe('last week');
  });

  it('of what a newer back end has are its own', () => {
    expect(algorithmName({ id: 'oracle', title: 'The oracle' })).toBe('The oracle');
    expect(paramName({ name: 'depth', unit: 'm' })).toBe('depth (m)');
    expect(paramName({ name: 'depth' })).toBe('depth');
    expect(choiceName('huber')).toBe('huber');
  });
});
