import { useEffect, useState } from 'react';

import { messageOf } from '../api/message';
import { Client } from '../api/client';
import { Job } from '../api/contract';

/** How often a running job is asked for, ms. */
const EVERY = 1000;

export const isOver = (job: Job) => job.state === 'done' || job.state === 'failed' || job.state === 'cancelled';

/** A job as it was when it was read. */
export interface Watched {
  job?: Job;
  /** When it was read, ms. */
  at: number;
  error?: string;
}

/** A job as it goes on; a request that fails on the way is tried again, as the job itself goes on without the page. */
export function useJob(client: Client, job: Job | undefined, onOver: (job: Job) => void): Watched {
  const [state, setState] = useState<Watched>({ at: 0 });
  const id = job && !isOver(job) ? job.id : undefined;
  useEffect(() => {
    if (!id) {
      return undefined;
    }
    let live = true;
    let timer: ReturnType<typeof setTimeout>;
    const ask = () =>
      client.job(id).then(
        (next) => {
          if (!live) {
            return;
          }
          setState({ job: next, at: Date.now() });
          if (isOver(next)) {
            onOver(next);
          } else {
            timer = setTimeout(ask, EVERY);
          }
        },
        (e) => {
          if (live) {
            setState((old) => ({ ...old, error: messageOf(e) }));
            timer = setTimeout(ask, 2 * EVERY);
          }
        }
      );
    ask();
    return () => {
      live = false;
      clearTimeout(timer);
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- a new callback is no reason to ask again
  }, [client, id]);
  return job && state.job?.id === job.id ? state : { job, at: state.at, error: state.error };
}
