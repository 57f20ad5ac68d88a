import { promql, sql } from './interpolate';

describe('variables in PromQL', () => {
  it.each([
    ['one value stays as it is', 'web-1:9100', {}, 'web-1:9100'],
    ['a window stays as it is', '5m', {}, '5m'],
    ['quotes cannot end the string', 'a"} or up{x="', {}, 'a\\"} or up{x=\\"'],
    ['several become an alternative, taken literally', ['a.b', 'c+d'], { multi: true }, '(a\\\\.b|c\\\\+d)'],
    ['one of several needs no brackets', ['a.b'], { multi: true }, 'a\\\\.b'],
    ['a variable with All is a pattern too', 'a.b', { includeAll: true }, 'a\\\\.b'],
  ])('%s', (_, value, variable, text) => expect(promql(value, variable)).toBe(text));
});

describe('variables in SQL', () => {
  it.each([
    ['one value stays unquoted, as in Grafana’s own source', 'east', {}, 'east'],
    ['a quote cannot end the string', "o'brien", {}, "o''brien"],
    ['a backslash cannot keep it open either', "\\' OR 1=1 -- ", {}, "\\\\'' OR 1=1 -- "],
    ['several become a list of literals', ['east', "o'brien"], { multi: true }, "'east','o''brien'"],
    ['a backslash is taken literally', ['a\\'], { multi: true }, "'a\\\\'"],
    ['one of several is a literal', 'east', { multi: true }, "'east'"],
  ])('%s', (_, value, variable, text) => expect(sql(value, variable)).toBe(text));
});
