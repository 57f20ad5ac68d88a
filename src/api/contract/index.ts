// The requests and answers of the data source's resource API, file by file as in pkg/plugin/api; tests/contract holds a sample
// of each, which the tests of both languages read. Times are RFC 3339 in UTC, durations are texts such as 24h, unknown is null.

export type { Algorithms } from '../../datasource/types';
export * from './accuracy';
export * from './audit';
export * from './channel';
export * from './definition';
export * from './file';
export * from './filter';
export * from './job';
export * from './label';
export * from './model';
export * from './overview';
export * from './preview';
export * from './replay';
export * from './status';
export * from './version';
