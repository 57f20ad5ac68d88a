import { DataFrame, DataTopic, dateTime, FieldType, rangeUtil, TimeRange } from '@grafana/data';

const HOUR = 3_600_000;

/** From some hours ago to some hours ahead of a moment, which is now unless a test says otherwise. */
export function around(back: number, ahead: number, now = Date.now()): TimeRange {
  const from = dateTime(now - back * HOUR);
  const to = dateTime(now + ahead * HOUR);
  return { from, to, raw: { from, to } };
}

/** A duration as hours; what cannot be read counts as the given one. */
export function hoursOf(duration: string | undefined, otherwise: number): number {
  if (!duration) {
    return otherwise;
  }
  try {
    const ms = rangeUtil.intervalToMs(duration);
    return Number.isFinite(ms) && ms > 0 ? ms / HOUR : otherwise;
  } catch {
    return otherwise;
  }
}

/** A stretch that is marked on a chart. */
export interface Region {
  /** ms or RFC 3339. */
  from: number | string;
  to: number | string;
  title: string;
  color: string;
  /** The series that it is about; all of them where it is not given. */
  labels?: Record<string, string>;
}

const ms = (time: number | string) => (typeof time === 'number' ? time : Date.parse(time));

/** The stretches as a frame that panels draw as shaded regions. */
export function regionFrame(regions: Region[]): DataFrame {
  const column = (name: string, type: FieldType, values: unknown[]) => ({ name, type, values, config: {} });
  return {
    length: regions.length,
    meta: { dataTopic: DataTopic.Annotations },
    fields: [
      column(
        'time',
        FieldType.time,
        regions.map((r) => ms(r.from))
      ),
      column(
        'timeEnd',
        FieldType.time,
        regions.map((r) => ms(r.to))
      ),
      column(
        'isRegion',
        FieldType.boolean,
        regions.map(() => true)
      ),
      column(
        'title',
        FieldType.string,
        regions.map((r) => r.title)
      ),
      column(
        'text',
        FieldType.string,
        regions.map(() => '')
      ),
      column(
        'color',
        FieldType.string,
        regions.map((r) => r.color)
      ),
    ],
  };
}
