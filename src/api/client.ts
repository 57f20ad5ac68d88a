import {
  Algorithms,
  Audit,
  Channels,
  ChannelTest,
  Definition,
  Export,
  Job,
  Label,
  LabelList,
  LiveAccuracy,
  Model,
  ModelQuery,
  Models,
  NewLabel,
  Overview,
  PrecisionAnswer,
  Preview,
  Replay,
  ReplayRequest,
  Verified,
  VersionDetail,
  Versions,
} from './contract';
import { request } from './request';

/** Which lines of the trail are asked for; times are RFC 3339, `before` is the seq that older lines are below. */
interface AuditFilter {
  from?: string;
  to?: string;
  kind?: string;
  model?: string;
  limit?: number;
  before?: number;
}

type Params = Record<string, string | number | undefined>;
type Method = 'POST' | 'PUT' | 'DELETE';

const part = encodeURIComponent;

/** The resource API of one Forewarn data source, asked as the signed-in user. A refusal rejects with what the server said. */
export class Client {
  constructor(readonly uid: string) {}

  /** The address of a resource, for links and downloads. */
  url(path: string): string {
    return `/api/datasources/uid/${part(this.uid)}/resources/${path}`;
  }

  algorithms = () => this.get<Algorithms>('algorithms');
  overview = () => this.get<Overview>('overview');

  models = () => this.get<Models>('models');
  model = (name: string) => this.get<Model>(`models/${part(name)}`);
  /** The name in the definition may differ, which renames the model. */
  changeModel = (name: string, definition: Definition) =>
    this.send<Model>('PUT', `models/${part(name)}`, { definition });
  deleteModel = (name: string) => this.send<void>('DELETE', `models/${part(name)}`);
  train = (name: string) => this.send<Job>('POST', `models/${part(name)}/train`, {});
  promote = (name: string, version: number) => this.send<unknown>('POST', `models/${part(name)}/promote`, { version });
  rollback = (name: string) => this.send<unknown>('POST', `models/${part(name)}/rollback`, {});
  pause = (name: string, paused: boolean) => this.send<unknown>('POST', `models/${part(name)}/pause`, { paused });
  versions = (name: string) => this.get<Versions>(`models/${part(name)}/versions`);
  version = (name: string, number: number) => this.get<VersionDetail>(`models/${part(name)}/versions/${number}`);
  exportModel = (name: string) => this.get<Export>(`models/${part(name)}/export`);
  importModel = (file: Export) => this.send<Model>('POST', 'models/import', file);

  preview = (query: ModelQuery) => this.send<Preview>('POST', 'preview', { query });
  /** Trains without saving: makes or changes the draft of the definition's name. */
  trainDraft = (definition: Definition) => this.send<Job>('POST', 'jobs', { definition });
  job = (id: string) => this.get<Job>(`jobs/${part(id)}`);
  cancelJob = (id: string) => this.send<unknown>('POST', `jobs/${part(id)}/cancel`, {});
  replay = (asked: ReplayRequest) => this.send<Replay>('POST', 'replay', asked);

  labels = () => this.get<LabelList>('labels');
  addLabel = (label: NewLabel) => this.send<Label>('POST', 'labels', label);
  deleteLabel = (id: string) => this.send<void>('DELETE', `labels/${part(id)}`);
  /** How early warnings turned out in the last 30 days, and trained models against their twins. */
  accuracy = () => this.get<LiveAccuracy>('accuracy');
  precision = () => this.get<PrecisionAnswer>('precision');

  audit = (filter: AuditFilter = {}) => this.get<Audit>('audit', { ...filter });
  verify = () => this.get<Verified>('audit/verify');

  channels = () => this.get<Channels>('channels');
  testChannel = (name: string) => this.send<ChannelTest>('POST', `channels/${part(name)}/test`, {});

  private get<T>(path: string, params: Params = {}): Promise<T> {
    const known = Object.entries(params).filter(([, v]) => v !== undefined && v !== '');
    return request<T>(this.url(path), known.length > 0 ? { params: Object.fromEntries(known) } : {});
  }

  private send<T>(method: Method, path: string, data?: unknown): Promise<T> {
    return request<T>(this.url(path), { method, data });
  }
}

/** The field that a refusal names, such as query.interval; undefined where it names none. */
export function fieldOf(thrown: unknown): string | undefined {
  return (thrown as { data?: { field?: string } } | undefined)?.data?.field;
}
