interface Variable {
  multi?: boolean;
  includeAll?: boolean;
}

type Value = string | string[];

/** A variable inside PromQL: several values become an alternative for =~, each taken literally. */
export function promql(value: Value, variable: Variable = {}): string {
  if (!Array.isArray(value) && !variable.multi && !variable.includeAll) {
    return quoted(value);
  }
  const alternatives = [value].flat().map((v) => quoted(v.replace(/[\\^$*+?.()|[\]{}]/g, '\\$&')));
  return alternatives.length === 1 ? alternatives[0] : `(${alternatives.join('|')})`;
}

/** A variable inside SQL: several values become a list for IN, each a quoted literal; one stands between quotes of the query. */
export function sql(value: Value, variable: Variable = {}): string {
  if (!Array.isArray(value) && !variable.multi && !variable.includeAll) {
    return literal(value);
  }
  return [value]
    .flat()
    .map((v) => `'${literal(v)}'`)
    .join(',');
}

/** The text as it stands between the quotes of MySQL, where a backslash could undo the closing one. */
const literal = (text: string) => text.replace(/\\/g, '\\\\').replace(/'/g, "''");

/** The text as it stands between the double quotes of PromQL. */
const quoted = (text: string) => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
