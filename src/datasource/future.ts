import { dateMath, TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';

/** Whether a range that is shown ends before there is anything of the future to be seen. */
export function endsNow(range?: TimeRange, now = Date.now()): boolean {
  return range !== undefined && range.to.valueOf() <= now + 60_000 && String(range.raw.to).startsWith('now');
}

/** A range's raw text with its end so far ahead. */
const ahead = (horizon: string) => `now+${horizon}`;

/** Explore's panes with their ranges ended so far ahead; undefined where there is none. */
export function panesAhead(panes: string, horizon: string): string | undefined {
  try {
    const all = Object.entries(JSON.parse(panes) as Record<string, { range?: { from: string; to: string } }>);
    return all.length === 0
      ? undefined
      : JSON.stringify(
          Object.fromEntries(
            all.map(([id, pane]) => [id, { ...pane, range: { from: 'now-1d', ...pane.range, to: ahead(horizon) } }])
          )
        );
  } catch {
    return undefined;
  }
}

/** Lets the dashboard or Explore show the future, too. */
export function showFuture(horizon: string): void {
  const to = dateMath.isValid(ahead(horizon)) ? horizon : '24h';
  const { panes } = locationService.getSearchObject();
  const moved = typeof panes === 'string' ? panesAhead(panes, to) : undefined;
  locationService.partial(moved ? { panes: moved } : { to: ahead(to) });
}
