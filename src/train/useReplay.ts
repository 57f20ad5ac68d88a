import { messageOf } from '../api/message';
import { Client } from '../api/client';
import { CurvePoint, Replay, ReplayAlert } from '../api/contract';
import { useRested } from '../api/useAsync';

/** Days that are replayed. */
export const DAYS = 30;

/** The lowest threshold that keeps within the budget; the highest one where none does. */
export function thresholdFor(curve: CurvePoint[], perWeek: number): CurvePoint | undefined {
  const sorted = [...curve].sort((a, b) => a.scoreThreshold - b.scoreThreshold);
  return sorted.find((p) => p.perWeek <= perWeek) ?? sorted[sorted.length - 1];
}

/** What is known at once when the budget moves: the curve's point, and the alerts of the last answer that would be left. */
export function estimate(
  replay: Replay,
  perWeek: number
): { perWeek: number; scoreThreshold: number; alerts: ReplayAlert[] } {
  const point = perWeek > 0 ? thresholdFor(replay.curve, perWeek) : undefined;
  return point
    ? { ...point, alerts: replay.alerts.filter((a) => a.peak >= point.scoreThreshold) }
    : { perWeek: replay.perWeek, scoreThreshold: replay.scoreThreshold, alerts: replay.alerts };
}

/** What would have fired at a budget, asked when the budget has rested for a moment. 0 is the detector's own sensitivity. */
export function useReplay(client: Client, model: string, version: number, budget: number, rest = 400) {
  const key = JSON.stringify({ model, version, budget });
  const { value, thrown, loading } = useRested(
    key,
    async (asked) => {
      const { model, budget }: { model: string; budget: number } = JSON.parse(asked);
      const replay = await client.replay({ model, days: DAYS, ...(budget > 0 && { alertsPerWeek: budget }) });
      return { replay, budget };
    },
    rest
  );
  return {
    value: value?.replay,
    /** The budget that the value belongs to. */
    budget: value?.budget,
    error: thrown === undefined ? undefined : messageOf(thrown),
    loading,
  };
}
