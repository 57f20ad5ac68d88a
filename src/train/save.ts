import { addPanel, panelOf, Placed } from '../api/dashboards';
import { Client } from '../api/client';
import { Definition, Labels } from '../api/contract';
import { messageOf } from '../api/message';
import { hoursOf } from '../api/ranges';
import { panelQuery } from '../api/trained';
import { RuleForm } from '../rules/build';
import { makeRule } from '../rules/make';

/** What the last step is to do. */
export interface Plan {
  /** The trained draft. */
  draft: Definition;
  /** What it is to be saved as. */
  definition: Definition;
  /** The saved model that is edited, if one is. */
  original?: string;
  /** Where a panel goes; undefined where none is wanted. */
  dashboard?: { uid?: string; title: string };
  /** The rule to make; undefined where none is wanted. */
  rule?: RuleForm;
  /** Labels of the trained series, which name them in messages. */
  series: Labels[];
}

/** What has been done so far; a second try goes on from here. */
export interface Done {
  model?: string;
  panel?: Placed;
  ruleUid?: string;
  /** What went wrong, and where. */
  failed?: { part: 'model' | 'panel' | 'rule'; error: string };
}

async function saveModel(client: Client, { draft, definition, original }: Plan): Promise<void> {
  if (original) {
    await client.changeModel(original, definition);
    await client.train(definition.name);
    await client.deleteModel(draft.name);
  } else {
    await client.changeModel(draft.name, definition);
    if (definition.alertBudget !== draft.alertBudget) {
      // the budget sets the band, which was learnt without it
      await client.train(definition.name);
    }
  }
}

/** Saves the model, then puts it on a dashboard, then makes the rule, which links to that panel. Stops at what fails. */
export async function save(client: Client, plan: Plan, before: Done, onDone: (done: Done) => void): Promise<Done> {
  const { definition, dashboard, rule, series } = plan;
  let done: Done = { ...before, failed: undefined };
  const step = async (part: 'model' | 'panel' | 'rule', action: () => Promise<Partial<Done>>) => {
    if (done.failed) {
      return;
    }
    try {
      done = { ...done, ...(await action()) };
    } catch (e) {
      done = { ...done, failed: { part, error: messageOf(e) } };
    }
    onDone(done);
  };
  if (!done.model) {
    await step('model', async () => {
      await saveModel(client, plan);
      return { model: definition.name };
    });
  }
  if (dashboard && !done.panel) {
    await step('panel', async () => {
      const { queryType, horizon } = definition.query;
      const ahead = queryType === 'forecast' || queryType === 'warning' ? hoursOf(horizon, 24) : 0;
      const panel = panelOf(definition.name, panelQuery(client.uid, definition), ahead);
      return { panel: await addPanel(dashboard, panel) };
    });
  }
  if (rule && !done.ruleUid) {
    await step('rule', async () => {
      return { ruleUid: await makeRule(client.uid, definition, { ...rule, panel: done.panel }, series) };
    });
  }
  return done;
}
