import {
  CoreApp,
  DataFrame,
  DataSourceApi,
  DataTopic,
  dateTime,
  LoadingState,
  PanelData,
  rangeUtil,
  ScopedVars,
  TimeRange,
} from '@grafana/data';
import { getDataSourceSrv } from '@grafana/runtime';
import { from, lastValueFrom } from 'rxjs';

import { ForewarnQuery } from '../datasource/types';

let asked = 0;

/** Runs a query through its data source, as a panel does, and gives what a panel draws. A failed query throws its message. */
export async function ask(
  uid: string,
  query: ForewarnQuery,
  range: TimeRange,
  scopedVars: ScopedVars = {}
): Promise<PanelData> {
  const ds = (await getDataSourceSrv().get(uid)) as DataSourceApi<ForewarnQuery>;
  const interval = rangeUtil.calculateInterval(range, 1000, '1m');
  const answer = ds.query({
    app: CoreApp.Unknown,
    requestId: `forewarn-${++asked}`,
    timezone: 'browser',
    range,
    scopedVars,
    startTime: Date.now(),
    targets: [{ ...query, refId: 'A' }],
    ...interval,
  });
  const response = await lastValueFrom(from(answer));
  // one query's failure is among the errors; that of the whole request, such as a gateway's, is not
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const failed = response.errors?.[0] ?? response.error;
  if (failed) {
    const { status, statusText } = failed;
    throw Object.assign(new Error(failed.message ?? failed.data?.message ?? String(status ?? 'error')), {
      status,
      statusText,
    });
  }
  const frames = response.data as DataFrame[];
  const isNote = (frame: DataFrame) => frame.meta?.dataTopic === DataTopic.Annotations;
  return {
    state: LoadingState.Done,
    series: frames.filter((frame) => !isNote(frame)),
    annotations: frames.filter(isNote),
    timeRange: range,
  };
}

/** The last hours up to now. */
export function lastHours(hours: number): TimeRange {
  const to = dateTime();
  return { from: dateTime(to).subtract(hours, 'hour'), to, raw: { from: `now-${hours}h`, to: 'now' } };
}

/** Runs the tasks, a few at a time, so that a page does not take all of the back end. Results keep their order. */
export async function pool<T>(tasks: Array<() => Promise<T>>, width = 4): Promise<Array<PromiseSettledResult<T>>> {
  const results: Array<PromiseSettledResult<T>> = new Array(tasks.length);
  let next = 0;
  const worker = async () => {
    while (next < tasks.length) {
      const i = next++;
      [results[i]] = await Promise.allSettled([tasks[i]()]);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, tasks.length) }, worker));
  return results;
}
