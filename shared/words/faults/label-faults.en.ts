import type { FaultDictionary } from './fault-dictionary.ts';

/** Faults of the label printer and of labels. */
export const labelFaultsEn: Pick<
  FaultDictionary,
  | 'printer-unreachable'
  | 'printer-not-ready'
  | 'printer-lost'
  | 'label-pending'
  | 'label-old'
  | 'label-wrong'
  | 'template-in-use'
> = {
  'printer-unreachable': {
    message: 'The label printer cannot be reached.',
    action: 'Check its power, its cable and its address.',
    more: 'Printer {place}',
  },
  'printer-not-ready': {
    message: 'The label printer does not print.',
    action: 'Look at paper, ribbon, print head and the pause key of the printer.',
    more: 'Printer {place}',
  },
  'printer-lost': {
    message: 'The connection to the label printer broke.',
    action: 'Look whether the label came out before it is printed again.',
    more: 'Printer {place}',
  },
  'label-pending': {
    message: 'The unit on this slot has not got its label.',
    action: 'Answer what the slot asks about the label, then scan again.',
    more: 'Slot {slot}',
  },
  'label-old': {
    message: 'This is an old label.',
    action: 'Take it off. Take the unit to the returns desk if it has no other label.',
    more: '{deviceName} is void since {since}[: {because}]',
  },
  'template-in-use': {
    message: 'This label template is in use.',
    action: 'Close these batches, or withdraw these recipes, first.',
    more: '[Recipe: {recipes}.][ Batch: {batches}.]',
  },
  'label-wrong': {
    message: 'This is not the label of this unit.',
    action: 'Check the labels of the units that were labelled last.',
    more: '[Label of {of}][, void since {since}][: {because}]',
  },
};
