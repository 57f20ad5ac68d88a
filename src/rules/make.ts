import { Definition, Labels } from '../api/contract';
import { language } from '../api/language';
import { buildRule, RuleForm } from './build';
import { ownFolder, saveRule } from './ruler';
import { ruleTexts } from './texts';

/** Makes the alert rule of a trained model, or replaces the one of the same title; series are those it was trained on. Gives its uid. */
export async function makeRule(uid: string, definition: Definition, form: RuleForm, series: Labels[]): Promise<string> {
  const folderUid = form.folderUid || (await ownFolder()).uid;
  const texts = ruleTexts({ definition, form, series }, language() ?? 'en-US');
  return saveRule(folderUid, definition.name, buildRule(uid, definition, form, texts));
}
