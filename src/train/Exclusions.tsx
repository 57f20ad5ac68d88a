import { t } from '@grafana/i18n';
import React from 'react';

import { Excluded } from '../api/contract';
import { SpanList } from '../components/SpanList';

interface Props {
  excluded: Excluded[];
  onChange: (excluded: Excluded[]) => void;
}

/** The stretches with one more, in order of time; stretches that touch become one. */
export function withRange(excluded: Excluded[], from: number, to: number): Excluded[] {
  const next: Excluded = { from: new Date(from).toISOString(), to: new Date(to).toISOString(), reason: '' };
  const sorted = [...excluded, next].sort((a, b) => Date.parse(a.from) - Date.parse(b.from));
  return sorted.reduce<Excluded[]>((done, one) => {
    const last = done[done.length - 1];
    if (last && Date.parse(one.from) <= Date.parse(last.to)) {
      const end = Date.parse(one.to) > Date.parse(last.to) ? one.to : last.to;
      return [...done.slice(0, -1), { from: last.from, to: end, reason: last.reason || one.reason }];
    }
    return [...done, one];
  }, []);
}

/** Stretches that are not learnt from: dragged on the chart, or entered here. */
export function Exclusions({ excluded, onChange }: Props) {
  return (
    <SpanList
      title={t('train.excluded', 'Left out of training')}
      help={t('train.excluded-help', 'Drag over the chart to leave a stretch out, such as an outage or a migration.')}
      add={t('train.excluded-enter', 'Enter a time range')}
      remove={(text) =>
        t('train.excluded-remove', 'Learn from {{text}} again', { text, interpolation: { escapeValue: false } })
      }
      spans={excluded}
      onAdd={(from, to) => onChange(withRange(excluded, from, to))}
      onChange={onChange}
    />
  );
}
