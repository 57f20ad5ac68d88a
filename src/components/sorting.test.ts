import { byNumber } from './sorting';

const order = (...numbers: unknown[]) =>
  numbers
    .map((skill) => ({ values: { skill, name: 'x' } }))
    .sort((a, b) => byNumber(a, b, 'skill'))
    .map(({ values }) => values.skill);

it('is that of the numbers, whatever their sign and size', () => {
  expect(order(10, -0.4, 9, 0.25, 0, -3, 1e-9)).toEqual([-3, -0.4, 0, 1e-9, 0.25, 9, 10]);
});

it('has what is not known below all others, and leaves its order as it was', () => {
  expect(order(0, null, -5, undefined)).toEqual([null, undefined, -5, 0]);
  expect(byNumber({ values: {} }, { values: { skill: null } }, 'skill')).toBe(0);
  expect(byNumber({ values: {} }, { values: { skill: -1e300 } }, 'skill')).toBeLessThan(0);
});
