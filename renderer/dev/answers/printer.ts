import type { PrinterState, PrinterView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Answers } from '../mock-station.ts';

/** A network printer without paper: the first test label says so, and with paper the next one comes out. */
export function printerAnswers(): Answers {
  let view: PrinterView = {
    setting: {
      place: 'tcp://192.168.1.50:9100',
      language: 'zpl',
      dpi: 203,
      widthMm: 50,
      heightMm: 30,
      gapMm: 2,
      baudRate: 9600,
    },
    places: [
      { place: 'queue:Zebra_ZD421', kind: 'queue', title: null },
      { place: '/dev/usb/lp0', kind: 'usb', title: 'TTP-244 Pro' },
      { place: 'usb:1-1.3', kind: 'serial', title: 'QinHeng Electronics CH340' },
    ],
  };
  let hasPaper = false;
  const state = (): PrinterState =>
    hasPaper
      ? { condition: 'ready', problems: [], waiting: 0 }
      : { condition: 'stopped', problems: ['paper-out'], waiting: 1 };
  return {
    'printer.get': () => view,
    'printer.set': ({ setting }) => {
      view = { ...view, setting };
      return view;
    },
    'printer.state': () => state(),
    'printer.test': () => {
      if (hasPaper) return { isConfirmed: true, state: state() };
      hasPaper = true;
      throw new Fault(
        'printer-not-ready',
        'the label printer tcp://192.168.1.50:9100 does not print: paper-out',
        {
          details: { place: 'tcp://192.168.1.50:9100', problem: 'paper-out', isHeld: false },
        },
      );
    },
  };
}
