import { Labels } from './definition';

export type LabelKind = 'incident' | 'not-an-anomaly';

/** What a person says of a stretch of a model's series. */
export interface NewLabel {
  model: string;
  series: Labels;
  from: string;
  to: string;
  kind: LabelKind;
  note: string;
}

export interface Label extends NewLabel {
  id: string;
  by: string;
  at: string;
}

export interface LabelList {
  labels: Label[];
}

/** How often an algorithm's labelled alerts were right. */
export interface Precision {
  model: string;
  algorithm: string;
  incidents: number;
  notAnomalies: number;
  precision: number | null;
}

export interface PrecisionAnswer {
  precision: Precision[];
}
