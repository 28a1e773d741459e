import type { PrinterSetting } from '#shared/contract/index.ts';
import type { PlainMessageKey } from '#services/i18n/index.ts';

/** How a printer is reached, as the form asks for it. */
export type Reach = 'none' | 'network' | 'computer';

/** What the form shows. A number that is not typed is ''. */
export interface PrinterDraft {
  reach: Reach;
  host: string;
  port: number | string;
  /** A queue or a port of the computer; '' when none is chosen. */
  place: string;
  baudRate: number | string;
  language: PrinterSetting['language'];
  dpi: PrinterSetting['dpi'];
  widthMm: number | string;
  heightMm: number | string;
  gapMm: number | string;
}

const RAW_PORT = 9100;

/** The stored setting as the form shows it; without one, the values of a common printer. */
export function draftOf(setting: PrinterSetting | null): PrinterDraft {
  const { place, ...rest } = setting ?? {
    place: null,
    language: 'zpl',
    dpi: 203,
    widthMm: 50,
    heightMm: 30,
    gapMm: 2,
    baudRate: 9600,
  };
  const empty = { host: '', port: RAW_PORT, place: '' };
  if (place === null) return { reach: 'none', ...empty, ...rest };
  if (!place.startsWith('tcp:')) return { reach: 'computer', ...empty, place, ...rest };
  const { hostname, port } = new URL(place);
  return { reach: 'network', ...empty, host: hostname, port: Number(port), ...rest };
}

export type PrinterField = 'host' | 'port' | 'place' | 'baudRate' | 'widthMm' | 'heightMm' | 'gapMm';

/** The fields that cannot be saved as they are, with the text that says what to type. */
export function problemsOf(draft: PrinterDraft): Partial<Record<PrinterField, PlainMessageKey>> {
  if (draft.reach === 'none') return {};
  const within = (value: number | string, min: number, max: number): boolean =>
    typeof value === 'number' && value >= min && value <= max;
  const isWhole = (value: number | string): boolean => Number.isInteger(value);
  const problems: Partial<Record<PrinterField, PlainMessageKey>> = {};
  if (draft.reach === 'network') {
    if (!URL.canParse(`tcp://${hostIn(draft.host)}:1`)) problems.host = 'station.printer.hostMissing';
    if (!within(draft.port, 1, 65_535) || !isWhole(draft.port)) problems.port = 'station.printer.portWrong';
  } else {
    if (draft.place === '') problems.place = 'station.printer.placeMissing';
    if (isSerial(draft.place) && (!within(draft.baudRate, 300, 1_000_000) || !isWhole(draft.baudRate)))
      problems.baudRate = 'station.printer.baudWrong';
  }
  if (!within(draft.widthMm, 10, 250)) problems.widthMm = 'station.printer.widthWrong';
  if (!within(draft.heightMm, 5, 500)) problems.heightMm = 'station.printer.heightWrong';
  if (!within(draft.gapMm, 0, 20)) problems.gapMm = 'station.printer.gapWrong';
  return problems;
}

/** The setting of a draft without problems. */
export function settingOf(draft: PrinterDraft): PrinterSetting | null {
  if (draft.reach === 'none') return null;
  const { language, dpi } = draft;
  return {
    place: draft.reach === 'network' ? `tcp://${hostIn(draft.host)}:${draft.port}` : draft.place,
    language,
    dpi,
    widthMm: Number(draft.widthMm),
    heightMm: Number(draft.heightMm),
    gapMm: Number(draft.gapMm),
    baudRate: isSerial(draft.place) ? Number(draft.baudRate) : 9600,
  };
}

/** Only a serial port has a bit rate. */
export function isSerial(place: string): boolean {
  return place !== '' && !place.startsWith('queue:') && !place.startsWith('/dev/usb/lp');
}

/** A host as it stands in an address: an IPv6 address in brackets. */
function hostIn(typed: string): string {
  const host = typed.trim();
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
