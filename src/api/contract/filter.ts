/** A dashboard's label filter, as Grafana hands it to data sources. */
export interface Filter {
  key: string;
  /** =, !=, =~, !~; one of values: =|, none of them: !=| */
  operator: string;
  value: string;
  values?: string[];
}

/** What a dashboard's next filter can be. */
export interface FilterRequest {
  /** The label whose values are asked for; empty: the names of labels. */
  key: string;
  /** Those there are already. */
  filters: Filter[];
  from: string;
  to: string;
}

/** Names of labels or values of one, in order. */
export interface FilterChoice {
  values: string[];
}
