import { DataSourcePlugin } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';

import { ConfigEditor } from './components/ConfigEditor';
import { QueryEditor } from './components/QueryEditor';
import { ForewarnDataSource } from './datasource';
import pluginJson from './plugin.json';
import { ForewarnOptions, ForewarnQuery, ForewarnSecrets } from './types';

await initPluginTranslations(pluginJson.id);

/** The plugin that Grafana loads. */
export const plugin = new DataSourcePlugin<ForewarnDataSource, ForewarnQuery, ForewarnOptions, ForewarnSecrets>(
  ForewarnDataSource
)
  .setConfigEditor(ConfigEditor)
  .setQueryEditor(QueryEditor);
