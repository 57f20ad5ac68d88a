import { t } from '@grafana/i18n';

import { SourceKind, SourceSpec } from './types';

/** A query that works on common exporters and on the demo's data. */
export interface Example {
  title: string;
  source: SourceSpec;
}

/** CPU in per cent of all modes; 1 - rate(idle) would jump whenever a scrape is missed. */
const CPU =
  '100 * (1 - sum by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) / sum by (instance) (rate(node_cpu_seconds_total[5m])))';
const DISK =
  '100 * (1 - node_filesystem_avail_bytes{fstype!~"tmpfs|overlay"} / node_filesystem_size_bytes{fstype!~"tmpfs|overlay"})';
const ORDERS =
  "SELECT $__timeGroup(ts, '5m') AS time, region AS metric, SUM(orders) AS orders\nFROM orders_per_minute\nWHERE $__timeFilter(ts)\nGROUP BY 1, 2 ORDER BY 1";

/** What an empty query of a kind can start from. */
export function examplesFor(kind: SourceKind): Example[] {
  switch (kind) {
    case 'prometheus':
      return [
        { title: t('example.cpu', 'CPU of each host'), source: { kind, expr: CPU, legendFormat: '{{instance}}' } },
        {
          title: t('example.disk', 'Disk use of each host'),
          source: { kind, expr: DISK, legendFormat: '{{instance}} {{mountpoint}}' },
        },
      ];
    case 'mysql':
      return [
        { title: t('example.orders', 'Orders by region'), source: { kind, rawSql: ORDERS, format: 'time_series' } },
      ];
    case 'logs':
      return [
        {
          title: t('example.logs', 'Error lines of each container'),
          source: {
            kind,
            table: 'app_logs',
            time: 'ts',
            message: 'message',
            entity: 'container',
            keywords: ['OutOfMemory', 'timeout'],
          },
        },
      ];
  }
}

/** What a limit can start from: `query` gives limits themselves, `capacity` what they are a share of. */
export function limitExamples(kind: SourceKind, way: 'query' | 'capacity'): Example[] {
  if (kind !== 'prometheus') {
    return [];
  }
  const share = way === 'query' ? '0.9 * ' : '';
  return [
    {
      title:
        way === 'query' ? t('example.disk-limit', '90 % of each disk') : t('example.disk-size', 'Size of each disk'),
      source: { kind, expr: `${share}node_filesystem_size_bytes{fstype!~"tmpfs|overlay"}` },
    },
    {
      title:
        way === 'query'
          ? t('example.memory-limit', '90 % of each container’s memory')
          : t('example.memory-size', 'Memory limit of each container'),
      source: { kind, expr: `${share}container_spec_memory_limit_bytes{container!=""}` },
    },
  ];
}

/** What ratios can rest on. */
export function volumeExamples(kind: SourceKind): Example[] {
  return kind === 'prometheus'
    ? [
        {
          title: t('example.requests', 'Requests per second'),
          source: { kind, expr: 'sum by (job) (rate(http_requests_total[5m]))' },
        },
      ]
    : [];
}

/** What another signal can be. */
export function agreementExamples(kind: SourceKind): Example[] {
  return kind === 'prometheus'
    ? [
        {
          title: t('example.errors', 'Errors per second'),
          source: { kind, expr: 'sum by (job) (rate(http_requests_total{code=~"5.."}[5m]))' },
        },
      ]
    : [];
}

/** Where deployments can be read. */
export function deploymentExamples(kind: SourceKind): Example[] {
  return kind === 'prometheus'
    ? [
        {
          title: t('example.rollouts', 'Kubernetes rollouts'),
          source: { kind, expr: 'changes(kube_deployment_status_observed_generation[5m])' },
        },
      ]
    : [];
}

/** The text that an empty code field shows. */
export const PLACEHOLDER = { prometheus: 'rate(http_requests_total[5m])', mysql: ORDERS };
