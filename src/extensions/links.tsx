import { PluginExtensionEventHelpers, PluginExtensionPanelContext, PluginExtensionPoints } from '@grafana/data';
import { t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';
import { DataQuery } from '@grafana/schema';
import { LoadingPlaceholder } from '@grafana/ui';
import React, { lazy, Suspense } from 'react';

import { canEdit } from '../api/role';
import { wizardUrl } from '../train/handOver';
import { convertTargets, dataSources, Purpose } from './convert';

const Preview = lazy(() => import('./Preview'));

/** The words of a link as plugin.json has them, which Grafana compares; the menu shows the translated title. */
interface Link {
  title: string;
  description: string;
  translated: () => string;
}

const LINKS: Record<Purpose, Link> = {
  forecast: {
    title: 'Forecast this panel',
    description: "Preview the panel's own query as a Forewarn forecast",
    translated: () => t('extensions.forecast', 'Forecast this panel'),
  },
  warning: {
    title: 'Warn me before…',
    description: "Preview how long the panel's own query has until a limit, and make it an alert rule",
    translated: () => t('extensions.warn', 'Warn me before…'),
  },
};

/** A link in the panel menu. It is offered where a query of the panel can be read by a Forewarn data source. */
export function panelLink(purpose: Purpose) {
  const { title, description, translated } = LINKS[purpose];
  return {
    targets: [PluginExtensionPoints.DashboardPanelMenu],
    title,
    description,
    configure: (context?: PluginExtensionPanelContext) =>
      convertTargets(context?.targets, purpose) && dataSources().length > 0 ? { title: translated() } : undefined,
    onClick: (_: unknown, { context, openModal }: PluginExtensionEventHelpers<PluginExtensionPanelContext>) => {
      const query = convertTargets(context?.targets, purpose);
      if (!query || !context) {
        return;
      }
      openModal({
        title: `${translated()} · ${context.title}`,
        width: 'min(900px, 90vw)',
        body: () => (
          <Suspense fallback={<LoadingPlaceholder text={t('extensions.loading', 'Loading…')} />}>
            <Preview query={query} title={context.title} scopedVars={context.scopedVars} sources={dataSources()} />
          </Suspense>
        ),
      });
    },
  };
}

/** The link in Explore as plugin.json has it. */
const EXPLORE: Omit<Link, 'translated'> = {
  title: 'Train a Forewarn model',
  description: 'Takes the query of Explore into the wizard',
};

/** What Explore tells of itself. */
interface ExploreContext {
  targets?: DataQuery[];
}

/** A link in Explore's "Add" menu that takes its query into the wizard; offered to those who may train. */
export function exploreLink() {
  return {
    targets: [PluginExtensionPoints.ExploreToolbarAction],
    ...EXPLORE,
    configure: (context?: object) =>
      canEdit() && convertTargets((context as ExploreContext)?.targets, 'forecast') && dataSources().length > 0
        ? { title: t('extensions.train', 'Train a Forewarn model') }
        : undefined,
    onClick: (_: unknown, { context }: { context?: Readonly<object> }) => {
      const query = convertTargets((context as ExploreContext)?.targets, 'forecast');
      if (query) {
        locationService.push(wizardUrl({ ...query, queryType: 'anomaly' }));
      }
    },
  };
}
