import { config } from '@grafana/runtime';

import { rule } from '../testing/data';
import { signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { download } from './download';
import { language } from './language';
import { legendLabels } from './legend';
import { around, hoursOf, regionFrame } from './ranges';
import { canAdmin, canEdit, canExplore, login } from './role';
import { panelQuery, trainedQuery } from './trained';
import { forewarnNode } from './rules';

describe('what a user may', () => {
  it.each([
    ['Viewer', false, false, false],
    ['Editor', true, false, true],
    ['Admin', true, true, true],
  ] as const)('as a %s: train %p, configure %p, explore %p', (role, edit, admin, explore) => {
    signIn(role);
    expect([canEdit(), canAdmin(), canExplore()]).toEqual([edit, admin, explore]);
  });

  it('is all as the server’s administrator, whatever the role here', () => {
    signIn('Viewer');
    config.bootData = { ...config.bootData, user: { ...config.bootData.user, isGrafanaAdmin: true } } as never;
    expect([canEdit(), canAdmin()]).toEqual([true, true]);
    config.bootData = { ...config.bootData, user: { ...config.bootData.user, isGrafanaAdmin: false } } as never;
  });

  it('is nothing before anybody has signed in', () => {
    const before = config.bootData;
    config.bootData = undefined as never;
    expect([canEdit(), canAdmin(), canExplore(), login(), language()]).toEqual([false, false, false, '', undefined]);
    config.bootData = before;
  });

  it('goes with who it is and what is spoken', () => {
    signIn('Editor', 'zh-Hans', 'ben');
    expect([login(), language()]).toEqual(['ben', 'zh-Hans']);
    signIn('Editor', '');
    expect(language()).toBeUndefined();
  });
});

describe('a stretch of time', () => {
  it('reaches from before to after a moment', () => {
    const now = Date.parse('2026-03-01T12:00:00Z');
    const { from, to, raw } = around(24, 0.5, now);
    expect([from.toISOString(), to.toISOString()]).toEqual(['2026-02-28T12:00:00.000Z', '2026-03-01T12:30:00.000Z']);
    expect(raw).toEqual({ from, to });
  });

  it.each([
    ['24h', 24],
    ['90m', 1.5],
    ['14d', 336],
    ['1w', 168],
    [undefined, 7],
    ['', 7],
    ['soon', 7],
    ['0h', 7],
  ])('of %p is %p h', (text, hours) => expect(hoursOf(text, 7)).toBe(hours));

  it('is drawn as a region, its times as numbers, however they are written', () => {
    const frame = regionFrame([
      { from: '2026-03-01T12:00:00Z', to: 1_772_370_000_000, title: 'a', color: 'red' },
      { from: 0, to: 1, title: 'b', color: 'gray' },
    ]);
    const column = (name: string) => frame.fields.find((f) => f.name === name)?.values;
    expect(frame.length).toBe(2);
    expect(column('time')).toEqual([Date.parse('2026-03-01T12:00:00Z'), 0]);
    expect(column('timeEnd')).toEqual([1_772_370_000_000, 1]);
    expect([column('title'), column('color'), column('isRegion')]).toEqual([
      ['a', 'b'],
      ['red', 'gray'],
      [true, true],
    ]);
    expect(frame.meta?.dataTopic).toBe('annotations');
  });
});

describe('the labels of a legend', () => {
  it.each([
    ['{{instance}} {{ mountpoint }}', ['instance', 'mountpoint']],
    ['{{a}} and {{a}}', ['a']],
    ['{{区域}} {{k8s.pod-name}}', ['区域', 'k8s.pod-name']],
    ['{{ }} {{two words}} {one}', []],
    ['', []],
    [undefined, []],
  ])('%p are %j', (legend, names) => expect(legendLabels(legend)).toEqual(names));
});

describe('a query that a trained model answers', () => {
  const { definition } = sample.model();

  it('names the model, and a version only where one is asked for', () => {
    expect(trainedQuery(definition)).toEqual({ queryType: 'warning', model: { name: 'disk-root' } });
    expect(trainedQuery(definition, 3)).toEqual({ queryType: 'warning', model: { name: 'disk-root', version: 3 } });
    expect(trainedQuery(definition, 0).model).toEqual({ name: 'disk-root' });
  });

  it('of a panel or a rule says which data source, and which output where it is one', () => {
    expect(panelQuery('fw', definition)).toEqual({
      refId: 'A',
      datasource: { type: 'forewarn-earlywarning-datasource', uid: 'fw' },
      queryType: 'warning',
      model: { name: 'disk-root' },
    });
    expect(panelQuery('fw', definition, 'eta').output).toBe('eta');
  });
});

describe('the Forewarn query among a rule’s', () => {
  const ours = new Set(['fw', 'b']);
  const node = (datasourceUid: string | undefined, queryType: string, uid?: string) => ({
    datasourceUid,
    model: { ...rule().query, queryType, ...(uid && { datasource: { uid } }) },
  });

  it.each([
    ['the first', [node('fw', 'anomaly'), node('b', 'forecast')], 'fw', 'anomaly'],
    ['the early warning before all', [node('fw', 'anomaly'), node('b', 'warning')], 'b', 'warning'],
    ['not another source’s', [node('prom', 'warning'), node('fw', 'anomaly')], 'fw', 'anomaly'],
    ['one that names its source within', [node(undefined, 'anomaly', 'b')], 'b', 'anomaly'],
  ])('is %s', (_, nodes, uid, queryType) => {
    expect(forewarnNode(nodes, ours)).toMatchObject({ uid, query: { queryType } });
  });

  it.each([[undefined], ['text'], [{}], [[]], [[null]], [[{ datasourceUid: 'fw' }]], [[node('prom', 'warning')]]])(
    'is none in %j',
    (nodes) => expect(forewarnNode(nodes, ours)).toBeUndefined()
  );
});

it('a file goes to the browser under its name, and its address is given back', () => {
  const made: Blob[] = [];
  const revoked: string[] = [];
  URL.createObjectURL = (blob: Blob) => `blob:${made.push(blob)}`;
  URL.revokeObjectURL = (url: string) => revoked.push(url);
  const clicked: Array<[string, string]> = [];
  const click = jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    clicked.push([this.download, this.href]);
  });
  download('disk-root.forewarn.json', sample.exported());
  expect(clicked).toEqual([['disk-root.forewarn.json', 'blob:1']]);
  expect(made[0].type).toBe('application/json');
  expect(revoked).toEqual(['blob:1']);
  click.mockRestore();
});
