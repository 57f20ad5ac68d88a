import { Client } from './client';
import { Rule } from './rules';

/**
 * Rules with what the trained models that they ask were defined to read and ask, which a rule's own query leaves out. Only data
 * sources that such a rule asks are asked; the rules of one that does not answer stay as they are.
 */
export async function withTrained(rules: Rule[]): Promise<Rule[]> {
  const uids = [...new Set(rules.filter((r) => r.query.model?.name).map((r) => r.datasourceUid))];
  const answers = await Promise.allSettled(uids.map((uid) => new Client(uid).models()));
  return rules.map((rule) => {
    const answer = answers[uids.indexOf(rule.datasourceUid)];
    const models = answer?.status === 'fulfilled' ? answer.value.models : [];
    const model = models.find((m) => m.definition.name === rule.query.model?.name);
    return model ? { ...rule, trained: model.definition.query } : rule;
  });
}
