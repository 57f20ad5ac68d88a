import { DataFrame, PanelData } from '@grafana/data';

import { entitiesOf } from '../api/charts';
import { Outcomes } from '../api/contract';
import { Region } from '../api/ranges';

/** How good the forecasts of a series were at a lead. Errors are in the metric's unit; null is unknown. */
export interface Accuracy {
  lead: string;
  points: number;
  mae: number | null;
  twinMae: number | null;
  skill: number | null;
  coverage: number | null;
}

/** What is known of a series' past answers. */
export interface Past {
  name: string;
  accuracy?: Accuracy;
  outcomes?: Outcomes;
}

/** The record of each series, as the answer of output hindcast brings it along. */
export function recordsOf(data: PanelData): Past[] {
  return data.series.flatMap((frame) => {
    const series: Array<{ name?: string; hindcast?: Partial<Accuracy & Outcomes> }> = frame.meta?.custom?.series ?? [];
    return series.flatMap(({ name = '', hindcast }): Past[] => {
      if (!hindcast) {
        return [];
      }
      return 'raised' in hindcast
        ? [{ name, outcomes: hindcast as Outcomes }]
        : [{ name, accuracy: hindcast as Accuracy }];
    });
  });
}

/** The records, those first that ask most to be looked at: what warned or crossed its limit, or was forecast worst. */
export const worstFirst = (records: Past[]): Past[] =>
  [...records].sort((a, b) =>
    a.outcomes && b.outcomes
      ? b.outcomes.raised - a.outcomes.raised || b.outcomes.crossings - a.outcomes.crossings
      : // what is not known comes last
        (a.accuracy?.skill ?? Infinity) - (b.accuracy?.skill ?? Infinity) || 0
  );

/** The stretches in which warnings stood, each on the chart of its own series. */
export function regionsOf(data: PanelData): Region[] {
  const entities = entitiesOf(data);
  return (data.annotations ?? []).flatMap((frame: DataFrame) => {
    const column = (name: string): unknown[] => frame.fields.find((f) => f.name === name)?.values ?? [];
    const texts = { title: column('title'), text: column('text'), color: column('color') };
    const ends = column('timeEnd') as number[];
    return (column('time') as number[]).map((from, i) => ({
      from,
      to: ends[i],
      title: String(texts.text[i] ?? texts.title[i] ?? ''),
      color: String(texts.color[i] ?? 'orange'),
      labels: entities.find((e) => e.name === texts.title[i])?.labels,
    }));
  });
}
