import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of firmware packages, and of the programs of other vendors. */
export const firmwareFaultsEn: Pick<
  FaultDictionary,
  'firmware-invalid' | 'firmware-file-missing' | 'tool-missing' | 'tool-changed' | 'tool-failed'
> = {
  'firmware-invalid': {
    message: 'This firmware package was not accepted.',
    action: 'Nothing was imported. The technical details say why; get the package again from where it came.',
  },
  'firmware-file-missing': {
    message: 'The firmware package lacks a file that the recipe names.',
    action: 'Choose another firmware, or import one that has the file.',
    more: 'Package {package} has no {file}.',
  },
  'tool-missing': {
    message: 'A program that is needed is missing.',
    action: 'Call the engineer.',
    more: '{tool}',
  },
  'tool-changed': { message: 'This program was changed.', action: 'Call the engineer.', more: '{tool}' },
  'tool-failed': { message: 'A program failed.', action: 'Call the engineer.', more: '{tool}: {said}' },
};
