import { AppPlugin, PluginExtensionPanelContext, PluginExtensionPoints } from '@grafana/data';
import { initPluginTranslations, t } from '@grafana/i18n';
import { locationService } from '@grafana/runtime';

import { App } from './components/App';
import { APP_BASE } from './constants';
import { convertTarget, exploreUrl, findDataSource } from './extensions/convert';
import pluginJson from './plugin.json';

await initPluginTranslations(pluginJson.id);

type Purpose = 'forecast' | 'warning';

/** Offers the link where the panel's first query can be read by Forewarn; the link opens it in Explore. */
const panelLink = (purpose: Purpose, title: string, translated: () => string) => ({
  targets: [PluginExtensionPoints.DashboardPanelMenu],
  title,
  description: purpose === 'forecast' ? 'Open the panel\'s query in Explore as a Forewarn forecast' : 'Open the panel\'s query in Explore as a Forewarn early warning',
  configure: (context?: PluginExtensionPanelContext) =>
    context && findDataSource() && convertTarget(context.targets[0], purpose) ? { title: translated() } : undefined,
  onClick: (_: unknown, { context }: { context?: PluginExtensionPanelContext }) => {
    const uid = findDataSource();
    const query = context && convertTarget(context.targets[0], purpose);
    if (uid && query) {
      locationService.push(exploreUrl(uid, query));
    }
  },
});

/** The app that Grafana loads: the overview page and the links into panels and the command palette. */
export const plugin = new AppPlugin<{}>()
  .setRootPage(App)
  .addLink<PluginExtensionPanelContext>(panelLink('forecast', 'Forecast this panel', () => t('extensions.forecast', 'Forecast this panel')))
  .addLink<PluginExtensionPanelContext>(panelLink('warning', 'Warn me before…', () => t('extensions.warn', 'Warn me before…')))
  .addLink({
    targets: [PluginExtensionPoints.CommandPalette],
    title: 'Forewarn overview',
    description: 'What is abnormal now and what runs out first',
    path: `${APP_BASE}/overview`,
  });
