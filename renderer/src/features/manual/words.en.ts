import type { Translation } from '#services/i18n/index.ts';
import type { manualZhCN } from './words.zh-cn.ts';

export const manualEn: Translation<typeof manualZhCN> = {
  'manual.title': 'Manual',
  'manual.help': 'Help',
  'manual.chapters': 'Chapters',
  'manual.search': 'Find in the manual',
  'manual.nothing': 'Nothing was found.',
  'manual.loading': 'Opening the manual…',
  'manual.failed': 'The manual was not opened. Try again when the station answers.',
  'manual.back': 'Back',
  'manual.print': 'Print',
  'manual.card': 'Command card and keys',
  'manual.cardAbout':
    'Prints on A4: the codes that a scanner reads as commands, as QR codes and as bar codes (Code 128), then the keys of the line. Put them up beside the station.',
  'manual.slot': 'Select slot {slot}',
};
