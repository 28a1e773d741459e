import type { Translation } from '#services/i18n/index.ts';
import type { stationPrinterZhCN } from './printer-words.zh-cn.ts';

/** Texts of the label printer. */
export const stationPrinterEn: Translation<typeof stationPrinterZhCN> = {
  'station.printer': 'Label printer',
  'station.printer.about': 'one for all slots of this station',
  'station.printer.reach': 'How it is connected',
  'station.printer.reach.none': 'No label printer',
  'station.printer.reach.noneHint':
    'The label of a unit is on the page of its passed run, and can be saved there.',
  'station.printer.reach.network': 'By the network',
  'station.printer.reach.networkHint': 'The printer has an address of its own, and usually the port 9100.',
  'station.printer.reach.computer': 'At this computer',
  'station.printer.reach.computerHint': 'A print queue of the system, a USB printer or a serial port.',
  'station.printer.host': 'Address of the printer',
  'station.printer.hostHint':
    'Such as 192.168.1.50. The menu of the printer or its self-test label shows it.',
  'station.printer.hostMissing': 'Type the address of the printer.',
  'station.printer.port': 'TCP port',
  'station.printer.portWrong': 'Type a whole number from 1 to 65535.',
  'station.printer.place': 'Printer',
  'station.printer.placeHint':
    'A print queue says that a job was sent, not that the label came out. A printer that is connected directly answers about its state.',
  'station.printer.placesNone': 'This computer has no print queue, no USB printer and no serial port.',
  'station.printer.placeMissing': 'Choose a printer.',
  'station.printer.absent': 'not connected now',
  'station.printer.kind.queue': 'print queue',
  'station.printer.kind.usb': 'USB printer',
  'station.printer.kind.serial': 'serial port',
  'station.printer.baud': 'Baud rate',
  'station.printer.baudWrong': 'Type a whole number from 300 to 1000000.',
  'station.printer.language': 'Language of the printer',
  'station.printer.language.zpl': 'Zebra, and printers that understand ZPL II',
  'station.printer.language.tspl': 'TSC, Gprinter, Deli, HPRT and others',
  'station.printer.resolution': 'Resolution',
  'station.printer.resolutionHint':
    'The type plate of the printer has it. With a wrong one labels are printed too large or too small.',
  'station.printer.dpi': '{text} dpi',
  'station.printer.width': 'Width of a label, mm',
  'station.printer.height': 'Height of a label, mm',
  'station.printer.gap': 'Gap between labels, mm',
  'station.printer.widthWrong': 'Type 10 to 250.',
  'station.printer.heightWrong': 'Type 5 to 500.',
  'station.printer.gapWrong': 'Type 0 to 20.',
  'station.printer.state': 'State of the printer',
  'station.printer.stateAbout': 'as the printer itself reports it',
  'station.printer.ask': 'Ask again',
  'station.printer.test': 'Print a test label',
  'station.printer.testAbout':
    'The test label has a frame, its size and a code: with a whole frame and a code that can be scanned, size and resolution are right.',
  'station.printer.asking': 'Asking the printer…',
  'station.printer.printing': 'Printing; waiting for the label to come out…',
  'station.printer.printed': 'The label was printed.',
  'station.printer.sent': 'The label was sent. The printer did not answer; look whether it came out.',
  'station.printer.ready': 'The printer is ready.',
  'station.printer.stopped': 'The printer does not print:',
  'station.printer.silent':
    'The printer does not answer. That is normal for a print queue and for a connection in one direction. Otherwise check the language, and whether paper or ribbon is missing or the print head is open: some printers do not answer then.',
  'station.printer.waiting':
    '{count} {count|label|labels} {count|is|are} in the printer and not printed yet.',
  'station.printer.problem.head-open': 'The print head is open. Close it until it clicks.',
  'station.printer.problem.paper-out': 'There is no paper. Put in a roll of labels.',
  'station.printer.problem.ribbon-out':
    'There is no ribbon. Put one in; for thermal paper switch the ribbon off at the printer.',
  'station.printer.problem.jam': 'A label is jammed. Open the printer and take it out.',
  'station.printer.problem.paused': 'The printer is paused. Press the pause key of the printer.',
  'station.printer.problem.too-hot': 'The print head is too hot. Wait until it has cooled.',
  'station.printer.problem.too-cold': 'The print head is too cold. Wait until it is warm.',
  'station.printer.problem.memory-lost': 'The printer has lost its settings. Set it up again.',
  'station.printer.problem.buffer-full':
    'The memory of the printer is full. Wait until it has printed, or switch it off and on.',
  'station.printer.problem.offline':
    'The print queue is stopped or takes no jobs. Enable it in the printer settings of the system.',
  'station.printer.problem.other': 'The printer reports another error. Look at its display or its lights.',
  'station.trail.action.label.confirm': 'Said whether a label came out',
  'station.trail.action.label.reprint': 'Printed a label again',
  'station.trail.action.label.skip': 'Left a label out',
  'station.trail.action.label.void': 'Declared a label void',
  'station.trail.action.settings.printer': 'Changed the label printer',
};
