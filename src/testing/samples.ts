import fs from 'fs';
import path from 'path';

import * as api from '../api/contract';

const read = <T>(name: string): T =>
  JSON.parse(fs.readFileSync(path.resolve(__dirname, `../../tests/contract/${name}.json`), 'utf8'));

/** The samples of the resource API that both languages are held to, as answers for tests. Each call reads a fresh copy. */
export const sample = {
  accuracy: () => read<api.LiveAccuracy>('accuracy'),
  algorithms: () => read<api.Algorithms>('algorithms'),
  audit: () => read<api.Audit>('audit'),
  channels: () => read<api.Channels>('channels'),
  channelTest: () => read<api.ChannelTest>('channel-test'),
  exported: () => read<api.Export>('export'),
  job: () => read<api.Job>('job'),
  label: () => read<api.Label>('label'),
  labels: () => read<api.LabelList>('labels'),
  model: () => read<api.Model>('model'),
  models: () => read<api.Models>('models'),
  overview: () => read<api.Overview>('overview'),
  precision: () => read<api.PrecisionAnswer>('precision'),
  preview: () => read<api.Preview>('preview'),
  replay: () => read<api.Replay>('replay'),
  verified: () => read<api.Verified>('audit-verify'),
  version: () => read<api.VersionDetail>('version'),
  versions: () => read<api.Versions>('versions'),
};

/** The address of a resource of the test's data source. */
export const resource = (path: string) => `/api/datasources/uid/fw/resources/${path}`;

/** What a back end answers that is well: the samples, at their addresses. Others may be added or put in their place. */
export const backEnd = (change: Record<string, unknown> = {}): Record<string, unknown> => ({
  [resource('accuracy')]: sample.accuracy(),
  [resource('algorithms')]: sample.algorithms(),
  [resource('models')]: sample.models(),
  [resource('models/disk-root')]: sample.model(),
  [resource('models/disk-root/versions')]: sample.versions(),
  [resource('models/disk-root/versions/3')]: sample.version(),
  [resource('labels')]: sample.labels(),
  [resource('overview')]: sample.overview(),
  [resource('precision')]: sample.precision(),
  [resource('audit')]: sample.audit(),
  [resource('audit/verify')]: sample.verified(),
  [resource('channels')]: sample.channels(),
  ...change,
});
