import { AppRootProps } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { LoadingPlaceholder } from '@grafana/ui';
import { t } from '@grafana/i18n';
import React, { lazy, ReactNode, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';

import { PAGES } from '../constants';
import { OverviewContent } from './OverviewContent';

const OverviewPage = lazy(() => import('../pages/OverviewPage'));
const TrainPage = lazy(() => import('../pages/TrainPage'));
const ModelsPage = lazy(() => import('../pages/ModelsPage'));
const AlertsPage = lazy(() => import('../pages/AlertsPage'));
const HistoryPage = lazy(() => import('../pages/HistoryPage'));

/** The app's root. While a page's code is fetched, the overview already has its shape and the others say that they come. */
export function App(_: AppRootProps) {
  const page = (children: ReactNode) => (
    <Suspense
      fallback={
        <PluginPage>
          <LoadingPlaceholder text={t('page.loading', 'Loading…')} />
        </PluginPage>
      }
    >
      {children}
    </Suspense>
  );
  return (
    <Routes>
      <Route
        path="overview"
        element={
          <Suspense
            fallback={
              <PluginPage>
                <OverviewContent />
              </PluginPage>
            }
          >
            <OverviewPage />
          </Suspense>
        }
      />
      <Route path="train" element={page(<TrainPage />)} />
      <Route path="models" element={page(<ModelsPage />)} />
      <Route path="alerts" element={page(<AlertsPage />)} />
      <Route path="history" element={page(<HistoryPage />)} />
      <Route path="*" element={<Navigate to={PAGES.overview} replace />} />
    </Routes>
  );
}

export default App;
