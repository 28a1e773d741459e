import type { Translation } from '#services/i18n/index.ts';
import type { setupZhCN } from './words.zh-cn.ts';

export const setupEn: Translation<typeof setupZhCN> = {
  'setup.welcome': 'Set up this station',
  'setup.welcomeAbout':
    'This station has no users yet. Add the first engineer, which is you; the other steps follow and can wait.',
  'setup.yourName': 'Your name',
  'setup.pinAdvice':
    'Remember this PIN. Later, add a second engineer: engineers can give each other a new PIN.',
  'setup.begin': 'Begin',
  'setup.elsewhere': 'The station {station} is not set up yet',
  'setup.elsewhereAction':
    'Open this page at the computer of the station and add the first engineer there. It cannot be set up from another computer.',
  'setup.title': 'Until the first PASS',
  'setup.about': 'You can leave each step and take it up later. The list shows what the station has now.',
  'setup.progress': '{done} of {total} steps are done',
  'setup.continue': 'Continue',
  'setup.done': 'Done',
  'setup.later': 'Can wait',
  'setup.complete': 'A unit has passed: this station can produce.',
  'setup.step.engineer': 'The first engineer',
  'setup.step.engineer.about': 'Manages users, batches and settings.',
  'setup.step.engineer.open': 'Users',
  'setup.step.name': 'Name of the station',
  'setup.step.name.about': 'It is in every record. Without one it is the name of the computer.',
  'setup.step.name.open': 'Give a name',
  'setup.step.registry': 'Device registry',
  'setup.step.registry.about':
    'Leases triples and receives the results. You can produce without it; the results then wait.',
  'setup.step.registry.open': 'Connect',
  'setup.step.slots': 'Slots',
  'setup.step.slots.about': 'There {count|is|are} {count} {count|slot|slots} now.',
  'setup.step.slots.open': 'Configure',
  'setup.step.triples': 'Triples',
  'setup.step.triples.about': 'Import them from a CSV file, or lease a block from the registry.',
  'setup.step.triples.open': 'Import or lease',
  'setup.step.batch': 'Recipe and batch',
  'setup.step.batch.about': 'A recipe and a quantity make a batch.',
  'setup.step.batch.open': 'New batch',
  'setup.step.pass': 'The first PASS',
  'setup.step.pass.about': 'Choose the batch on the operator page, then scan the serial number of a unit.',
  'setup.step.pass.open': 'To the line',
};
