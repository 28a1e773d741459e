import type { IconName } from '#parts/icons.ts';

/** What a badge, a notice or a toast is about; each has a colour pair of its own in tokens.css. */
export type Tone = 'neutral' | 'good' | 'warn' | 'bad' | 'work';

/** The icon that a notice or a toast has unless it is given one. */
export const TONE_ICONS: Readonly<Record<Tone, IconName>> = {
  neutral: 'info',
  good: 'pass',
  warn: 'warn',
  bad: 'refused',
  work: 'info',
};
