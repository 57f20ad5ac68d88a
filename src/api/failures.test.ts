import { act, renderHook, waitFor } from '@testing-library/react';

import { instance, RANGE, rule } from '../testing/data';
import { Answers, fakeGrafana, refusal } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { Client, fieldOf } from './client';
import { fetchCharts, fetchStrip } from './charts';
import { addPanel, fetchDashboard, findDashboards, findUses, panelOf } from './dashboards';
import { fetchFired } from './history';
import { messageOf } from './message';
import { withTrained } from './models';
import { fetchSources } from './overview';
import { fetchRules } from './rules';
import { fetchUnits } from './units';
import { useAction, useAsync } from './useAsync';
import { fetchWarnings } from './warnings';

const PAGE = '<!doctype html><html><body>502 Bad Gateway</body></html>';
const NO_DATA = 'The answer is no data but a page';

/** A refusal as Grafana throws it: a body that is no JSON is taken for the message. */
const refused = (status: number, statusText: string, body: string | object) =>
  Object.assign(new Error(''), {
    status,
    data: typeof body === 'string' ? { message: body, error: statusText, response: body } : body,
  });

/** How a request can fail, and what the reader is told of it. */
const FAILURES: Array<[string, unknown, string]> = [
  ['nobody is signed in', refused(401, 'Unauthorized', { message: 'Unauthorized' }), 'Unauthorized'],
  [
    'the role is too low',
    refusal(403, 'this needs the role Editor or a higher one'),
    'This needs the role Editor or a higher one',
  ],
  [
    'Grafana lacks a right',
    refused(403, 'Forbidden', { message: 'permissions needed: x:read' }),
    'permissions needed: x:read',
  ],
  ['it is gone', refusal(404, 'model "cpu": not found'), 'There is no model cpu'],
  [
    'somebody else was faster',
    refusal(409, 'model "cpu": changed in the meantime'),
    'The model cpu was changed in the meantime: look at it once more',
  ],
  ['it is too large', refused(413, 'Content Too Large', PAGE), 'Content Too Large'],
  ['there were too many', refused(429, 'Too Many Requests', ''), 'Too Many Requests'],
  ['the plugin broke', refused(500, 'Internal Server Error', {}), 'HTTP 500'],
  ['a proxy answers in its place', refused(502, 'Bad Gateway', PAGE), 'Bad Gateway'],
  ['the plugin is not running', refused(503, '', ''), 'HTTP 503'],
  ['a proxy gave up', refused(504, 'Gateway Timeout', '<h1>504</h1>'), 'Gateway Timeout'],
  ['a sign-in answers with its page, and well', PAGE, NO_DATA],
  ['the answer is empty', '', NO_DATA],
  ['the answer is a bare number', 7, NO_DATA],
];

const client = new Client('fw');

describe.each(FAILURES)('where %s', (_, answer, told) => {
  it('each reading call of the client says so', async () => {
    const reads: Array<[string, () => Promise<unknown>]> = [
      ['algorithms', client.algorithms],
      ['overview', client.overview],
      ['models', client.models],
      ['models/a', () => client.model('a')],
      ['models/a/versions', () => client.versions('a')],
      ['models/a/versions/1', () => client.version('a', 1)],
      ['models/a/export', () => client.exportModel('a')],
      ['jobs/1', () => client.job('1')],
      ['labels', client.labels],
      ['accuracy', client.accuracy],
      ['precision', client.precision],
      ['audit', () => client.audit({ limit: 1 })],
      ['audit/verify', client.verify],
      ['channels', client.channels],
    ];
    fakeGrafana(Object.fromEntries(reads.map(([path]) => [resource(path), answer])));
    for (const [path, call] of reads) {
      const thrown = await call().then(
        () => `${path} went well`,
        (e) => e
      );
      expect(messageOf(thrown)).toContain(told);
    }
  });

  it('what reads of Grafana itself says so, and gives no empty list', async () => {
    const board = { uid: 'b', title: 'B' };
    fakeGrafana({
      '/api/search?type=dash-db&limit=50&query=': answer,
      '/api/search?type=dash-db&limit=200&query=': answer,
      '/api/dashboards/uid/b': answer,
      '/api/prometheus/grafana/api/v1/rules': answer,
      '/api/v1/rules/history': answer,
    });
    const calls = [
      () => findDashboards(),
      () => findUses('cpu'),
      () => fetchDashboard('b'),
      () => addPanel(board, panelOf('cpu', rule().query, 0)),
      () => fetchRules(),
      () => fetchFired([rule()]),
    ];
    for (const call of calls) {
      const thrown = await call().then(
        () => 'went well',
        (e) => e
      );
      expect(messageOf(thrown)).toContain(told);
    }
  });

  it('a page shows it in the place of an answer', async () => {
    fakeGrafana({ [resource('models')]: answer });
    const { result } = renderHook(() => useAsync(() => client.models(), []));
    await waitFor(() => expect(result.current.loading).toBe(false));
    expect(result.current.error).toContain(told);
    expect(result.current.value).toBeUndefined();
  });

  it('it is shown beside the data source that it happened to, and the others are there', async () => {
    const other = { uid: 'b', name: 'Second' };
    const answers: Answers = {
      [resource('overview')]: answer,
      '/api/datasources/uid/b/resources/overview': sample.overview(),
    };
    fakeGrafana(answers, undefined, [{ uid: 'fw', name: 'Forewarn' }, other]);
    expect(await fetchSources()).toEqual([
      { uid: 'fw', name: 'Forewarn', error: expect.stringContaining(told) },
      { ...other, overview: sample.overview() },
    ]);
  });

  it('rules are shown without what only adds to them: trained models and units', async () => {
    const asks = rule({ query: { refId: 'A', model: { name: 'cpu' } }, panel: { dashboardUid: 'b', id: 1 } });
    fakeGrafana({ [resource('models')]: answer, '/api/dashboards/uid/b': answer });
    expect(await withTrained([asks])).toEqual([asks]);
    expect(await fetchUnits([asks])).toEqual({});
  });
});

/** What sends, and to where. An empty answer is well there, a page is not. */
const SENDS: Array<[string, string, () => Promise<unknown>]> = [
  ['PUT', 'models/a', () => client.changeModel('a', sample.model().definition)],
  ['DELETE', 'models/a', () => client.deleteModel('a')],
  ['POST', 'models/a/train', () => client.train('a')],
  ['POST', 'models/a/promote', () => client.promote('a', 2)],
  ['POST', 'models/a/rollback', () => client.rollback('a')],
  ['POST', 'models/a/pause', () => client.pause('a', true)],
  ['POST', 'models/import', () => client.importModel(sample.exported())],
  ['POST', 'preview', () => client.preview({ queryType: 'forecast' })],
  ['POST', 'jobs', () => client.trainDraft(sample.model().definition)],
  ['POST', 'jobs/1/cancel', () => client.cancelJob('1')],
  ['POST', 'replay', () => client.replay({ model: 'a', days: 7 })],
  ['POST', 'labels', () => client.addLabel(sample.label())],
  ['DELETE', 'labels/1', () => client.deleteLabel('1')],
  ['POST', 'channels/a/test', () => client.testChannel('a')],
];

describe.each(SENDS)('%s %s', (method, path, call) => {
  const at = `${method} ${resource(path)}`;

  it.each(FAILURES.filter(([, answer]) => answer instanceof Error || answer === PAGE))(
    'says it where %s, and is sent once only',
    async (_, answer, told) => {
      const { requests } = fakeGrafana({ [at]: answer });
      const { result } = renderHook(() => useAction());
      await act(async () => expect(await result.current.run(call)).toBe(false));
      expect(result.current.error).toContain(told);
      expect(requests).toHaveLength(1);
    }
  );

  it('is well where the answer is empty', async () => {
    fakeGrafana({ [at]: '' });
    const { result } = renderHook(() => useAction());
    await act(async () => expect(await result.current.run(call)).toBe(true));
    expect(result.current.error).toBeUndefined();
  });
});

describe('the field at fault', () => {
  it.each([
    ['that is named', refusal(400, 'bad', 'query.interval'), 'query.interval'],
    ['of nested data', refusal(400, 'bad', 'query.sources[1].expr'), 'query.sources[1].expr'],
    ['of a refusal without one', refusal(400, 'bad'), undefined],
    ['of a proxy’s page', refused(502, 'Bad Gateway', PAGE), undefined],
    ['of a body that is null', { status: 500, data: null }, undefined],
    ['of a text', 'text', undefined],
    ['of null', null, undefined],
  ])('%s is %p', (_, thrown, field) => expect(fieldOf(thrown)).toBe(field));
});

describe('a query that fails', () => {
  const anomaly = (uid: string) => rule({ uid, query: { refId: 'A', queryType: 'anomaly' } });
  const down = 'source cannot be reached: prometheus at prom:9090: connection refused';
  const told = 'Prometheus at prom:9090 cannot be reached: connection refused';

  it('leaves the other warnings, and says why', async () => {
    fakeGrafana({}, () => new Error(down));
    expect(await fetchWarnings([rule({ instances: [instance()] })])).toEqual({
      warnings: [],
      failures: [{ rule: expect.objectContaining({ uid: 'disk' }), message: told }],
    });
  });

  it('leaves the other charts, and says why', async () => {
    fakeGrafana({}, () => new Error(down));
    const { charts, failures } = await fetchCharts([anomaly('a'), anomaly('b')], RANGE);
    expect(charts).toEqual({});
    expect(failures.map((f) => [f.rule.uid, f.message])).toEqual([
      ['a', told],
      ['b', told],
    ]);
  });

  it('leaves no strip where it was the only one', async () => {
    fakeGrafana({}, () => new Error(down));
    expect(await fetchStrip([anomaly('a')], RANGE)).toBeUndefined();
  });
});
