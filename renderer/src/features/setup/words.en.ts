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
  'setup.step.slots.about':
    'There {count|is|are} {count} {count|slot|slots} now. A slot that was added is used once the station is opened again.',
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
  'setup.sample.title': 'Sample line',
  'setup.sample.short': 'Its units and its registry are simulated, and its PINs are for everybody.',
  'setup.sample.about':
    'The units and the registry of this line are simulated, to try Gongwei. When you are ready, turn it into a real line: an empty station opens, and you set it up from the first engineer on.',
  'setup.sample.end': 'Turn into a real line…',
  'setup.sample.endTitle': 'Turn the sample line into a real line?',
  'setup.sample.endGo': 'Remove the sample and open',
  'setup.sample.removes':
    'Removed: the sample station with its runs and batches, the simulated units, the simulated registry, and the sample users with their public PINs. This cannot be undone.',
  'setup.sample.stays':
    'Stays: other data directories on this computer, and the settings of this browser. An empty station opens, now and at every later start.',
  'setup.sample.kept':
    'There is data here that does not come from the sample, and would be lost with it: {what}. Save it and remove it here, then try again.',
  'setup.sample.reopens':
    'The sample line has ended. The station opens again: use the page that opens, or the new link in the terminal.',
  'setup.sample.closeFirst':
    'The sample line has ended. Close the window of Gongwei; the real station then opens.',
  'setup.real.users': '{count} {count|user|users} of your own',
  'setup.real.registry': 'a registry on another computer',
  'setup.real.triples': '{count} {count|triple|triples} from files',
  'setup.real.recipes': '{count} {count|recipe|recipes} of your own',
  'setup.real.firmware': '{count} firmware {count|package|packages}',
};
