import { useState } from 'react';

import { messageOf } from '../api/message';
import { Client } from '../api/client';
import { Definition, Job, VersionDetail } from '../api/contract';
import { suggestName, trainingKey } from './draft';
import { isOver, useJob } from './useJob';

/** A draft that has been trained, and what came of it. */
export interface Trained {
  definition: Definition;
  version: VersionDetail;
}

/** Trains drafts for the wizard; the same draft is trained again when the definition has changed. */
export function useTraining(client: Client, taken: string[], original: string | undefined, onTrained: () => void) {
  const [draft, setDraft] = useState<Definition>();
  const [started, setStarted] = useState<Job>();
  const [trained, setTrained] = useState<Trained>();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);

  const finish = async (definition: Definition, job: Job) => {
    if (job.state !== 'done') {
      return;
    }
    try {
      setTrained({ definition, version: await client.version(job.model, job.version) });
      onTrained();
    } catch (e) {
      setError(messageOf(e));
    }
  };
  const { job, at, error: unread } = useJob(client, started, (over) => draft && finish(draft, over));
  const train = async (definition: Definition) => {
    const name = draft?.name ?? (original ? `${original}-edit` : suggestName(definition.query, taken));
    const next: Definition = { ...definition, name, draft: true, provisioned: false };
    setError(undefined);
    setBusy(true);
    try {
      const first = await client.trainDraft(next);
      setDraft(next);
      setStarted(first);
      if (isOver(first)) {
        await finish(next, first);
      }
    } catch (e) {
      setError(messageOf(e));
    } finally {
      setBusy(false);
    }
  };
  const cancel = async () => {
    try {
      if (job) {
        await client.cancelJob(job.id);
      }
    } catch (e) {
      setError(messageOf(e));
    }
  };
  return {
    job,
    /** When it was read, ms. */
    at,
    /** Why the progress could not be read just now. */
    unread,
    busy,
    running: job !== undefined && !isOver(job),
    error,
    trained,
    /** Whether the definition would be learnt the same as what was trained. */
    isFresh: (definition: Definition) =>
      trained !== undefined && trainingKey(trained.definition) === trainingKey(definition),
    train,
    cancel,
  };
}
