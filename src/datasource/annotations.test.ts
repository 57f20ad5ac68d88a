import { annotationSupport, isTrail } from './annotations';
import { ForewarnQuery } from './types';
import { isRunnable } from './validate';

const prepare = (target?: object) =>
  annotationSupport.prepareQuery!({
    name: 'Warnings',
    enable: true,
    iconColor: 'red',
    target: target as ForewarnQuery,
  });

describe('annotation queries', () => {
  it('mark what a query for anomalies or warnings finds', () => {
    const query = { refId: 'A', queryType: 'anomaly', source: { kind: 'prometheus', expr: 'up' }, output: 'score' };
    expect(prepare(query)).toEqual({ ...query, output: 'annotations' });
    expect(prepare({ ...query, queryType: 'warning' })).toMatchObject({ queryType: 'warning', output: 'annotations' });
  });

  it('show the recorded warnings where nothing else is asked for', () => {
    const trail = { refId: 'Annotations', queryType: 'trail', report: 'annotations' };
    expect(prepare()).toEqual(trail);
    expect(prepare({ refId: 'A', queryType: 'forecast', source: { kind: 'prometheus', expr: 'up' } })).toEqual({
      ...trail,
      refId: 'A',
    });
    expect(prepare({ refId: 'B', queryType: 'trail', report: 'warnings', rule: 'Disk' })).toEqual({
      ...trail,
      refId: 'B',
      rule: 'Disk',
    });
  });

  it('keep the language that a dashboard asks for', () =>
    expect(prepare({ refId: 'B', queryType: 'trail', report: 'annotations', language: 'zh-Hans' })).toMatchObject({
      report: 'annotations',
      language: 'zh-Hans',
    }));

  it('are sent', () => {
    expect(isRunnable(prepare() as ForewarnQuery)).toBe(true);
    expect(isRunnable({ ...prepare(), hide: true } as ForewarnQuery)).toBe(false);
    expect(isTrail({ refId: 'A' })).toBe(false);
  });
});
