import { QueryType, Threshold } from './types';

/** Sample values shown in empty fields; they are code and the same in every language. */
export const SAMPLE = {
  certificate: '-----BEGIN CERTIFICATE-----',
  confidence: '0.95',
  cooldown: '1h',
  duration: '10m',
  header: 'X-Scope-OrgID',
  httpTimeout: '30',
  keywords: 'OutOfMemory, timeout',
  levels: 'ERROR, FATAL',
  percent: '%',
  parameters: 'max_source_resolution=5m',
  privateKey: '-----BEGIN PRIVATE KEY-----',
  queryTimeout: '30s',
  quiet: '30m',
  scrape: '15s',
  url: 'http://prometheus.example.com:9090',
  window: '14d',
};

/** The step that the back end takes where neither query nor data source says one. */
export function usualInterval(type: QueryType): string {
  return type === 'warning' ? '10m' : '5m';
}

/** The horizon that the back end takes where neither query nor data source says one. */
export function usualHorizon(type: QueryType): string {
  return type === 'warning' ? '72h' : '24h';
}

/** The style that the back end takes where the query says none: values as they are may be for a gauge, which has its own colours. */
export function usualStyle(type: QueryType): 'auto' | 'none' {
  return type === 'series' ? 'none' : 'auto';
}

/** A limit that suits what is measured in per cent, which most limited things are. */
export const FIRST_THRESHOLD: Threshold = { value: 90, direction: 'above' };
