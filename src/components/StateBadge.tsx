import { t } from '@grafana/i18n';
import { Badge, BadgeColor, IconName } from '@grafana/ui';
import React from 'react';

import { Model, ModelState } from '../api/contract';
import { phrase } from '../api/phrases';

/** The state of a model in a word; colour and icon only repeat it. */
export function StateBadge({ model }: { model: Model }) {
  const { color, icon, text, tooltip } = words(model)[model.state];
  return <Badge color={color} icon={icon} text={text} tooltip={tooltip} />;
}

interface Words {
  color: BadgeColor;
  icon: IconName;
  text: string;
  tooltip?: string;
}

const words = (model: Model): Record<ModelState, Words> => ({
  ready: { color: 'green', icon: 'check', text: t('state.ready', 'ready') },
  training: { color: 'blue', icon: 'sync', text: t('state.training', 'training') },
  failed: {
    color: 'red',
    icon: 'exclamation-triangle',
    text: t('state.failed', 'failed'),
    tooltip: phrase(model.job?.error ?? '') || undefined,
  },
  stale: {
    color: 'orange',
    icon: 'history',
    text: t('state.stale', 'outdated'),
    tooltip: t('state.stale-help', 'The definition has changed since, or retraining is overdue.'),
  },
  paused: { color: 'darkgrey', icon: 'pause', text: t('state.paused', 'paused') },
  empty: { color: 'purple', icon: 'circle', text: t('state.empty', 'not trained') },
});
