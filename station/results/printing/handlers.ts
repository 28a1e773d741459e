import type { PrinterPlace, PrinterView, SectionHandlers } from '#shared/contract/index.ts';
import { placeOfQueue } from '#shared/domain/label-printer.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { Printer } from './printer.ts';
import type { PrinterSettings } from './settings.ts';
import { testLabel } from './test-label.ts';

export interface PrinterOptions {
  readonly platform: Platform;
  readonly printer: Printer;
  readonly printerSettings: PrinterSettings;
  readonly settings: { station(): string };
}

/** The longest wait for the print system's list; without its answer the queue's name can be typed. */
const LIST_MS = 10_000;

export function printerHandlers({
  platform,
  printer,
  printerSettings,
  settings,
}: PrinterOptions): SectionHandlers<'printer'> {
  const view = async (signal: AbortSignal): Promise<PrinterView> => ({
    setting: printerSettings.get(),
    places: await listPlaces(platform, signal),
  });
  return {
    'printer.get': (_, { signal }) => view(signal),
    'printer.set': ({ setting }, { by, signal }) => {
      printerSettings.set(setting, by);
      return view(signal);
    },
    'printer.state': (_, { signal }) => printer.state(signal),
    'printer.test': (_, { signal }) => {
      const setting = printerSettings.get();
      // `print` refuses a station without a printer.
      const label =
        setting === null
          ? new Uint8Array()
          : testLabel(setting, settings.station(), new Date(platform.clock.nowMs()));
      return printer.print(label, signal);
    },
  };
}

/** Queues first, then printers on USB, then serial ports, which may have a printer. */
async function listPlaces(
  { hostPrinters, devicePorts, log }: Platform,
  signal: AbortSignal,
): Promise<PrinterPlace[]> {
  const listing = AbortSignal.any([signal, AbortSignal.timeout(LIST_MS)]);
  let printers: PrinterPlace[] = [];
  try {
    const found = (await hostPrinters?.list(listing)) ?? [];
    printers = found.map(({ kind, name, title }) => ({
      place: kind === 'queue' ? placeOfQueue(name) : name,
      kind,
      title,
    }));
  } catch (error) {
    if (signal.aborted) throw error;
    log.error('printer.not-listed', error);
  }
  const ports = (await devicePorts.list?.()) ?? [];
  return [
    ...printers,
    ...ports.map(({ usbPath, path, title }) => ({ place: usbPath ?? path, kind: 'serial' as const, title })),
  ];
}
