import { createDataFrame, DataFrame, dateTime, FieldType, LoadingState } from '@grafana/data';
import { DataSourceSrv, setDataSourceSrv } from '@grafana/runtime';
import { EMPTY, from, of, throwError } from 'rxjs';

import { RANGE, rule, wide } from '../testing/data';
import { ask, lastHours, pool } from './ask';
import { messageOf } from './message';

/** What a data source is asked. */
interface Asked {
  requestId: string;
  intervalMs: number;
  [key: string]: unknown;
}

/** A data source that answers everything alike, and what it was asked. */
function source(answer: unknown, uid = 'fw') {
  const asked: Asked[] = [];
  const get = async (wanted: string) => {
    if (wanted !== uid) {
      throw new Error(`Data source ${wanted} was not found`);
    }
    return {
      query: (request: Asked) => {
        asked.push(request);
        return answer;
      },
    };
  };
  setDataSourceSrv({ get } as unknown as DataSourceSrv);
  return asked;
}

const { query } = rule();
const thrownBy = async (answer: object) => {
  source(of({ data: [], ...answer }));
  return ask('fw', query, RANGE).then(
    () => 'nothing',
    (e) => e
  );
};

describe('what a data source is asked', () => {
  it('is the query alone, over the range, with the variables of the page', async () => {
    const asked = source(of({ data: [] }));
    const scopedVars = { host: { text: 'web', value: 'web-1' } };
    await ask('fw', { ...query, refId: 'Z', output: 'table' }, RANGE, scopedVars);
    expect(asked).toHaveLength(1);
    expect(asked[0]).toMatchObject({ range: RANGE, scopedVars, targets: [{ ...query, refId: 'A', output: 'table' }] });
  });

  it('leaves the query of the rule as it was', async () => {
    source(of({ data: [] }));
    const mine = Object.freeze({ ...query, refId: 'Z' });
    await ask('fw', mine, RANGE);
    expect(mine.refId).toBe('Z');
  });

  it.each([
    [1, 60_000],
    [24, 60_000],
    [24 * 7, 600_000],
    [24 * 28, 1_800_000],
  ])('over %p h has a step of %p ms, never less than a minute', async (hours, ms) => {
    const asked = source(of({ data: [] }));
    const to = dateTime(RANGE.to);
    const start = dateTime(to).subtract(hours, 'hour');
    await ask('fw', query, { from: start, to, raw: { from: start, to } });
    expect(asked[0].intervalMs).toBe(ms);
  });

  it('has a name of its own each time, so that none takes the place of another', async () => {
    const asked = source(of({ data: [] }));
    await Promise.all([1, 2, 3].map(() => ask('fw', query, RANGE)));
    expect(new Set(asked.map((a) => a.requestId)).size).toBe(3);
  });

  it('is nothing where the source is gone', async () => {
    const asked = source(of({ data: [] }));
    await expect(ask('gone', query, RANGE)).rejects.toThrow('Data source gone was not found');
    expect(asked).toEqual([]);
  });
});

describe('what it answers', () => {
  const note = (topic?: string): DataFrame => ({
    ...createDataFrame({ fields: [{ name: 'time', type: FieldType.time, values: [1] }] }),
    meta: topic ? ({ dataTopic: topic } as DataFrame['meta']) : {},
  });

  it('is parted into what is drawn and what is noted, in its order', async () => {
    const [a, b] = [wide({ a: [1] }), wide({ b: [2] })];
    const data = [note('annotations'), a, note('series'), note(), b, note('annotations')];
    source(of({ data }));
    const answer = await ask('fw', query, RANGE);
    expect(answer.series).toEqual([a, data[2], data[3], b]);
    expect(answer.annotations).toEqual([data[0], data[5]]);
    expect(answer).toMatchObject({ state: LoadingState.Done, timeRange: RANGE });
  });

  it('may be nothing to draw', async () => {
    source(of({ data: [] }));
    expect(await ask('fw', query, RANGE)).toMatchObject({ series: [], annotations: [] });
  });

  it('may come as a promise', async () => {
    source(Promise.resolve({ data: [wide({ a: [1] })] }));
    expect((await ask('fw', query, RANGE)).series).toHaveLength(1);
  });

  it('is the last where several come one after another', async () => {
    source(from([{ data: [] }, { data: [wide({ a: [1] })] }]));
    expect((await ask('fw', query, RANGE)).series).toHaveLength(1);
  });

  it.each([
    ['nothing comes', EMPTY],
    ['the request is broken off', throwError(() => new Error('Request was aborted'))],
    ['the source throws in its promise', Promise.reject(new Error('no'))],
  ])('fails where %s', async (_, answer) => {
    source(answer);
    await expect(ask('fw', query, RANGE)).rejects.toThrow();
  });
});

describe('what goes wrong is told', () => {
  it.each([
    ['by the query itself', { errors: [{ refId: 'A', message: 'bad interval' }] }, 'bad interval'],
    ['by the first of several', { errors: [{ message: 'first' }, { message: 'second' }] }, 'first'],
    ['by the query before the request', { errors: [{ message: 'query' }], error: { message: 'request' } }, 'query'],
    ['by the request', { error: { message: 'request' } }, 'request'],
    ['by the answer’s body', { error: { data: { message: 'body' } } }, 'body'],
    ['by its status', { error: { status: 502 } }, '502'],
    ['by a word where there is nothing', { error: {} }, 'error'],
    [
      'by the status where a proxy’s page came',
      { error: { message: '<html>502</html>', status: 502, statusText: 'Bad Gateway' } },
      'Bad Gateway',
    ],
    ['by its number where a status has no words', { error: { message: '<p>no</p>', status: 503 } }, 'HTTP 503'],
    [
      'in the reader’s words where they are known',
      { errors: [{ message: 'the source gave no series: is the query right, and does its time hold data?' }] },
      'The source gave no series: is the query right, and does its time hold data?',
    ],
  ])('%s', async (_, answer, told) => {
    const thrown = await thrownBy(answer);
    expect(thrown).toBeInstanceOf(Error);
    expect(messageOf(thrown)).toBe(told);
  });

  it('although some frames came', async () => {
    const thrown = await thrownBy({ data: [wide({ a: [1] })], errors: [{ message: 'one signal is gone' }] });
    expect(messageOf(thrown)).toBe('one signal is gone');
  });

  it('not where the list of errors is empty', async () => {
    expect(await thrownBy({ errors: [] })).toBe('nothing');
  });
});

describe('the last hours', () => {
  it.each([1, 24, 0.5, 336])('are %p up to now, and say so', (hours) => {
    const before = Date.now();
    const { from: start, to, raw } = lastHours(hours);
    expect(to.valueOf()).toBeGreaterThanOrEqual(before);
    expect(to.valueOf()).toBeLessThanOrEqual(Date.now());
    expect(raw).toEqual({ from: `now-${hours}h`, to: 'now' });
    expect(start.isBefore(to)).toBe(true);
  });

  it.each([1, 24, 336])('of whole ones, %p are that many', (hours) => {
    const { from: start, to } = lastHours(hours);
    expect(to.valueOf() - start.valueOf()).toBe(hours * 3_600_000);
  });
});

describe('a pool', () => {
  /** Tasks that end when the test says so, and how many run. */
  function gates(n: number) {
    const ends: Array<() => void> = [];
    const state = { running: 0, most: 0, begun: [] as number[] };
    const tasks = Array.from({ length: n }, (_, i) => async () => {
      state.begun.push(i);
      state.most = Math.max(state.most, ++state.running);
      await new Promise<void>((end) => {
        ends[i] = end;
      });
      state.running--;
      return i;
    });
    return { tasks, ends, state };
  }
  const turn = () => new Promise((then) => setTimeout(then));

  it.each([
    [undefined, 4],
    [1, 1],
    [3, 3],
    [50, 6],
  ])('of the width %p runs %p of six at once', async (width, most) => {
    const { tasks, ends, state } = gates(6);
    const all = pool(tasks, width);
    for (let i = 0; i < 6; i++) {
      await turn();
      ends[i]();
    }
    expect((await all).map((r) => r.status === 'fulfilled' && r.value)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(state.most).toBe(most);
  });

  it('begins the next as soon as any ends', async () => {
    const { tasks, ends, state } = gates(3);
    const all = pool(tasks, 2);
    await turn();
    expect(state.begun).toEqual([0, 1]);
    ends[1]();
    await turn();
    expect(state.begun).toEqual([0, 1, 2]);
    ends[0]();
    ends[2]();
    await all;
  });

  it('goes on after failures, and keeps each in its place', async () => {
    const failing = [0, 1, 2, 3, 4].map((i) => async () => (i % 2 ? Promise.reject(new Error(`no ${i}`)) : i));
    const results = await pool(failing, 1);
    expect(results.map((r) => (r.status === 'fulfilled' ? r.value : r.reason.message))).toEqual([
      0,
      'no 1',
      2,
      'no 3',
      4,
    ]);
  });

  it('runs each task once', async () => {
    const task = jest.fn(async () => 1);
    await pool(Array(9).fill(task), 4);
    expect(task).toHaveBeenCalledTimes(9);
  });
});
