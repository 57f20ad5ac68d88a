import { t } from '@grafana/i18n';
import { PluginPage } from '@grafana/runtime';
import {
  SceneComponentProps,
  sceneGraph,
  SceneObjectBase,
  SceneObjectState,
  SceneRefreshPicker,
  SceneTimePicker,
  SceneTimeRange,
  UrlSyncContextProvider,
} from '@grafana/scenes';
import { Stack } from '@grafana/ui';
import React, { useState } from 'react';

import { OverviewContent } from '../components/OverviewContent';
import { useOverview } from './useOverview';

interface State extends SceneObjectState {
  timePicker: SceneTimePicker;
  refreshPicker: SceneRefreshPicker;
}

/** The overview as a scene: its time range and refresh are Grafana's own and stay in the address. */
export class OverviewScene extends SceneObjectBase<State> {
  static Component = OverviewRenderer;

  constructor() {
    super({
      $timeRange: new SceneTimeRange({ from: 'now-7d', to: 'now+24h' }),
      timePicker: new SceneTimePicker({}),
      refreshPicker: new SceneRefreshPicker({ refresh: '1m', intervals: ['30s', '1m', '5m', '15m'] }),
    });
  }
}

function OverviewRenderer({ model }: SceneComponentProps<OverviewScene>) {
  const { timePicker, refreshPicker } = model.useState();
  const { value: range } = sceneGraph.getTimeRange(model).useState();
  const { overview, reload } = useOverview(range);
  return (
    <PluginPage
      subTitle={t('overview.subtitle', 'What needs you now, and what runs out next.')}
      actions={
        <Stack gap={1}>
          <timePicker.Component model={timePicker} />
          <refreshPicker.Component model={refreshPicker} />
        </Stack>
      }
    >
      <OverviewContent overview={overview} onChange={reload} />
    </PluginPage>
  );
}

/** The overview page. */
export function OverviewPage() {
  const [scene] = useState(() => new OverviewScene());
  return (
    <UrlSyncContextProvider scene={scene} updateUrlOnInit={false} createBrowserHistorySteps={true}>
      <scene.Component model={scene} />
    </UrlSyncContextProvider>
  );
}

export default OverviewPage;
