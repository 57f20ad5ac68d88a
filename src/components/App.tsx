import { AppRootProps } from '@grafana/data';
import React from 'react';

import { OverviewPage } from '../pages/OverviewPage';

/** The app's root: every path under it is the overview for now. */
export function App(_: AppRootProps) {
  return <OverviewPage />;
}
