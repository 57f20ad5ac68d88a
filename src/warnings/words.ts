import { t } from '@grafana/i18n';

/** Why no warning is raised, in words, for the guards as the back end names them; an unknown one stays as it is written. */
export function guardTexts(heldBack: string): string[] {
  const words: Record<string, string> = {
    'short-history': t('guard.short-history', 'too little history for a trend'),
    'poor-fit': t('guard.poor-fit', 'the forecast was worse than repeating the last cycle'),
    unconfirmed: t('guard.unconfirmed', 'not yet foreseen several times in a row'),
    season: t('guard.season', 'it is the course of the day or week'),
    restarted: t('guard.restarted', 'a clean-up, resize or restart began a new count'),
    'no-trend': t('guard.no-trend', 'the growth is within what chance makes, or has stopped'),
    slowing: t('guard.slowing', 'the growth is slowing down'),
    contained: t('guard.contained', 'rises have ended below the limit each time'),
  };
  return heldBack
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
    .map((name) => words[name] ?? name);
}
