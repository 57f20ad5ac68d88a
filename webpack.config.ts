import CopyWebpackPlugin from 'copy-webpack-plugin';
import type { Configuration } from 'webpack';
import { merge } from 'webpack-merge';

import grafanaConfig, { type Env } from './.config/webpack/webpack.config.ts';

// The scaffold copies the logos of the app alone; the nested data source has its own.
const config = async (env: Env): Promise<Configuration> =>
  merge(await grafanaConfig(env), {
    plugins: [new CopyWebpackPlugin({ patterns: [{ from: 'datasource/img', to: 'datasource/img' }] })],
    performance: { hints: false },
    // App and data source take each other's chunks in, as they share one place to load them: a module must not lack in one what
    // only the other asks of it.
    optimization: { usedExports: 'global' },
    // A cache kept on disk left copied files, such as dashboards, as they were; what is shipped is made anew.
    ...(env.production ? { cache: false } : {}),
  });

export default config;
