import type { LabelPrintView, PrinterPlace, PrinterView, SectionHandlers } from '#shared/contract/index.ts';
import { placeOfQueue } from '#shared/domain/label-printer.ts';
import type { LabelPrintRow, ReadableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { requireTemplate } from '../labels/index.ts';
import type { LabelPrints } from './label-prints.ts';
import type { Printer } from './printer.ts';
import type { PrinterSettings } from './settings.ts';

export interface PrinterOptions {
  readonly platform: Platform;
  readonly printer: Printer;
  readonly prints: LabelPrints;
  readonly printerSettings: PrinterSettings;
  readonly settings: { station(): string };
}

/** The longest wait for the print system's list; without its answer the queue's name can be typed. */
const LIST_MS = 10_000;

export function printerHandlers({
  platform,
  printer,
  prints,
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
    'printer.test': (_, { by, signal }) => prints.printTest(settings.station(), by, signal),
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

/** What is said of a label that is printed without a reason of its own. */
const NO_REASON = 'printed at a terminal';
/** The most prints in one answer. */
const MAX_LISTED = 500;

export function labelHandlers({
  database,
  prints,
}: {
  readonly database: ReadableDatabase;
  readonly prints: LabelPrints;
}): SectionHandlers<'labels'> {
  /** The labels of a run that were not sent yet, ready to be sent. */
  const waitingOf = (runId: string): LabelPrintRow[] =>
    database.labelPrints
      .listOfRun(runId)
      .filter(({ state, voidAtMs }) => voidAtMs === null && (state === 'failed' || state === 'waiting'))
      .map((row) => (row.state === 'failed' ? prints.queue(row.printId) : row));
  return {
    'labels.list': ({ runId, ofIdentity }) => {
      const { labelPrints, runs } = database;
      if (runId === null) return { prints: labelPrints.listOpen(MAX_LISTED).map(toLabelPrintView) };
      const tripleId = ofIdentity === true ? (runs.findById(runId)?.tripleId ?? null) : null;
      const rows = tripleId === null ? labelPrints.listOfRun(runId) : labelPrints.listOfTriple(tripleId);
      return { prints: rows.map(toLabelPrintView) };
    },
    'labels.reprint': async ({ runId, reason, copies }, { by, signal }) => {
      const rows = prints.reprint(runId, { why: reason, copies }, by);
      const printed: LabelPrintView[] = [];
      for (const { printId } of rows) printed.push(toLabelPrintView(await prints.print(printId, signal)));
      return { prints: printed };
    },
    'labels.printRun': async ({ runId, reason, copies, setting, template: source }, { by, signal }) => {
      const template = source === null ? undefined : requireTemplate(source, 'the template');
      const waiting = reason === null && copies === 1 && template === undefined ? waitingOf(runId) : [];
      // A label that waits is printed before another one is made.
      const rows =
        waiting.length > 0
          ? waiting
          : prints.reprint(runId, { why: reason ?? NO_REASON, copies, template }, by);
      const printed: LabelPrintView[] = [];
      for (const { printId } of rows)
        printed.push(toLabelPrintView(await prints.print(printId, signal, { setting, template })));
      return { prints: printed };
    },
    'labels.print': async ({ printId }, { signal }) => {
      if (prints.get(printId).state === 'failed') prints.queue(printId);
      return toLabelPrintView(await prints.print(printId, signal));
    },
    'labels.settle': ({ printId, cameOut }, { by }) => toLabelPrintView(prints.settle(printId, cameOut, by)),
    'labels.skip': ({ printId, reason }, { by }) => toLabelPrintView(prints.skip(printId, reason, by)),
    'labels.void': ({ printId, reason }, { by }) => toLabelPrintView(prints.voidLabel(printId, reason, by)),
  };
}

/** A print as pages get it. */
export function toLabelPrintView({
  unitId,
  tripleId,
  askedAtMs,
  wantsScan,
  ...row
}: LabelPrintRow): LabelPrintView {
  return { ...row, askedAtMs };
}
