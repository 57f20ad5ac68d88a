import { t } from '@grafana/i18n';

import { like, Sentence, WHOLE } from './sentence';

/** Why a request was refused. */
export const REFUSAL: Sentence[] = [
  [
    like('this needs the role {name} or a higher one'),
    ([role]) => t('refusal.role', 'This needs the role {{role}} or a higher one', { role, ...WHOLE }),
  ],
  [
    like(
      'not allowed: the model "{name}" is {name}\'s; they or an administrator may change or delete it: save yours under another name'
    ),
    ([model, who]) =>
      t(
        'refusal.not-yours',
        'The model {{model}} is {{who}}’s; they or an administrator may change or delete it. Save yours under another name',
        { model, who, ...WHOLE }
      ),
  ],
  [
    like("the model comes from the data source's provisioned settings and can only be changed there"),
    () =>
      t(
        'refusal.provisioned',
        'The model comes from the data source’s provisioned settings and can only be changed there'
      ),
  ],
  [
    like('model "{name}": exists already: as a draft of {name}\'s: give yours another name'),
    ([model, who]) =>
      t('refusal.draft-taken', 'There is a draft {{model}} of {{who}}’s already: give yours another name', {
        model,
        who,
        ...WHOLE,
      }),
  ],
  [
    like('model "{name}": exists already: train it from its page, or give yours another name'),
    ([model]) =>
      t(
        'refusal.taken-train',
        'There is a model {{model}} already: train it from its page, or give yours another name',
        { model, ...WHOLE }
      ),
  ],
  [
    like('model "{name}": exists already'),
    ([model]) => t('refusal.taken', 'There is a model {{model}} already: give yours another name', { model, ...WHOLE }),
  ],
  [
    like('version before {n} of model "{name}": changed in the meantime'),
    ([version, model]) =>
      t('refusal.first-version', 'The model {{model}} has no version before {{version}} to go back to', {
        version,
        model,
        ...WHOLE,
      }),
  ],
  [
    like('model "{name}": changed in the meantime'),
    ([model]) =>
      t('refusal.changed', 'The model {{model}} was changed in the meantime: look at it once more', {
        model,
        ...WHOLE,
      }),
  ],
  [
    like('version {n} of model "{name}": not found'),
    ([version, model]) =>
      t('refusal.no-version', 'The model {{model}} has no version {{version}}', { version, model, ...WHOLE }),
  ],
  [
    like('model "{name}": not found'),
    ([model]) => t('refusal.no-model', 'There is no model {{model}}', { model, ...WHOLE }),
  ],
  [
    like('no such model: field "model.name": no model "{name}" is on this data source'),
    ([model]) => t('refusal.no-model', 'There is no model {{model}}', { model, ...WHOLE }),
  ],
  [
    like('no such model: field "model.version": the model "{name}" has no version {n}'),
    ([model, version]) =>
      t('refusal.no-version', 'The model {{model}} has no version {{version}}', { version, model, ...WHOLE }),
  ],
  [
    like('no such model: field "model.name": the model "{name}" has not been trained yet'),
    ([model]) => t('refusal.untrained', 'The model {{model}} has not been trained yet', { model, ...WHOLE }),
  ],
  [
    like('field "{name}" is {name}, needed is {name}'),
    ([field, value, right]) =>
      t('refusal.field', 'Field {{field}} is {{value}}, needed is {{right}}', { field, value, right, ...WHOLE }),
  ],
];
