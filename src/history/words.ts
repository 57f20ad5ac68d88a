import { dateTimeFormat, IconName } from '@grafana/data';
import { t } from '@grafana/i18n';

import { Entry } from '../api/contract';
import { inUnit, plainText } from '../api/format';
import { isTranslation, told } from './told';

/** What an entry is about: the part of its action before the dot. */
export const kindOf = (entry: Entry) => entry.action.split('.')[0];

/** Whether an entry is a warning, which has a card of its own. */
export const isWarning = (entry: Entry) => kindOf(entry) === 'warning';

/** The kinds that the filter offers. */
export const kinds = (): Array<{ value: string; label: string }> => [
  { value: '', label: t('history.kind-all', 'everything') },
  { value: 'warning', label: t('history.kind-warning', 'warnings') },
  { value: 'delivery', label: t('history.kind-delivery', 'deliveries') },
  { value: 'model', label: t('history.kind-model', 'models') },
  { value: 'version', label: t('history.kind-version', 'versions') },
  { value: 'job', label: t('history.kind-job', 'trainings') },
  { value: 'channel', label: t('history.kind-channel', 'channels') },
  { value: 'label', label: t('history.kind-label', 'labels') },
];

/** An action in words; an unknown one stays as it is written. */
export function actionText(action: string): string {
  const words: Record<string, string> = {
    'warning.raised': t('action.raised', 'warning raised'),
    'warning.resolved': t('action.resolved', 'warning resolved'),
    'delivery.sent': t('action.sent', 'message delivered'),
    'delivery.failed': t('action.not-sent', 'message not delivered'),
    'channel.test': t('action.test', 'channel tested'),
    'model.create': t('action.create', 'model created'),
    'model.change': t('action.change', 'model changed'),
    'model.draft': t('action.draft', 'draft changed'),
    'model.unlisted': t('action.unlisted', 'model no longer provisioned'),
    'model.delete': t('action.delete', 'model deleted'),
    'model.train': t('action.train', 'training started'),
    'model.pause': t('action.pause', 'training paused'),
    'model.resume': t('action.resume', 'training resumed'),
    'model.import': t('action.import', 'model imported'),
    'model.export': t('action.export', 'model exported'),
    'version.promote': t('action.promote', 'version made live'),
    'version.rollback': t('action.rollback', 'rolled back'),
    'version.add': t('action.trained', 'version trained'),
    'version.import': t('action.version-import', 'version imported'),
    'model.trained': t('action.done', 'training done'),
    'model.failed': t('action.failed', 'training failed'),
    'model.demoted': t('action.demoted', 'series answered by the simpler model'),
    'model.restored': t('action.restored', 'series answered by its model again'),
    'job.cancel': t('action.cancel', 'training cancelled'),
    'label.add': t('action.label', 'labelled'),
    'label.remove': t('action.unlabel', 'label removed'),
    'crossing.began': t('action.crossed', 'limit crossed'),
    'crossing.ended': t('action.back', 'back within the limit'),
    'model.expire': t('action.expired', 'draft put away'),
    'trail.prune': t('action.pruned', 'old lines removed'),
  };
  return words[action] ?? action;
}

/** A sign for the kind of an entry, beside the words. */
export function iconOf(entry: Entry): IconName {
  const signs: Record<string, IconName> = {
    'warning.raised': 'exclamation-circle',
    'warning.resolved': 'check-circle',
    'delivery.failed': 'exclamation-triangle',
    'model.failed': 'exclamation-triangle',
  };
  const kindsOf: Record<string, IconName> = {
    warning: 'bell',
    delivery: 'message',
    model: 'cube',
    version: 'history',
    job: 'sync',
    channel: 'message',
    label: 'tag-alt',
  };
  return signs[entry.action] ?? kindsOf[kindOf(entry)] ?? 'circle';
}

/** Values that only machines need. */
const MACHINES = new Set(['key', 'nodes', 'ruleUid', 'policy', 'expected', 'actual', 'note']);

/** The name of a value in words; an unknown one stays as it is written. */
export function valueName(name: string): string {
  const words: Record<string, string> = {
    agree: t('value.agree', 'Members that agree'),
    alerts: t('value.alerts', 'Alerts in the message'),
    algorithm: t('value.algorithm', 'Algorithm'),
    attempts: t('value.attempts', 'Attempts'),
    channel: t('value.channel', 'Channel'),
    crossing: t('value.crossing', 'Expected at the limit'),
    current: t('value.current', 'Value'),
    eta: t('value.eta', 'Hours left'),
    eta_early: t('value.eta-early', 'Hours left, at the earliest'),
    folder: t('value.folder', 'Folder'),
    growth: t('value.growth', 'Growth per day'),
    guards: t('value.guards', 'Guards passed'),
    job: t('value.job', 'Job'),
    live: t('value.live', 'Made live'),
    lower: t('value.lower', 'Band from'),
    members: t('value.members', 'Members of the group'),
    milliseconds: t('value.milliseconds', 'Took, ms'),
    probability: t('value.probability', 'Probability'),
    reason: t('value.reason', 'Trained because of'),
    receiver: t('value.receiver', 'Sent to'),
    rule: t('value.rule', 'Rule'),
    score: t('value.score', 'Score'),
    scoredAt: t('value.scored-at', 'Judged at'),
    severity: t('value.severity', 'Severity'),
    shares: t('value.shares', 'Share of each signal'),
    since: t('value.since', 'Since'),
    status: t('value.status', 'Status'),
    threshold: t('value.threshold', 'Limit'),
    upper: t('value.upper', 'Band to'),
    versions: t('value.versions', 'Versions'),
    why: t('value.why', 'Why'),
  };
  return words[name] ?? name;
}

/** The values of an entry that say something to a reader; of a warning, value and expectation have their own table. */
export function shownValues(entry: Entry): Array<[string, unknown]> {
  return Object.entries(entry.values ?? {})
    .filter(([name, value]) => value !== '' && value !== null && !(isWarning(entry) && MACHINES.has(name)))
    .filter(([name]) => !isTranslation(name))
    .map(([name, value]) => [name, name === 'why' ? told(entry, name) : value]);
}

/** A value of an entry as text. */
export function valueText(value: unknown): string {
  if (typeof value === 'number') {
    return inUnit(value);
  }
  return typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)
    ? dateTimeFormat(value)
    : plainText(value);
}
