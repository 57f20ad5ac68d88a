import { AppPlugin, AppRootProps, PluginExtensionPanelContext, PluginExtensionPoints } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import React, { lazy, Suspense } from 'react';

import { PAGES } from './constants';
import { exploreLink, panelLink } from './extensions/links';
import pluginJson from './plugin.json';

await initPluginTranslations(pluginJson.id);

const LazyApp = lazy(() => import('./components/App'));

/** The pages are fetched when one is opened; links need only this file. */
const App = (props: AppRootProps) => (
  <Suspense fallback={null}>
    <LazyApp {...props} />
  </Suspense>
);

/** The app that Grafana loads: its pages and the links into panels, Explore and the command palette. */
export const plugin = new AppPlugin<{}>()
  .setRootPage(App)
  .addLink<PluginExtensionPanelContext>(panelLink('forecast'))
  .addLink<PluginExtensionPanelContext>(panelLink('warning'))
  .addLink({
    targets: [PluginExtensionPoints.CommandPalette],
    title: 'Forewarn overview',
    description: 'What is abnormal now and what runs out first',
    path: PAGES.overview,
  })
  .addLink({
    targets: [PluginExtensionPoints.CommandPalette],
    title: 'Forewarn: train a model',
    description: 'From a query to a trusted warning in four steps',
    path: PAGES.train,
  })
  .addLink(exploreLink());
