import { packed, unpacked } from './prefill';
import { ForewarnQuery } from './types';

const query: ForewarnQuery = {
  refId: 'A',
  queryType: 'warning',
  output: 'eta_early',
  source: { kind: 'prometheus', expr: 'up{job="a"}' },
  threshold: { value: 90, direction: 'above' },
};

/** What the rule form of Grafana 12.3 leaves of a query: the fields it knows, and its own defaults and those of the data source. */
const throughTheForm = ({ refId, queryType, expression }: ReturnType<typeof packed>) => ({
  refId,
  queryType,
  expression,
  instant: true,
  range: false,
  source: { kind: 'prometheus' as const, expr: '' },
  datasource: { uid: 'forewarn' },
});

describe('a query handed over to the rule form', () => {
  it('arrives whole', () => {
    expect(unpacked(throughTheForm(packed(query)))).toEqual({ ...query, datasource: { uid: 'forewarn' } });
  });

  it('keeps what the form changed', () => {
    expect(unpacked({ ...throughTheForm(packed(query)), refId: 'B' }).refId).toBe('B');
  });

  it('is left alone where nothing was handed over', () => {
    expect(unpacked(query)).toBe(query);
  });

  it.each([
    ['an empty text', ''],
    ['no JSON', 'up == 0'],
    ['JSON that is no query', '7'],
    ['null', 'null'],
  ])('loses what the form added and nothing else: %s', (_, expression) => {
    expect(unpacked({ ...query, expression, instant: true, range: false })).toEqual(query);
  });
});
