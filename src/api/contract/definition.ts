import { ForewarnQuery } from '../../datasource/types';

/** Labels of a series. */
export type Labels = Record<string, string>;

/** The query of a definition: what it reads and how it is modelled. */
export type ModelQuery = Omit<ForewarnQuery, 'refId'>;

/** A stretch that is not learnt from. */
export interface Excluded {
  from: string;
  to: string;
  reason: string;
}

/** What a model is to be. */
export interface Definition {
  name: string;
  description: string;
  query: ModelQuery;
  /** Alerts a week that the sensitivity is set for; 0 leaves it to the detector. */
  alertBudget: number;
  /** A duration; empty means never. */
  retrainEvery: string;
  retrainOnDrift: boolean;
  /** Labels that name the thing a series belongs to. */
  entityLabels: string[];
  /** IANA name; empty means UTC. */
  timezone: string;
  holidays: string;
  excluded: Excluded[];
  labels: Labels;
  paused: boolean;
  /** Trained to look at, not saved yet. */
  draft: boolean;
  /** Comes from the data source's settings and cannot be changed here. */
  provisioned: boolean;
}
