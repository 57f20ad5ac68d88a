/** A row of a table, as far as its order goes. */
interface Sorted {
  values: Record<string, unknown>;
}

const known = ({ values }: Sorted, column: string) => {
  const value = values[column];
  return typeof value === 'number' ? value : -Infinity;
};

/** The order of rows by a column of numbers, of which some may be negative; what is not known comes below all others. */
export const byNumber = (a: Sorted, b: Sorted, column: string): number => known(a, column) - known(b, column) || 0;
