import { Definition } from '../api/contract';
import { hoursOf } from '../api/ranges';
import { isDuration } from '../datasource/validate';
import { RuleForm } from './build';

/** What a rule on a model starts with. */
export function firstForm(definition: Definition): RuleForm {
  const { queryType, horizon, threshold } = definition.query;
  const within = hoursOf(horizon, queryType === 'warning' ? 72 : 24);
  const single = queryType === 'warning' || queryType === 'forecast';
  return {
    title: definition.name,
    folderUid: '',
    score: 1,
    within,
    limit: threshold?.value ?? 90,
    pending: single ? '0s' : '10m',
    keepFiring: single ? '30m' : '10m',
    severity: 'warning',
    receiver: '',
  };
}

/** A duration that may be nothing at all. */
export const isSpan = (text: string) => text === '0s' || isDuration(text);

/** Whether a rule can be made of the form. */
export const isValid = (form: RuleForm) =>
  form.title.trim() !== '' && isSpan(form.pending) && isSpan(form.keepFiring) && form.score > 0 && form.within > 0;
