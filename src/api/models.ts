import { dataSources } from '../extensions/convert';
import { Client } from './client';
import { Model } from './contract';
import { Rule } from './rules';

/** The models of every Forewarn data source, drafts left out; a source that does not answer has none to show. */
export async function fetchModels(): Promise<Model[]> {
  const answers = await Promise.allSettled(dataSources().map(({ uid }) => new Client(uid).models()));
  return answers
    .flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.models : []))
    .filter((model) => !model.definition.draft);
}

/** Whether a model answers with what it is to know: trained, not failed, not outdated. */
export const isHealthy = (model: Model) => model.live > 0 && model.state !== 'failed' && model.state !== 'stale';

/** Rules with what the trained models that they ask were defined to read and ask, which a rule's own query leaves out. */
export function withModels(rules: Rule[], models: Model[]): Rule[] {
  return rules.map((rule) => {
    const model = models.find((m) => m.definition.name === rule.query.model?.name);
    return model ? { ...rule, trained: model.definition.query } : rule;
  });
}
