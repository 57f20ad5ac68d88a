import { createDataFrame, DataFrame, FieldType } from '@grafana/data';

import { NOW, panelData } from '../testing/data';
import { alone, classOf, entitiesOf, entityAlone } from './charts';

interface Drawn {
  labels: Record<string, string>;
  /** As the back end names it; without one the labels name it. */
  name?: string;
}

const frame = (fields: Drawn[]): DataFrame =>
  createDataFrame({
    fields: [
      { name: 'time', type: FieldType.time, values: [NOW] },
      ...fields.map(({ labels, name }, i) => ({
        name: `f${i}`,
        type: FieldType.number,
        labels,
        config: { displayNameFromDS: name },
        values: [i],
      })),
    ],
  });
const drawnOf = (data: ReturnType<typeof panelData>) =>
  data.series.flatMap((f) => f.fields.filter((x) => x.type !== FieldType.time).map((x) => x.name));

describe('the entities of a chart', () => {
  const host = (instance: string, output: string, name: string) => ({ labels: { instance, output }, name });

  it('are told apart by their labels, whatever is drawn of them', () => {
    const data = panelData([
      frame([
        host('a', 'actual', 'a'),
        host('a', 'forecast', 'a forecast'),
        host('a', 'ahead', 'a 24h ahead'),
        host('b', 'actual', 'b'),
      ]),
      frame([host('b', 'anomaly', 'b anomaly')]),
    ]);
    expect(entitiesOf(data)).toEqual([
      { name: 'a', labels: { instance: 'a' } },
      { name: 'b', labels: { instance: 'b' } },
    ]);
    expect(drawnOf(entityAlone(data, entitiesOf(data)[0]))).toEqual(['f0', 'f1', 'f2']);
    expect(entityAlone(data, entitiesOf(data)[1]).series).toHaveLength(2);
  });

  it('are not those whose labels another has all of', () => {
    const data = panelData([
      frame([
        { labels: { instance: 'a', mode: 'idle', output: 'actual' }, name: 'cpu' },
        { labels: { instance: 'a', output: 'actual' }, name: 'memory' },
      ]),
    ]);
    expect(entitiesOf(data)).toHaveLength(2);
    expect(drawnOf(entityAlone(data, entitiesOf(data)[0]))).toEqual(['f0']);
    expect(drawnOf(entityAlone(data, entitiesOf(data)[1]))).toEqual(['f1']);
  });

  it('are several where several metrics have the same labels', () => {
    const data = panelData([
      frame([host('a', 'actual', 'free'), host('a', 'actual', 'total'), host('a', 'actual', 'free')]),
    ]);
    expect(entitiesOf(data).map((e) => e.name)).toEqual(['free', 'total']);
    expect(drawnOf(entityAlone(data, entitiesOf(data)[1]))).toEqual(['f1']);
  });

  it('are named by their labels where the answer names none', () => {
    const data = panelData([frame([{ labels: { instance: 'a', output: 'score' } }])]);
    expect(entitiesOf(data)).toEqual([{ name: 'a', labels: { instance: 'a' } }]);
    expect(entitiesOf(undefined)).toEqual([]);
  });
});

describe('an entity alone', () => {
  const field = (output: string) => {
    const [, f] = frame([{ labels: { output } }]).fields;
    return { ...f, config: { custom: { hideFrom: { viz: true }, lineWidth: 1 } } };
  };

  it('is drawn in the colour that actual values have everywhere, with its limit', () => {
    expect(alone(field('actual')).config.color).toEqual({ mode: 'fixed', fixedColor: 'blue' });
    expect(alone(field('threshold')).config.custom).toEqual({ hideFrom: undefined, lineWidth: 1 });
  });

  it('keeps all else as the back end styles it', () => {
    const upper = field('upper');
    expect(alone(upper)).toBe(upper);
  });
});

it.each([
  [0, 0],
  [0.99, 0],
  [1, 1],
  [2.99, 1],
  [3, 2],
  [Infinity, 2],
  [null, null],
  [undefined, null],
  [NaN, null],
])('a score of %p is of class %p', (score, is) => expect(classOf(score)).toBe(is));
