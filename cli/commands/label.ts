import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import { shareFile } from '#node-kit/files/index.ts';
import type { PrinterSetting } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { PRINTER_LANGUAGES } from '#shared/domain/label-printer.ts';
import {
  type NamedTemplate,
  type ReadableDatabase,
  readStoredRecipe,
  runLabel,
  toLabelPrintView,
  writeLabelFile,
} from '#station';
import { type CommonOptions, command, group, interruptSignal, wholeNumber } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { formatLocalTime } from '../format-time.ts';
import { findBatch } from '../lookup/batch.ts';
import { findRun, RUN_HELP } from '../lookup/run.ts';
import { createOutput, type Output, table } from '../output.ts';
import { printerSettingOf, SIZE_HELP } from '../printer-setting.ts';
import { withCalls } from '../with-calls.ts';
import { withDatabase } from '../with-station.ts';
import {
  DPI_HELP,
  findTemplate,
  labelTemplateCommands,
  resolution,
  templateText,
} from './label-templates.ts';

interface PrintOptions extends CommonOptions {
  readonly run: string;
  readonly to?: string;
  readonly copies: number;
  readonly reason?: string;
  readonly language?: PrinterSetting['language'];
  readonly template?: string;
  readonly dpi?: number;
  readonly size?: string;
  readonly gap?: string;
}

/** How a print is named. */
const PRINT_HELP = 'id of the print, see "label list"; or a run, for those of its labels that can be changed';

type LabelPrint = ReturnType<typeof toLabelPrintView>;

export function labelCommand(): Command {
  return group('label', 'labels of units: files, prints and what became of them', [
    command('print', 'the label of a run that passed, as a file or on a printer')
      .requiredOption('--run <run>', RUN_HELP)
      .option(
        '--to <place>',
        'file.svg, file.png, file.pdf, file.zpl, file.tspl, zpl://HOST:9100, tspl://HOST:9100 or queue:NAME (default: the printer of the station)',
      )
      .option('--copies <n>', 'labels', wholeNumber(1, 20), 1)
      .option('--reason <text>', 'why it is printed; without one a label that waits is printed first')
      .addOption(
        new Option(
          '--language <which>',
          'language of a queue (default: that of the station’s printer)',
        ).choices(PRINTER_LANGUAGES),
      )
      .option('--template <template>', 'a file, or the name of a template, in place of that of the recipe')
      .option('--dpi <n>', DPI_HELP, resolution)
      .option('--size <mm>', SIZE_HELP)
      .option('--gap <mm>', 'gap between two labels in mm')
      .action(print),
    command('list', 'labels that were printed, the newest first')
      .option('--run <run>', RUN_HELP)
      .option('--open', 'only those with which somebody must still do something')
      .option('--limit <n>', 'maximum number', wholeNumber(1, 10_000), 50)
      .action(list),
    command('void', 'declare a label void')
      .argument('<print>', PRINT_HELP)
      .requiredOption('--reason <text>', 'why')
      .action(voidLabel),
    command('confirm', 'say whether a label came out whose fate is not known')
      .argument('<print>', PRINT_HELP)
      .option('--not-out', 'it did not come out: it is printed again')
      .action(confirm),
    command('skip', 'leave out a label that was not printed')
      .argument('<print>', PRINT_HELP)
      .requiredOption('--reason <text>', 'why')
      .action(skip),
    ...labelTemplateCommands(),
  ]);
}

const PRINTER_PLACE = /^(?:zpl|tspl|tcp):\/\/|^queue:/;

async function print(options: PrintOptions): Promise<void> {
  const { to } = options;
  if (to !== undefined && !PRINTER_PLACE.test(to)) return writeFile(options, to);
  const out = createOutput(options);
  const signal = interruptSignal();
  const why = options.reason?.trim() ?? null;
  if (why === '')
    throw new Fault('bad-input', 'the reason is empty', { hint: 'Say why the label is printed.' });
  await withCalls(options, async ({ database, call }) => {
    const { run } = findRun(database, options.run);
    const known = (await call('printer.get', {}, signal)).setting;
    const { prints } = await call(
      'labels.printRun',
      {
        runId: run.runId,
        reason: why,
        copies: options.copies,
        setting: to === undefined ? null : printerSettingOf(to, options, known),
        template: options.template === undefined ? null : await templateText(database, options.template),
      },
      signal,
    );
    for (const view of prints) {
      report(out, view);
      if (view.state !== 'printed') process.exitCode = EXIT_STATUS.environment;
    }
  });
}

async function writeFile(options: PrintOptions, to: string): Promise<void> {
  const out = createOutput(options);
  const path = resolve(to);
  const label = await withDatabase(options, async (database) => {
    const { run } = findRun(database, options.run);
    const batch = findBatch(database.batches, run.batchId);
    const recipe = readStoredRecipe(database.batches, batch.recipeHash, `recipe of batch ${batch.name}`);
    const template = await templateFor(options, database);
    return { runId: run.runId, ...runLabel(database, run, recipe, { template }) };
  });
  await writeLabelFile(path, label, { dpi: options.dpi ?? 300 });
  shareFile(path);
  out.event('label.written', { run: label.runId, path, payload: label.payload });
  out.print(path);
}

/** The template of `--template`; undefined for that of the recipe. */
async function templateFor(
  { template }: PrintOptions,
  database: Parameters<typeof findTemplate>[0],
): Promise<NamedTemplate | undefined> {
  return template === undefined ? undefined : await findTemplate(database, template);
}

async function list(
  options: CommonOptions & { readonly run?: string; readonly open?: boolean; readonly limit: number },
): Promise<void> {
  const out = createOutput(options);
  await withDatabase(options, (database) => {
    const { labelPrints } = database;
    const rows =
      options.run !== undefined
        ? labelPrints.listOfRun(findRun(database, options.run).run.runId)
        : options.open === true
          ? labelPrints.listOpen(options.limit)
          : labelPrints.list(options.limit);
    const views = rows.map(toLabelPrintView);
    for (const view of views) out.event('label.row', eventOf(view));
    if (views.length === 0) return out.print('no label');
    out.print(table(HEADER, views.map(cellsOf)));
  });
}

const HEADER = [
  'asked (local time)',
  'serial number',
  'DeviceName',
  'copy',
  'why',
  'what became of it',
  'void',
  'print',
];

function cellsOf(view: LabelPrint): string[] {
  return [
    formatLocalTime(view.askedAtMs),
    view.serialNumber ?? '-',
    view.deviceName ?? '-',
    String(view.copy),
    view.why === '' ? view.reason : `${view.reason}: ${view.why}`,
    view.fault === null || view.state === 'printed' ? view.state : `${view.state} (${view.fault.code})`,
    view.voidAtMs === null ? '' : `${formatLocalTime(view.voidAtMs)}: ${view.voidReason ?? ''}`,
    view.printId,
  ];
}

async function voidLabel(id: string, options: CommonOptions & { readonly reason: string }): Promise<void> {
  const out = createOutput(options);
  await withCalls(options, async ({ database, call }) => {
    for (const { printId } of printsOf(database, id, ({ voidAtMs }) => voidAtMs === null))
      report(out, await call('labels.void', { printId, reason: options.reason }));
  });
}

async function skip(id: string, options: CommonOptions & { readonly reason: string }): Promise<void> {
  const out = createOutput(options);
  await withCalls(options, async ({ database, call }) => {
    for (const { printId } of printsOf(database, id, isOpen))
      report(out, await call('labels.skip', { printId, reason: options.reason }));
  });
}

async function confirm(id: string, options: CommonOptions & { readonly notOut?: boolean }): Promise<void> {
  const out = createOutput(options);
  const cameOut = options.notOut !== true;
  const signal = interruptSignal();
  await withCalls(options, async ({ database, call }) => {
    for (const { printId } of printsOf(database, id, isUnsure)) {
      const settled = await call('labels.settle', { printId, cameOut });
      report(out, cameOut ? settled : await call('labels.print', { printId }, signal));
    }
  });
}

type PrintRow = ReturnType<ReadableDatabase['labelPrints']['listOfRun']>[number];

const isUnsure = ({ state }: PrintRow): boolean => state === 'unconfirmed' || state === 'held';
const isOpen = (row: PrintRow): boolean =>
  isUnsure(row) || row.state === 'asked' || row.state === 'waiting' || row.state === 'failed';

/** A print by its id or its beginning, or those of a run that fit. Faults: `not-found`, `bad-input` for an ambiguous text. */
function printsOf(
  database: ReadableDatabase,
  text: string,
  fits: (row: PrintRow) => boolean,
): readonly PrintRow[] {
  const { labelPrints } = database;
  const exact = labelPrints.findById(text.trim());
  if (exact !== null) return [exact];
  const begun =
    text.trim().length < MIN_ID
      ? []
      : labelPrints.list(MAX_SEARCHED).filter((row) => row.printId.startsWith(text.trim()));
  if (begun.length > 0)
    return begun.length === 1 ? begun : refuse(`${text} is the beginning of several prints`);
  const rows = labelPrints.listOfRun(findRun(database, text).run.runId).filter(fits);
  return rows.length > 0 ? rows : refuse(`no print of ${text} can be changed like this`);
}

const MIN_ID = 6;
const MAX_SEARCHED = 10_000;

function refuse(message: string): never {
  throw new Fault('not-found', message, { hint: 'List the prints with "label list".' });
}

function report(out: Output, view: LabelPrint): void {
  out.event(view.voidAtMs === null ? `label.${view.state}` : 'label.void', eventOf(view));
  const of = view.serialNumber ?? view.deviceName ?? view.printId;
  if (view.voidAtMs !== null) return out.print(`label of ${of}: void`);
  out.print(
    `label of ${of}, copy ${view.copy}: ${view.state}${view.fault === null ? '' : ` (${view.fault.message})`}`,
  );
}

function eventOf({ printId, runId, ...view }: LabelPrint): object {
  return { print: printId, run: runId, ...view };
}
