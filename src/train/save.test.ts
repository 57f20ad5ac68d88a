import { Client } from '../api/client';
import { Definition } from '../api/contract';
import { firstForm } from '../rules/form';
import { Answers, fakeGrafana, refusal } from '../testing/grafana';
import { resource, sample } from '../testing/samples';
import { Done, Plan, save } from './save';

const RULER = '/api/ruler/grafana/api/v1/rules/folder';
const definition = (change: Partial<Definition> = {}): Definition => ({
  ...sample.model().definition,
  name: 'disk',
  draft: false,
  ...change,
});
const plan = (change: Partial<Plan> = {}): Plan => ({
  draft: definition({ name: 'disk-warning', draft: true }),
  definition: definition(),
  series: [{ instance: 'db-2' }],
  ...change,
});

/** A Grafana that takes everything. */
const TAKES: Answers = {
  [`PUT ${resource('models/disk-warning')}`]: {},
  [`PUT ${resource('models/old')}`]: {},
  [`POST ${resource('models/disk/train')}`]: {},
  [`DELETE ${resource('models/disk-warning')}`]: '',
  'POST /api/dashboards/db': { uid: 'board' },
  '/api/folders?limit=500': [{ uid: 'folder', title: 'Forewarn' }],
  [RULER]: {},
  [`POST ${RULER}`]: { created: ['rule'] },
};

async function run(asked: Plan, answers: Answers = TAKES, before: Done = {}) {
  const { sent } = fakeGrafana(answers);
  const told: Done[] = [];
  const done = await save(new Client('fw'), asked, before, (d) => told.push(d));
  const changes = sent.filter((s) => s.method !== 'GET').map((s) => `${s.method} ${s.url.split('/resources/').pop()}`);
  return { done, told, changes, sent };
}

describe('saving', () => {
  it('gives the draft its name, and trains nothing again', async () => {
    const { done, changes } = await run(plan());
    expect(changes).toEqual(['PUT models/disk-warning']);
    expect(done).toEqual({ model: 'disk', failed: undefined });
  });

  it('trains again where another budget sets the band', async () => {
    const { changes } = await run(plan({ definition: definition({ alertBudget: 5 }) }));
    expect(changes).toEqual(['PUT models/disk-warning', 'POST models/disk/train']);
  });

  it('changes the model that is edited, trains it, and takes the draft away last', async () => {
    const { changes } = await run(plan({ original: 'old' }));
    expect(changes).toEqual(['PUT models/old', 'POST models/disk/train', 'DELETE models/disk-warning']);
  });

  it('makes a panel, then a rule that leads to it, and tells of each as it is done', async () => {
    const asked = plan({ dashboard: { title: 'Mine' }, rule: firstForm(definition()) });
    const { done, told, changes, sent } = await run(asked);
    expect(changes).toEqual(['PUT models/disk-warning', 'POST /api/dashboards/db', `POST ${RULER}`]);
    expect(told.map((d) => [d.model, d.panel?.dashboardUid, d.ruleUid])).toEqual([
      ['disk', undefined, undefined],
      ['disk', 'board', undefined],
      ['disk', 'board', 'rule'],
    ]);
    expect(done.failed).toBeUndefined();
    const { rules } = sent[sent.length - 1].data as { rules: Array<{ annotations: Record<string, string> }> };
    expect(rules[0].annotations).toMatchObject({ __dashboardUid__: 'board', __panelId__: '1' });
  });
});

describe('what fails', () => {
  const all = () => plan({ dashboard: { title: 'Mine' }, rule: firstForm(definition()) });

  it.each([
    ['model', `PUT ${resource('models/disk-warning')}`, {}],
    ['panel', 'POST /api/dashboards/db', { model: 'disk' }],
    ['rule', `POST ${RULER}`, { model: 'disk', panel: { dashboardUid: 'board', id: 1 } }],
  ])('stops there: the %s', async (part, address, before) => {
    const { done, changes } = await run(all(), { ...TAKES, [address]: refusal(403, 'no right') });
    expect(done).toMatchObject({ ...before, failed: { part, error: 'no right' } });
    expect(changes[changes.length - 1]).toBe(address.replace(/ .*\/resources\//, ' '));
  });

  it('is gone on from at a second try: what is done is not done twice', async () => {
    const before: Done = { model: 'disk', failed: { part: 'panel', error: 'no right' } };
    const { done, changes } = await run(all(), TAKES, before);
    expect(changes).toEqual(['POST /api/dashboards/db', `POST ${RULER}`]);
    expect(done).toMatchObject({ model: 'disk', ruleUid: 'rule', failed: undefined });
  });
});
