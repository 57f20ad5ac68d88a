import { ForewarnQuery } from '../datasource/types';
import { Definition, ModelQuery } from './contract';

/** A query that a trained model answers; without a version the live one does. What to read and how comes from the model. */
export function trainedQuery(definition: Definition, version?: number): ModelQuery {
  return { queryType: definition.query.queryType, model: { name: definition.name, ...(version && { version }) } };
}

/** The same for a panel or a rule. */
export function panelQuery(uid: string, definition: Definition, output?: string): ForewarnQuery {
  return {
    refId: 'A',
    datasource: { type: 'forewarn-earlywarning-datasource', uid },
    ...trainedQuery(definition),
    ...(output && { output }),
  };
}
