import { fakeGrafana, refusal, signIn } from '../testing/grafana';
import { sample } from '../testing/samples';
import { RulerRule } from './build';
import { firstForm } from './form';
import { makeRule } from './make';
import { fetchContactPoints, ownFolder, pauseRule, saveRule } from './ruler';

const RULES = '/api/ruler/grafana/api/v1/rules/f1';
const FOLDERS = '/api/folders?limit=500';

const rule = (title: string, uid?: string) =>
  ({ for: '5m', labels: {}, annotations: {}, grafana_alert: { title, ...(uid && { uid }) } }) as unknown as RulerRule;

describe('a rule that is saved', () => {
  const save = async (groups: object, title: string, created: object | undefined = { created: ['new'] }) => {
    const { sent } = fakeGrafana({ [RULES]: groups, [`POST ${RULES}`]: created });
    const uid = await saveRule('f1', 'disk', rule(title), '2m');
    return { uid, data: sent[1].data as { name: string; interval: string; rules: RulerRule[] } };
  };

  it('is the first of a new group, at the interval asked for', async () => {
    const { uid, data } = await save({}, 'Disk');
    expect(uid).toBe('new');
    expect(data).toEqual({ name: 'disk', interval: '2m', rules: [rule('Disk')] });
  });

  it('joins the others of its group, whose interval stays', async () => {
    const others = [rule('CPU', 'u1'), rule('Memory', 'u2')];
    const { data } = await save({ Forewarn: [{ name: 'disk', interval: '5m', rules: others }] }, 'Disk');
    expect(data).toEqual({ name: 'disk', interval: '5m', rules: [...others, rule('Disk')] });
  });

  it('takes the place of the one of its title, under the same uid', async () => {
    const group = { name: 'disk', interval: '1m', rules: [rule('Disk', 'u1'), rule('CPU', 'u2')] };
    const { uid, data } = await save({ Forewarn: [group] }, 'Disk', { updated: ['u1'] });
    expect(uid).toBe('u1');
    expect(data.rules).toEqual([rule('CPU', 'u2'), rule('Disk', 'u1')]);
  });

  it('leaves other groups of the folder alone', async () => {
    const { data } = await save({ Forewarn: [{ name: 'cpu', interval: '1m', rules: [rule('Disk', 'u1')] }] }, 'Disk');
    expect(data).toEqual({ name: 'disk', interval: '2m', rules: [rule('Disk')] });
  });

  it('has no uid where Grafana tells none', async () => expect((await save({}, 'Disk', {})).uid).toBe(''));

  it('is not saved blindly over a group that cannot be read', async () => {
    const { sent } = fakeGrafana({ [RULES]: refusal(403, 'no access to the folder') });
    await expect(saveRule('f1', 'disk', rule('Disk'))).rejects.toMatchObject({ status: 403 });
    expect(sent).toHaveLength(1);
  });
});

describe('the folder of Forewarn’s rules', () => {
  it('is the one there is', async () => {
    const { sent } = fakeGrafana({
      [FOLDERS]: [
        { uid: 'x', title: 'Other' },
        { uid: 'f1', title: 'Forewarn' },
      ],
    });
    await expect(ownFolder()).resolves.toMatchObject({ uid: 'f1' });
    expect(sent).toHaveLength(1);
  });

  it('is made where there is none', async () => {
    const { sent } = fakeGrafana({ [FOLDERS]: [], 'POST /api/folders': { uid: 'made', title: 'Forewarn' } });
    await expect(ownFolder()).resolves.toMatchObject({ uid: 'made' });
    expect(sent[1]).toMatchObject({ method: 'POST', data: { title: 'Forewarn' } });
  });

  it('is not thought missing where folders cannot be read', async () => {
    const { sent } = fakeGrafana({ [FOLDERS]: refusal(500, 'database is locked') });
    await expect(ownFolder()).rejects.toMatchObject({ status: 500 });
    expect(sent).toHaveLength(1);
  });
});

it('contact points are listed once each, in order', async () => {
  fakeGrafana({ '/api/v1/provisioning/contact-points': [{ name: 'sms' }, { name: 'ops' }, { name: 'sms' }] });
  await expect(fetchContactPoints()).resolves.toEqual(['ops', 'sms']);
});

describe('stopping a rule', () => {
  const url = '/api/v1/provisioning/alert-rules/a%2Fb';
  const there = { uid: 'a/b', title: 'Disk', isPaused: false, annotations: { summary: 's' } };

  it.each([true, false])('changes nothing else of it, and leaves it open to Grafana’s editor: %s', async (paused) => {
    const { sent } = fakeGrafana({ [url]: there, [`PUT ${url}`]: {} });
    await pauseRule('a/b', paused);
    expect(sent[1]).toMatchObject({
      method: 'PUT',
      url,
      data: { ...there, isPaused: paused },
      headers: { 'X-Disable-Provenance': 'true' },
    });
  });

  it('of a file is refused as Grafana says', async () => {
    fakeGrafana({ [url]: there, [`PUT ${url}`]: refusal(409, 'provenance is file') });
    await expect(pauseRule('a/b', true)).rejects.toMatchObject({ status: 409 });
  });
});

describe('a rule of a model', () => {
  const { definition } = sample.model();
  const make = async (language: string, folderUid = '') => {
    signIn('Editor', language);
    const { sent } = fakeGrafana({
      [FOLDERS]: [{ uid: 'f1', title: 'Forewarn' }],
      [RULES]: {},
      [`POST ${RULES}`]: { created: ['made'] },
      [RULES.replace('f1', 'own')]: {},
      [`POST ${RULES.replace('f1', 'own')}`]: { created: ['mine'] },
    });
    const uid = await makeRule('fw', definition, { ...firstForm(definition), folderUid }, [{ instance: 'db-2' }]);
    return { uid, sent, body: sent[sent.length - 1].data as { name: string; rules: RulerRule[] } };
  };

  it('goes into Forewarn’s folder, in a group of the model’s name', async () => {
    const { uid, body } = await make('en-US');
    expect(uid).toBe('made');
    expect(body.name).toBe('disk-root');
    expect(body.rules[0].grafana_alert.title).toBe('disk-root');
  });

  it('goes where the form says, without looking for another folder', async () => {
    const { uid, sent } = await make('en-US', 'own');
    expect(uid).toBe('mine');
    expect(sent.map((s) => s.url)).not.toContain(FOLDERS);
  });

  it('speaks the reader’s language, and has the other beside it', async () => {
    const en = (await make('en-US')).body.rules[0].annotations;
    const zh = (await make('zh-Hans')).body.rules[0].annotations;
    expect(en.summary).not.toMatch(/\p{Script=Han}/u);
    expect(zh.summary).toMatch(/\p{Script=Han}/u);
    expect(Object.values(en)).toContain(zh.summary);
    expect(Object.values(zh)).toContain(en.summary);
  });
});
