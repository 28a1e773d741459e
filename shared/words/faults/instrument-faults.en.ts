import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of the instruments of a station. */
export const instrumentFaultsEn: Pick<
  FaultDictionary,
  | 'instrument-missing'
  | 'instrument-busy'
  | 'instrument-unreachable'
  | 'instrument-silent'
  | 'instrument-error'
> = {
  'instrument-missing': {
    message: 'This station has no instrument of that name.',
    action: 'Ask the engineer to add it under Station, Instruments.',
    more: 'Instrument {instrument}',
  },
  'instrument-busy': {
    message: 'The instrument stayed with another slot.',
    action: 'Test again when the other slot has ended. If it stays, call the engineer.',
    more: 'Instrument {instrument}',
  },
  'instrument-unreachable': {
    message: 'The instrument cannot be reached.',
    action: 'Check its power, its cable and its address, then test again.',
    more: 'Instrument {instrument} {address}',
  },
  'instrument-silent': {
    message: 'The instrument does not answer.',
    action: 'Check that it is switched on and set to remote control, then test again.',
    more: 'Instrument {instrument}',
  },
  'instrument-error': {
    message: 'The instrument reports an error.',
    action: 'Call the engineer: its settings or the recipe are wrong.',
    more: 'Instrument {instrument}: {value}',
  },
};
