import { type Command, Option } from 'commander';
import { MIN_REASON, PAPERS, type UnitReport } from '#shared/contract/index.ts';
import { counted, LANGUAGES } from '#shared/words/index.ts';
import { HOST_OPTIONS } from '#shared/host/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type FlashReached, formatFlashReached } from '#shared/domain/flash-reached.ts';
import { macOrNull, UNIT_ID_WORDS, type UnitId, unitIdOrNull } from '#shared/domain/unit-id.ts';
import { type ApproverFlags, approverOf, beforeApproval, withApprover } from '../approval.ts';
import {
  createNodePlatform,
  findUnitReport,
  pendingCases,
  reachRegistry,
  type ReadableDatabase,
  readRecipe,
  readRegistryUrl,
  type RegistryClient,
  type Station,
} from '#station';
import { type CommonOptions, command, dataDirOf, group, interruptSignal } from '../command.ts';
import { formatUtcTime } from '../format-time.ts';
import { findBatch } from '../lookup/batch.ts';
import { RUN_HELP } from '../lookup/run.ts';
import { createOutput, type Output, table } from '../output.ts';
import { formatRefusal } from '../print-registry-log.ts';
import { ownTerminal, TransferLine } from '../run/transfer-line.ts';
import { TransferReports } from '../run/transfer-reports.ts';
import { certificate } from './unit/certificate.ts';
import { unbind } from './unit/unbind.ts';
import { withDatabase, withStation } from '../with-station.ts';

interface ReflashOptions extends CommonOptions, ApproverFlags {
  readonly slot: string;
  readonly ble?: string;
  readonly keep?: boolean;
  readonly reissue?: boolean;
  readonly retire?: boolean;
  readonly firmware?: string;
  readonly batch?: string;
  readonly reason: string;
  readonly user: string;
}

const { ble: BLE } = HOST_OPTIONS;
const BATCH_NAMES = 'its id, its name, or the beginning of either';

export function unitCommand(): Command {
  return group('unit', 'returned units: identify, show the history, decide about the identity', [
    command('show', 'all records of a unit, without reading it')
      .argument('<unit>', 'serial number, MAC, DeviceName, or PRODUCT/DEVICE')
      .action(show),
    withApprover(
      command('unbind', 'release a unit from its owner at the registry, which tells the unit')
        .argument('<unit>', 'serial number, MAC, DeviceName, or PRODUCT/DEVICE')
        .requiredOption('--reason <text>', 'reason of the decision'),
      'who approved it',
    ).action(unbind),
    command('waiting', 'units that stopped a slot and wait for a decision').action(waiting),
    command('certificate', 'write the signed birth certificate of a unit that has passed')
      .argument('<unit>', RUN_HELP)
      .requiredOption('--out <file>', 'file.json, or file.pdf for people, which has the signed file attached')
      .addOption(new Option('--language <language>', 'of a PDF; zh-CN when left out').choices(LANGUAGES))
      .addOption(new Option('--paper <paper>', 'of a PDF; A4 when left out').choices(PAPERS))
      .action(certificate),
    command('read', 'read the identity of the unit on a slot')
      .requiredOption('--slot <path>', 'path of its serial port (not the number of a slot)')
      .addOption(
        new Option(
          '--flash',
          'read the flash of an ESP32; needs no recipe, and no firmware in the unit',
        ).conflicts(['recipe', 'batch']),
      )
      .addOption(
        new Option(
          '--recipe <file>',
          'read it as this recipe says, not as that of the selected or else the newest batch',
        ).conflicts('batch'),
      )
      .option('--batch <batch>', `read it as the recipe of this batch says: ${BATCH_NAMES}`)
      .option(BLE.flags, BLE.help)
      .action(read),
    withApprover(
      command('reflash', 'write the firmware of the unit on a slot; keep, re-issue or retire its identity')
        .requiredOption('--slot <path>', 'path of its serial port (not the number of a slot)')
        .addOption(new Option('--keep', 'write the same identity again').conflicts(['reissue', 'retire']))
        .addOption(
          new Option('--reissue', 'retire the old identity, burn a new one').conflicts(['keep', 'retire']),
        )
        .addOption(new Option('--retire', 'never use the identity again').conflicts(['keep', 'reissue']))
        .option('--firmware <id>', 'write this firmware first (see "firmware list")')
        .option(
          '--batch <batch>',
          `read, flash and write it as the recipe of this batch says, not as that of the selected or else the newest batch: ${BATCH_NAMES}`,
        )
        .option(BLE.flags, BLE.help)
        .requiredOption('--reason <text>', 'reason of the decision'),
      'who approved it',
    )
      .option('--user <name>', 'who handles the return', 'terminal')
      .action(reflash),
  ]);
}

async function show(unit: string, options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  await withDatabase(options, async (database) => {
    const registry = await registryOf(database, options, out);
    const isRegistryBound = readRegistryUrl(database) !== null;
    const found = { database, registry: () => registry, isRegistryBound };
    printResult(out, await findUnitReport(found, unit, signal));
  });
}

/** The registry, which needs the key of its token; without that key the records of this station are shown alone. */
async function registryOf(
  database: ReadableDatabase,
  options: CommonOptions,
  out: Output,
): Promise<RegistryClient | null> {
  try {
    return await reachRegistry(database, createNodePlatform(dataDirOf(options)));
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'secret-unreadable') throw error;
    out.notice(`note: the registry was not asked, because ${error.message}`);
    return null;
  }
}

async function waiting(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  await withDatabase(options, (database) => {
    const units = pendingCases(database);
    for (const { failure, ...unit } of units) out.event('unit.waiting', { ...unit, ...failure });
    const rows = units.map(({ serialNumber, slot, atMs, failure, ...unit }) => [
      formatUtcTime(atMs),
      serialNumber ?? '-',
      formatUnitId(unit) ?? '-',
      String(slot),
      failure.message,
    ]);
    out.print(
      rows.length === 0
        ? 'no unit waits for a decision'
        : table(['time (UTC)', 'serial number', 'unit id', 'slot', 'reason'], rows),
    );
  });
}

interface ReadOptions extends CommonOptions {
  readonly slot: string;
  readonly ble?: string;
  readonly flash?: boolean;
  readonly recipe?: string;
  readonly batch?: string;
}

async function read(options: ReadOptions): Promise<void> {
  const out = createOutput(options);
  const { flash = false, recipe: file, batch } = options;
  const recipe = file === undefined ? null : await readRecipe(file);
  await withStation(
    options,
    async (station) => {
      const ofBatch = batch === undefined ? null : recipeOf(station, batch);
      const by = flash ? 'flash' : (recipe ?? ofBatch ?? 'recipe');
      printResult(out, await station.returns.read(1, interruptSignal(), by));
    },
    // A support person may have a computer without a station.
    { slots: [options.slot], ble: options.ble, createIfMissing: flash || recipe !== null },
  );
}

/** Faults: those of `findBatch` and of `Batches.recipeOf`. */
function recipeOf(station: Station, batch: string): ReturnType<Station['batches']['recipeOf']> {
  return station.batches.recipeOf(findBatch(station.database.batches, batch).batchId);
}

async function reflash(options: ReflashOptions): Promise<void> {
  const plain = createOutput(options);
  using transfers = new TransferLine(plain, ownTerminal(plain));
  const out = transfers.output;
  const reports = new TransferReports(() => performance.now());
  const { keep, reissue, retire, firmware, batch, reason, approver, user } = options;
  const signal = interruptSignal();
  const action = keep === true ? 'keep' : reissue === true ? 'reissue' : retire === true ? 'retire' : null;
  if (action === null && firmware === undefined) {
    throw new Fault('bad-input', 'a decision about the unit is missing', {
      hint: 'Give --keep, --reissue or --retire, or --firmware, or both.',
    });
  }
  if (reason.trim().length < MIN_REASON || approver.trim() === '') {
    throw new Fault('bad-input', `it takes a reason of ${MIN_REASON} letters or more, and an approver`, {
      hint: 'They go into the audit trail.',
    });
  }
  await withStation(
    options,
    async (station) => {
      await beforeApproval(station, options, signal);
      transfers.watch(station);
      station.onRunEvent((slot, event) => {
        if (event.kind === 'flash' && reports.isDue(slot, event.progress))
          out.event('unit.flash', event.progress);
      });
      const by = { user, role: 'support' } as const;
      const recipe = batch === undefined ? undefined : recipeOf(station, batch);
      const request = { slot: 1, recipe, reason, ...approverOf(options) };
      const report =
        action === null
          ? await station.returns.flash({ ...request, firmwareId: firmware ?? '' }, by, signal)
          : await station.returns.act({ ...request, action, firmwareId: firmware }, by, signal);
      printResult(out, report);
    },
    { slots: [options.slot], ble: options.ble, autoSync: true },
  );
}

function formatRegistry({ registry, registryBound, registryReachable }: UnitReport): string {
  if (!registryBound) return 'none is set up at this station';
  if (!registryReachable) return 'out of reach';
  return registry === null ? 'unknown there' : `${registry.state}, ${registry.connection}`;
}

function printResult(out: Output, report: UnitReport): void {
  const { reading, bound } = report;
  const mac = macOrNull(idOf(report));
  out.event('unit', { ...report, mac });
  const deviceName = reading === null ? 'not asked' : (reading.holds?.deviceName ?? 'nothing');
  out.print(
    `unit ${report.serialNumber ?? '(no serial number)'}  ${formatUnitId(report) ?? '(never read)'}  verdict: ${report.verdict}`,
  );
  // A digest was compared; a name alone proves nothing of the secret.
  const unseen = reading?.holds != null && reading.readBack === 'name' ? ' (its secret cannot be read)' : '';
  out.print(
    `holds ${deviceName}${unseen} · ledger ${bound === null ? 'none' : `${bound.deviceName} (${bound.state})`} · registry ${formatRegistry(report)}`,
  );
  if (report.owner != null)
    out.print(`bound to ${report.owner.owner} since ${formatUtcTime(report.owner.sinceMs)}`);
  printTimeline(out, report.timeline);
  for (const other of report.relatedUnits) {
    const id = formatUnitId(other) ?? '(never read)';
    out.print('');
    out.print(
      `${RELATIONS[other.relation]}: ${other.serialNumber ?? '(no serial number)'}  ${id}  ledger ${other.bound?.deviceName ?? 'none'}`,
    );
    printTimeline(out, other.timeline);
  }
}

const RELATIONS: Readonly<Record<UnitReport['relatedUnits'][number]['relation'], string>> = {
  'has-its-identity': 'the unit whose identity it holds',
  'has-its-serial': 'scanned under the same serial number',
  'has-its-mac': 'the same MAC under another serial number',
};

function printTimeline(out: Output, timeline: UnitReport['timeline']): void {
  const rows = timeline.map((entry) => [
    formatUtcTime(entry.atMs),
    entry.kind,
    entry.deviceName ?? '',
    `${entry.outcome ?? ''}${entry.unproven === true ? ' (unproven)' : ''}`,
    entry.refusal === undefined ? noteOf(entry) : formatRefusal({ ...entry.refusal, detail: entry.note }),
  ]);
  if (rows.length > 0) out.print(table(['time (UTC)', 'kind', 'DeviceName', 'outcome', 'note'], rows));
}

/** With the images of an entry about a flash, or how far it got, and the number of files of a run. */
function noteOf({ kind, note, files, images = [], reached }: UnitReport['timeline'][number]): string {
  const flashed = images.map(
    ({ name, sha256, before }) =>
      `${name} ${sha256.slice(0, 12)}${before === null ? '' : ` (before: ${before})`}`,
  );
  const stopped = kind === 'flash-incomplete' ? stoppedAt(reached ?? null) : '';
  const attached = files === undefined ? '' : counted(files, 'attachment');
  return [note, stopped, ...flashed, attached].filter((part) => part !== '').join(' · ');
}

const HALF = 'the unit may hold half an image; write the firmware again';

function stoppedAt(reached: FlashReached | null): string {
  if (reached === null) return `begun, and its end was not recorded; ${HALF}`;
  return `stopped at: ${formatFlashReached(reached)}${reached.changed ? `; ${HALF}` : ''}`;
}

type WithId = Pick<UnitReport, 'chipId' | 'unitId'>;

function idOf(unit: WithId): UnitId | null {
  return unit.unitId ?? unitIdOrNull(unit);
}

function formatUnitId(unit: WithId): string | null {
  const id = idOf(unit);
  return id === null ? null : `${UNIT_ID_WORDS[id.kind]} ${id.text}`;
}
