import { t } from '@grafana/i18n';

import { Outcomes } from '../api/contract';
import { hoursLeft, NOTHING } from '../api/format';

/** What became of warnings: each number with its name. */
export const outcomeTexts = (o: Outcomes): Array<[string, string]> => [
  [t('hindcast.raised', 'Raised'), String(o.raised)],
  [t('hindcast.confirmed', 'Confirmed'), String(o.confirmed)],
  [t('hindcast.withdrawn', 'Withdrawn'), String(o.withdrawn)],
  [t('hindcast.open', 'Open'), String(o.open)],
  [t('hindcast.missed', 'Missed'), String(o.missed)],
  [t('hindcast.lead', 'Told before'), o.leadHours === null ? NOTHING : hoursLeft(o.leadHours)],
];
