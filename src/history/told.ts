import { Entry } from '../api/contract';
import { language } from '../api/language';
import { phrase } from '../api/phrases';

/** The texts of an entry that are recorded in each language, as the trail names them: `note_zh` stands beside the note. */
const LANGUAGES = ['en', 'zh'];

const key = (name: string, tag: string) => `${name}_${tag}`;

/** Values that hold another language's text: they are told in place of the plain one, not beside it. */
export const isTranslation = (name: string) =>
  LANGUAGES.some((tag) => ['note', 'why'].some((n) => key(n, tag) === name));

/** What an entry says, or why, in the reader's language where it was recorded in that; otherwise as it was written. */
export function told(entry: Entry, name: 'note' | 'why'): string {
  const own = entry.values?.[key(name, (language() ?? 'en').slice(0, 2))];
  const written = name === 'note' ? entry.note : entry.values?.[name];
  return typeof own === 'string' ? own : phrase(typeof written === 'string' ? written : '');
}
