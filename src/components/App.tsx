import { AppRootProps } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import React, { lazy, Suspense } from 'react';

import { OverviewContent } from './OverviewContent';

const OverviewPage = lazy(() => import('../pages/OverviewPage'));

/** The app's root: every path under it is the overview for now. While its code is fetched, the page already has its shape. */
export function App(_: AppRootProps) {
  return (
    <Suspense
      fallback={
        <PluginPage>
          <OverviewContent />
        </PluginPage>
      }
    >
      <OverviewPage />
    </Suspense>
  );
}

export default App;
