import { AdHocVariableFilter, getDefaultTimeRange, TimeRange } from '@grafana/data';

import { Filter, FilterRequest } from '../api/contract';

/** Filters with their values filled in, as the back end takes them. */
export function filled(filters: Array<Filter | AdHocVariableFilter>, fill: (text: string) => string): Filter[] {
  return filters.map(({ key, operator, value, values }) => ({
    key,
    operator,
    value: fill(value),
    ...(values && { values: values.map((one) => fill(one)) }),
  }));
}

/** A dashboard's filters without those that are still being chosen. */
export function chosen(filters: AdHocVariableFilter[] = []): AdHocVariableFilter[] {
  return filters.filter(({ key, operator, value }) => key !== '' && operator !== '' && value !== '');
}

/** What is to be chosen next: the values of a label, or of no label the names of labels. */
export function choiceOf(key: string, filters?: AdHocVariableFilter[], range?: TimeRange): FilterRequest {
  const { from, to } = range ?? getDefaultTimeRange();
  return {
    key,
    filters: filled(chosen(filters), (text) => text),
    from: from.toISOString(),
    to: to.toISOString(),
  };
}

/** The filters on one line, as a dashboard shows them. */
export function filtersLine(filters: Filter[]): string {
  return filters
    .map(({ key, operator, value, values }) =>
      operator.endsWith('|')
        ? `${key} ${operator.slice(0, -1)} ${(values ?? [value]).join(' | ')}`
        : `${key} ${operator} ${value}`
    )
    .join(', ');
}
