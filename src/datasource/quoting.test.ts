import { promql, sql } from './interpolate';

/** What people and exporters put into labels, and what would break a query if it were taken as a part of it. */
const VALUES = [
  '',
  'web-1:9100',
  'a.b',
  'c++',
  '/var/lib (old)',
  '[::1]:9100',
  '^start|end$',
  '{a,b}',
  '100 %',
  'o’brien',
  "o'brien",
  "''",
  'say "hi"',
  '"} or up{x="',
  "' OR 1=1 -- ",
  "\\' OR 1=1 -- ",
  'C:\\temp\\',
  '\\',
  '\\\\',
  '\\d+',
  '$1',
  '服务器-一',
  '🔥',
];

/** What Prometheus reads between double quotes: a backslash takes the next character as it is, a quote ends the text. */
function readPromQL(text: string): { value: string; rest: string } {
  let value = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '"') {
      return { value, rest: text.slice(i) };
    }
    value += text[i] === '\\' ? text[++i] : text[i];
  }
  return { value, rest: '' };
}

/** What MySQL reads between single quotes: a backslash takes the next character as it is, two quotes are one, one ends the text. */
function readSQL(text: string): { value: string; rest: string } {
  let value = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "'" && text[i + 1] !== "'") {
      return { value, rest: text.slice(i) };
    }
    value += text[i] === '\\' || text[i] === "'" ? text[++i] : text[i];
  }
  return { value, rest: '' };
}

/** The literals of a list as MySQL reads it. */
function listSQL(text: string): string[] {
  const found: string[] = [];
  for (let rest = text; rest !== '';) {
    const { value, rest: after } = readSQL(rest.slice(1));
    found.push(value);
    rest = after.replace(/^',?/, '');
  }
  return found;
}

/** Prometheus anchors its patterns at both ends. */
const matches = (pattern: string, value: string) => new RegExp(`^(?:${pattern})$`, 'u').test(value);

describe('a variable of one value', () => {
  it.each(VALUES)('between the quotes of PromQL is read as it is: %j', (value) =>
    expect(readPromQL(`${promql(value)}"}`)).toEqual({ value, rest: '"}' })
  );

  it.each(VALUES)('between the quotes of SQL is read as it is: %j', (value) =>
    expect(readSQL(`${sql(value)}' AND x`)).toEqual({ value, rest: "' AND x" })
  );
});

describe.each([{ multi: true }, { includeAll: true }])('a variable of several values, %j', (variable) => {
  it.each(VALUES)('is a pattern in PromQL that matches its value and no other: %j', (value) => {
    const { value: pattern, rest } = readPromQL(`${promql([value], variable)}"}`);
    expect(rest).toBe('"}');
    expect(VALUES.filter((other) => matches(pattern, other))).toEqual([value]);
    expect(promql(value, variable)).toBe(promql([value], variable));
  });

  it.each(VALUES)('is one literal of a list in SQL: %j', (value) => {
    expect(listSQL(sql([value], variable))).toEqual([value]);
    expect(sql(value, variable)).toBe(sql([value], variable));
  });
});

describe('several values', () => {
  it.each([2, 3, VALUES.length])('are matched in PromQL, all of them and no other: %p of them', (n) => {
    const some = VALUES.slice(0, n);
    const { value: pattern } = readPromQL(`${promql(some)}"}`);
    expect(VALUES.filter((value) => matches(pattern, value))).toEqual(some);
  });

  it('stand in a pattern of their own, whatever stands around it', () => {
    const { value: pattern } = readPromQL(`node-${promql(['a', 'b'])}:9100"`);
    expect(['node-a:9100', 'node-b:9100', 'node-a', 'b:9100'].filter((value) => matches(pattern, value))).toEqual([
      'node-a:9100',
      'node-b:9100',
    ]);
  });

  it('are a list in SQL in which each is one, in their order', () => expect(listSQL(sql(VALUES))).toEqual(VALUES));

  it('that are none match nothing but nothing', () => {
    expect(VALUES.filter((value) => matches(promql([]), value))).toEqual(['']);
    expect(sql([])).toBe('');
  });
});
