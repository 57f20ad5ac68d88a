/** What a sentence of the back end is told as, by what stands in it. */
export type Words = (found: string[]) => string;

/** A sentence, and how it is told. */
export type Sentence = [RegExp, Words];

/** For what may hold any character: React escapes it. */
export const WHOLE = { interpolation: { escapeValue: false } };

/** A span as the back end writes it, such as "2w" or "5d12h". */
export const SPAN = '([0-9.]+(?:ms|[smhdwy])(?:[0-9.]+(?:ms|[smhdw]))*)';
export const NUMBER = '([+-]?[0-9.]+(?:e[+-]?[0-9]+)?)';

const PLACES: Record<string, string> = { '{n}': NUMBER, '{span}': SPAN, '{name}': '(.+)' };

/** The pattern of a sentence, in which {n} stands for a number, {span} for a span and {name} for anything. */
export const like = (sentence: string) =>
  new RegExp(
    `^${sentence
      .split(/(\{[a-z]+\})/)
      .map((part) => PLACES[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('')}$`,
    // what a server said may have several lines
    's'
  );
