import type { Translation } from '#services/i18n/index.ts';
import type { stationInstrumentsZhCN } from './instrument-words.zh-cn.ts';

/** Texts of the instruments. */
export const stationInstrumentsEn: Translation<typeof stationInstrumentsZhCN> = {
  'station.instruments': 'Instruments',
  'station.instruments.about':
    'power supplies, meters and others that recipes use by name; each is lent to one slot at a time',
  'station.instruments.none': 'This station has no instruments.',
  'station.instruments.add': 'Add an instrument',
  'station.instruments.edit': 'Change',
  'station.instruments.editThis': 'Change {name}',
  'station.instruments.remove': 'Remove',
  'station.instruments.removeThis': 'Remove {name}?',
  'station.instruments.removeAbout': 'Recipes that need it can start no test then.',
  'station.instruments.test': 'Ask *IDN?',
  'station.instruments.connect': 'Try to connect',
  'station.instruments.testing': 'Asking the instrument…',
  'station.instruments.answered': '{name}: {text} ({ms} ms)',
  'station.instruments.connected': '{name} can be connected to ({ms} ms).',
  'station.instruments.name': 'Name',
  'station.instruments.nameHint': 'As recipes write it, such as psu or dmm.',
  'station.instruments.nameWrong':
    'Begin with a lower-case letter; use lower-case letters, digits and - only.',
  'station.instruments.nameTaken': 'This slot has an instrument of this name already.',
  'station.instruments.slot': 'Slot',
  'station.instruments.slotHint': 'Empty: all slots share it, in turns.',
  'station.instruments.slotAll': 'all',
  'station.instruments.slotWrong': 'Type a whole number from 1 to 64, or nothing.',
  'station.instruments.address': 'Address',
  'station.instruments.addressHint': 'On the network as tcp://192.168.1.60:5025, or a serial port.',
  'station.instruments.addressWrong': 'Type tcp://host:port, or a serial port.',
  'station.instruments.kind': 'Kind',
  'station.instruments.kind.scpi': 'SCPI instrument',
  'station.instruments.kind.scpiHint': 'Has *IDN? and an error queue (IEEE 488.2).',
  'station.instruments.kind.text': 'Text device',
  'station.instruments.kind.textHint':
    'Any device that sends and receives lines of text. Nothing proves that its answer belongs to the last question: a late one is recognised by the pause before it only.',
  'station.instruments.kind.place': 'Shared place',
  'station.instruments.kind.placeHint':
    'Nothing is sent to it. With the name code-screen: slots whose units see the same screen show their Wi-Fi codes in turns.',
  'station.instruments.placeHint':
    'Any text, such as left: slots with the same text have the place in turns.',
  'station.instruments.end': 'End of a message',
  'station.instruments.end.lf': 'LF',
  'station.instruments.end.crlf': 'CR LF',
  'station.instruments.end.cr': 'CR',
  'station.instruments.end.none': 'none',
  'station.instruments.baud': 'Baud rate',
  'station.instruments.baudWrong': 'Type a whole number from 300 to 4000000.',
  'station.instruments.checksErrors': 'Read the error queue after each step',
  'station.instruments.checksErrorsHint': 'With SYST:ERR?; an error in it makes the step ERROR.',
  'station.instruments.onRelease': 'Sent when it is given back',
  'station.instruments.onReleaseHint':
    'Such as OUTP OFF: it is sent after a test has ended, was stopped or has failed.',
  'station.instruments.turn': 'Longest wait, seconds',
  'station.instruments.turnHint': 'How long a test waits while another slot has the instrument.',
  'station.instruments.turnWrong': 'Type a whole number from 1 to 3600.',
  'station.check.instruments': 'Instruments',
  'station.check.instrument': 'Instrument',
  'station.remedy.instruments': 'Add the instruments that the recipe of the selected batch needs.',
  'station.remedy.instrument': 'Check its power, its cable and its address.',
  'station.trail.action.settings.instruments': 'Changed the instruments',
};
