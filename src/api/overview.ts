import { dataSources } from '../extensions/convert';
import { messageOf } from './message';
import { Client } from './client';
import { Entry, Fleet, Overview } from './contract';
import { Instance, Rule } from './rules';

/** A Forewarn data source, and what it says of its models and warnings; without an answer, why. */
export interface SourceState {
  uid: string;
  name: string;
  overview?: Overview;
  error?: string;
}

/** Every Forewarn data source's own overview, each in one request. */
export function fetchSources(): Promise<SourceState[]> {
  return Promise.all(
    dataSources().map(async ({ uid, name }) => {
      try {
        return { uid, name, overview: await new Client(uid).overview() };
      } catch (e) {
        return { uid, name, error: messageOf(e) };
      }
    })
  );
}

const known = (sources: SourceState[]) => sources.flatMap(({ overview }) => (overview ? [overview] : []));

/** The models of all data sources together; those of one that did not answer are left out. */
export function fleetOf(sources: SourceState[]): Fleet {
  const earlier = (a: string | null, b: string | null) => (a === null || (b !== null && b < a) ? b : a);
  return known(sources)
    .map(({ models }) => models)
    .reduce(
      (sum, one) => ({
        total: sum.total + one.total,
        answering: sum.answering + one.answering,
        drifted: sum.drifted + one.drifted,
        states: {
          ready: sum.states.ready + one.states.ready,
          training: sum.states.training + one.states.training,
          failed: sum.states.failed + one.states.failed,
          stale: sum.states.stale + one.states.stale,
          paused: sum.states.paused + one.states.paused,
          empty: sum.states.empty + one.states.empty,
        },
        oldestTraining: earlier(sum.oldestTraining, one.oldestTraining),
        nextTraining: earlier(sum.nextTraining, one.nextTraining),
      }),
      {
        total: 0,
        answering: 0,
        drifted: 0,
        states: { ready: 0, training: 0, failed: 0, stale: 0, paused: 0, empty: 0 },
        oldestTraining: null,
        nextTraining: null,
      } satisfies Fleet as Fleet
    );
}

/** Warnings that the trails recorded within 24 h; undefined where no data source answered. */
export function recorded24h(sources: SourceState[] = []): number | undefined {
  const answers = known(sources);
  return answers.length > 0 ? answers.reduce((sum, o) => sum + o.raised24h, 0) : undefined;
}

const ofRule = (entry: Entry, rule: Rule) =>
  entry.values.ruleUid ? entry.values.ruleUid === rule.uid : entry.values.rule === rule.name;

/** What the trail recorded of an active instance: the open warning of its rule and its labels. */
export function recordedOf(rule: Rule, instance: Instance, sources: SourceState[] = []): Entry | undefined {
  const state = sources.find((s) => s.uid === rule.datasourceUid);
  return state?.overview?.warnings.find(
    (entry) =>
      ofRule(entry, rule) && Object.entries(entry.labels).every(([name, value]) => instance.labels[name] === value)
  );
}

/** An open warning, and whose trail it is in. */
export interface OpenWarning {
  entry: Entry;
  source: SourceState;
}

/**
 * Open warnings of rules that are not among the given ones, the newest first: rules that the reader may not see, that are gone, or
 * that could not be read. What a shown rule says of its own warnings is newer than the trail.
 */
export function withoutRule(sources: SourceState[], rules: Rule[]): OpenWarning[] {
  return sources
    .flatMap((source) => (source.overview?.warnings ?? []).map((entry) => ({ entry, source })))
    .filter(({ entry }) => !rules.some((rule) => ofRule(entry, rule)))
    .sort((a, b) => b.entry.time.localeCompare(a.entry.time));
}
