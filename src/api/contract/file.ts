import { Definition } from './definition';
import { VersionDetail } from './version';

/** A version with its fitted state, base64. */
export interface ExportVersion extends VersionDetail {
  summary: unknown;
  states: string;
}

/** A model as a file. */
export interface Export {
  format: string;
  definition: Definition;
  versions: ExportVersion[];
  live: number;
  checksum: string;
}
