import fs from 'fs';
import path from 'path';

import { outputsFor } from '../datasource/outputs';
import { ForewarnQuery } from '../datasource/types';
import { isRunnable } from '../datasource/validate';
import { fakeGrafana, refusal } from '../testing/grafana';
import { RuleNode, RulerRule } from './build';
import { installGroup, PREPARED, preparedRule, titleOf } from './prepared';

const RULES = '/api/ruler/grafana/api/v1/rules/f1';
const FOLDERS = { '/api/folders?limit=500': [{ uid: 'f1', title: 'Forewarn' }] };
const ALL = PREPARED.flatMap((group) => group.rules);
const HAN = /\p{Script=Han}/u;

/** A prepared rule of each title, in each language. */
const EACH = ALL.flatMap((rule) =>
  [false, true].map((zh) => [titleOf(rule, zh), preparedRule(rule, 'fw', zh), zh] as const)
);

/** The nodes that a node refers to. */
const refsOf = ({ model }: RuleNode): string[] => {
  const { type, expression = '' } = model as { type?: string; expression?: string };
  return type === 'math' ? [...expression.matchAll(/\$\{?(\w+)/g)].map(([, ref]) => ref) : [expression];
};

interface Panel {
  id: number;
  panels?: Panel[];
}

/** The ids of the panels of each dashboard that comes with the app. */
const dashboards = Object.fromEntries(
  ['../dashboards', '../dashboards/zh'].flatMap((folder) =>
    fs
      .readdirSync(path.resolve(__dirname, folder))
      .filter((file) => file.endsWith('.json'))
      .map((file) => {
        const { uid, panels } = JSON.parse(fs.readFileSync(path.resolve(__dirname, folder, file), 'utf8'));
        return [uid, (panels as Panel[]).flatMap((p) => [p.id, ...(p.panels ?? []).map(({ id }) => id)])];
      })
  )
);

describe('the rules that come with the app', () => {
  it('have names that tell them apart in either language, for one takes the place of another of its name', () => {
    for (const zh of [false, true]) {
      const titles = ALL.map((rule) => titleOf(rule, zh));
      expect(new Set(titles).size).toBe(titles.length);
    }
    expect(new Set(PREPARED.map(({ name }) => name)).size).toBe(PREPARED.length);
  });

  it('are called by their English name where they have no other', () => {
    const [rule] = ALL;
    const { title_zh: _, ...annotations } = rule.annotations;
    expect(titleOf({ ...rule, annotations }, true)).toBe(rule.title);
  });
});

describe.each(EACH)('the prepared rule “%s”', (_, rule, zh) => {
  const { data, condition, ...alert } = rule.grafana_alert;
  const texts = Object.entries(rule.annotations).filter(([name]) => !name.startsWith('__'));

  it('asks the chosen data source what it can answer, one output a node', () => {
    const asked = data.filter((node) => node.datasourceUid === 'fw');
    expect(asked.length).toBeGreaterThan(0);
    for (const { refId, queryType, model } of asked) {
      const query = model as unknown as ForewarnQuery;
      expect(query.datasource).toEqual({ type: 'forewarn-earlywarning-datasource', uid: 'fw' });
      expect([query.refId, query.queryType]).toEqual([refId, queryType]);
      expect(outputsFor(query.queryType ?? 'forecast', true)).toContain(query.output);
      expect(isRunnable(query)).toBe(true);
    }
  });

  it('reckons with what was asked before, up to a condition that it has', () => {
    const seen = new Set<string>();
    for (const node of data) {
      if (node.datasourceUid !== 'fw') {
        expect(node).toMatchObject({ datasourceUid: '__expr__', queryType: '' });
        refsOf(node).forEach((ref) => expect(seen).toContain(ref));
      }
      expect(seen).not.toContain(node.refId);
      seen.add(node.refId);
    }
    expect(seen).toContain(condition);
  });

  it('speaks the reader’s language, of its own numbers alone', () => {
    const refs = data.map((node) => node.refId);
    for (const [name, text] of texts) {
      const chinese = name.endsWith('_zh') || (zh && !name.endsWith('_en'));
      expect([name, HAN.test(text)]).toEqual([name, chinese]);
      [...text.matchAll(/\$values\.(\w+)/g)].forEach(([, ref]) => expect(refs).toContain(ref));
    }
    expect(HAN.test(alert.title)).toBe(zh);
    expect(texts.map(([name]) => name)).toEqual(expect.arrayContaining(['summary', 'description']));
  });

  it('leads to a panel that there is, in the reader’s language', () => {
    const { __dashboardUid__: uid, __panelId__: panel } = rule.annotations;
    expect(uid.endsWith('-zh')).toBe(zh);
    expect(dashboards[uid]).toContain(Number(panel));
  });

  it('calls nobody for missing data, and nobody for good', () => {
    expect(alert).toMatchObject({ no_data_state: 'OK', exec_err_state: 'KeepLast', is_paused: false });
    expect(alert).not.toHaveProperty('notification_settings');
    expect(['critical', 'warning', 'info']).toContain(rule.labels.severity);
    expect([rule.for, rule.keep_firing_for].filter((time) => !/^\d+[smh]$/.test(time))).toEqual([]);
  });
});

describe('installing a group', () => {
  const [group] = PREPARED;

  it('adds its rules one after the other, each to those that are there by then', async () => {
    let there: RulerRule[] = [];
    const { sent } = fakeGrafana({
      ...FOLDERS,
      [RULES]: () => ({ Forewarn: [{ name: group.name, interval: '5m', rules: there }] }),
      [`POST ${RULES}`]: ({ data }: { data: { rules: RulerRule[] } }) => {
        there = data.rules;
        return { created: ['u'] };
      },
    });
    await installGroup(group, 'fw', false);
    expect(there.map((rule) => rule.grafana_alert.title)).toEqual(group.rules.map(({ title }) => title));
    await installGroup(group, 'other', false);
    expect(there).toHaveLength(group.rules.length);
    expect(new Set(there.flatMap((rule) => rule.grafana_alert.data.map((node) => node.datasourceUid)))).toEqual(
      new Set(['other', '__expr__'])
    );
    expect(sent.filter(({ method }) => method === 'POST').map(({ data }) => (data as typeof group).name)).toEqual(
      Array(2 * group.rules.length).fill(group.name)
    );
  });

  it('ends with the first that is refused, and says so', async () => {
    const { sent } = fakeGrafana({ ...FOLDERS, [RULES]: {}, [`POST ${RULES}`]: refusal(403, 'no right') });
    await expect(installGroup(group, 'fw', true)).rejects.toMatchObject({ status: 403 });
    expect(sent.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });
});
