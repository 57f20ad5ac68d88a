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

/** A variable inside SQL: several values become a list for IN, each a quoted literal. */
export function sql(value: Value, variable: Variable = {}): string {
  if (!Array.isArray(value) && !variable.multi && !variable.includeAll) {
    return value.replace(/'/g, "''");
  }
  return [value]
    .flat()
    .map((v) => `'${v.replace(/\\/g, '\\\\').replace(/'/g, "''")}'`)
    .join(',');
}

/** The text as it stands between the double quotes of PromQL. */
const quoted = (text: string) => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"');
