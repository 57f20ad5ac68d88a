/** Where models live. */
export interface Store {
  kind: 'memory' | 'sqlite' | 'mysql';
  ok: boolean;
  message: string;
  path: string;
}

/** The state of one connection. */
export interface Side {
  configured: boolean;
  ok: boolean;
  message: string;
}

export interface Status {
  version: string;
  prometheus: Side;
  mysql: Side;
  store: Store;
  cache: { fits: number; fitBytes: number; reads: number; readBytes: number };
}

/** The body of every refusal. */
export interface Problem {
  error: string;
  field?: string;
}
