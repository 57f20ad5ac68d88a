import { fakeGrafana, refusal } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { messageOf } from './message';
import { Client, fieldOf } from './client';

const client = new Client('fw');

/** Every call with the request that it is to make. */
const CALLS: Array<[string, () => Promise<unknown>, string, string, unknown?]> = [
  ['algorithms', () => client.algorithms(), 'GET', 'algorithms'],
  ['overview', () => client.overview(), 'GET', 'overview'],
  ['models', () => client.models(), 'GET', 'models'],
  ['a model', () => client.model('disk / root'), 'GET', 'models/disk%20%2F%20root'],
  [
    'renaming',
    () => client.changeModel('old', sample.model().definition),
    'PUT',
    'models/old',
    { definition: sample.model().definition },
  ],
  ['deleting', () => client.deleteModel('a'), 'DELETE', 'models/a'],
  ['training', () => client.train('a'), 'POST', 'models/a/train', {}],
  ['promoting', () => client.promote('a', 2), 'POST', 'models/a/promote', { version: 2 }],
  ['rolling back', () => client.rollback('a'), 'POST', 'models/a/rollback', {}],
  ['pausing', () => client.pause('a', true), 'POST', 'models/a/pause', { paused: true }],
  ['versions', () => client.versions('a'), 'GET', 'models/a/versions'],
  ['a version', () => client.version('a', 3), 'GET', 'models/a/versions/3'],
  ['exporting', () => client.exportModel('a'), 'GET', 'models/a/export'],
  ['importing', () => client.importModel(sample.exported()), 'POST', 'models/import', sample.exported()],
  [
    'previewing',
    () => client.preview({ queryType: 'forecast' }),
    'POST',
    'preview',
    { query: { queryType: 'forecast' } },
  ],
  [
    'training a draft',
    () => client.trainDraft(sample.model().definition),
    'POST',
    'jobs',
    { definition: sample.model().definition },
  ],
  ['a job', () => client.job('01K'), 'GET', 'jobs/01K'],
  ['cancelling', () => client.cancelJob('01K'), 'POST', 'jobs/01K/cancel', {}],
  ['replaying', () => client.replay({ model: 'a', days: 30 }), 'POST', 'replay', { model: 'a', days: 30 }],
  ['labels', () => client.labels(), 'GET', 'labels'],
  ['precision', () => client.precision(), 'GET', 'precision'],
  ['accuracy', () => client.accuracy(), 'GET', 'accuracy'],
  ['labelling', () => client.addLabel(sample.label()), 'POST', 'labels', sample.label()],
  ['removing a label', () => client.deleteLabel('01L'), 'DELETE', 'labels/01L'],
  ['verifying', () => client.verify(), 'GET', 'audit/verify'],
  ['channels', () => client.channels(), 'GET', 'channels'],
  ['testing a channel', () => client.testChannel('on call'), 'POST', 'channels/on%20call/test', {}],
];

describe('the client', () => {
  // Jest takes a fifth argument that a row lacks for a callback to wait for
  it.each(CALLS)('%s', async (...[, call, method, path, data]) => {
    const address = resource(path);
    const { sent } = fakeGrafana({ [method === 'GET' ? address : `${method} ${address}`]: { it: 'answered' } });
    expect(await call()).toEqual({ it: 'answered' });
    expect(sent.map((s) => [s.method, s.url, s.data])).toEqual([[method, address, data]]);
  });

  it.each([
    [
      'audit',
      () => client.audit({ kind: 'warning', model: '', limit: 50, before: 7 }),
      { kind: 'warning', limit: 50, before: 7 },
    ],
    ['audit', () => client.audit(), undefined],
  ])('%s leaves out what is not asked for', async (path, call, params) => {
    const { sent } = fakeGrafana({ [resource(path)]: {} });
    await call();
    expect(sent[0].params).toEqual(params);
  });

  it('quotes the uid of the data source', () =>
    expect(new Client('a/b').url('models')).toBe('/api/datasources/uid/a%2Fb/resources/models'));

  it('rejects with what the server said and the field at fault', async () => {
    fakeGrafana({ [`POST ${resource('preview')}`]: refusal(400, 'interval is too small', 'query.interval') });
    const thrown = await client.preview({}).catch((e) => e);
    expect([messageOf(thrown), fieldOf(thrown)]).toEqual(['interval is too small', 'query.interval']);
  });

  it('knows no field of what is no answer', () => {
    expect([fieldOf(undefined), fieldOf(new Error('x'))]).toEqual([undefined, undefined]);
  });
});
