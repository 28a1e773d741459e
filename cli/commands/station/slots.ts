import { type Command, Option } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { START_MODES, type StartMode } from '#shared/domain/start-mode.ts';
import { createNodePlatform, type Platform, type SlotConfig } from '#station';
import { type CommonOptions, command, dataDirOf, group, wholeNumber } from '../../command.ts';
import { BATCH_HELP, findBatch } from '../../lookup/batch.ts';
import { createOutput, table } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withStation } from '../../with-station.ts';

const MOST_SLOTS = 16;
/** The mode of a batch without an own mode. */
const AS_STATION = 'station';
type Port = Awaited<ReturnType<NonNullable<Platform['devicePorts']['list']>>>[number];

interface SlotOptions extends CommonOptions {
  readonly slot: number;
  readonly port: string;
}

/** `station slots`: the stored ports of the slots. */
export function slotsCommand(): Command {
  const slot = new Option('--slot <n>', 'the slot')
    .argParser(wholeNumber(1, MOST_SLOTS))
    .makeOptionMandatory();
  return group('slots', 'where each slot is plugged in, remembered whatever the system calls its port', [
    command('list', 'the ports that are there, and the slots that are remembered').action(list),
    command('assign', 'remember where a slot is plugged in')
      .addOption(slot)
      .requiredOption('--port <port>', 'its port now (/dev/ttyUSB0, COM3), or its place (usb:1-1.4)')
      .action(assign),
    command('forget', 'forget where a slot is plugged in').addOption(slot).action(forget),
    command('start', 'set how units are started: by scan, or also when they arrive on a slot')
      .requiredOption('--mode <mode>', `${START_MODES.join(' or ')}; with --batch also ${AS_STATION}`)
      .option('--batch <batch>', `only its units, whatever holds for the station; ${BATCH_HELP}`)
      .action(start),
  ]);
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const ports = await portsOf(options);
  const { slots, mode } = await remembered(options);
  for (const { path, usbPath, title } of ports) {
    const slot = slots.find(({ portPath }) => portPath === usbPath || portPath === path)?.slot ?? null;
    out.event('port', { path, place: usbPath, title, slot });
  }
  const rows = slots.map(({ slot, portPath }) => {
    const path = ports.find((port) => port.usbPath === portPath || port.path === portPath)?.path ?? null;
    out.event('slot', { slot, place: portPath, path });
    return [String(slot), portPath, path ?? 'not plugged in'];
  });
  out.event('slots.start', { mode });
  if (out.json) return;
  out.print(
    ports.length === 0
      ? 'no USB serial port is connected'
      : table(
          ['port', 'place', 'adapter'],
          ports.map((p) => [p.path, p.usbPath ?? '-', p.title ?? '-']),
        ),
  );
  out.print(rows.length === 0 ? 'no slot is remembered' : table(['slot', 'place', 'port now'], rows));
  out.print(`units are started by ${mode}`);
}

/** Lists the ports also without a station, so that slots can be assigned. */
async function remembered(
  options: CommonOptions,
): Promise<{ readonly slots: readonly SlotConfig[]; readonly mode: StartMode }> {
  try {
    return await withStation(options, ({ slotSettings }) => ({
      slots: slotSettings.all(),
      mode: slotSettings.startMode(),
    }));
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'not-found') throw error;
    return { slots: [], mode: 'scan' };
  }
}

async function assign(options: SlotOptions): Promise<void> {
  const out = createOutput(options);
  const place = stepPath(options.port, await portsOf(options));
  await withStation(
    options,
    (station) => {
      station.slotSettings.assign(options.slot, place, terminalSession());
      out.event('slot.assigned', { slot: options.slot, place });
      if (!out.json) out.print(`slot ${options.slot} is ${place}`);
    },
    { begins: true },
  );
}

async function forget(options: SlotOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(options, (station) => {
    station.slotSettings.forget(options.slot, terminalSession());
    out.event('slot.forgotten', { slot: options.slot });
    if (!out.json) out.print(`no port is remembered for slot ${options.slot}`);
  });
}

async function start(
  options: CommonOptions & { readonly mode: string; readonly batch?: string },
): Promise<void> {
  const out = createOutput(options);
  const { batch } = options;
  const known = START_MODES.find((mode) => mode === options.mode) ?? null;
  if (known === null && (batch === undefined || options.mode !== AS_STATION)) {
    throw new Fault('bad-input', `"${options.mode}" is no way to start units`, {
      hint: `It is ${START_MODES.join(' or ')}; for a batch also ${AS_STATION}.`,
    });
  }
  await withStation(
    options,
    (station) => {
      const batchId = batch === undefined ? null : findBatch(station.database.batches, batch).batchId;
      if (batchId !== null) station.batches.setStartMode(batchId, known, terminalSession());
      else if (known !== null) station.slotSettings.setStartMode(known, terminalSession());
      const mode = known ?? AS_STATION;
      out.event('slots.start', { mode, ...(batchId === null ? {} : { batch: batchId }) });
      if (!out.json) out.print(`units${batch === undefined ? '' : ' of this batch'} are started by ${mode}`);
    },
    { begins: batch === undefined },
  );
}

async function portsOf(options: CommonOptions): Promise<readonly Port[]> {
  return (await createNodePlatform(dataDirOf(options)).devicePorts.list?.()) ?? [];
}

/**
 * The USB location of a connected port; a location is accepted unchanged, also without a port. Faults: `bad-input`,
 * `port-missing`.
 */
function stepPath(path: string, ports: readonly Port[]): string {
  if (/^usb:\S/.test(path)) return path;
  const port = ports.find((one) => one.path === path);
  const hint = '"station slots list" shows the ports that are there and their places.';
  if (port === undefined && !/^(?:usb:|tcp:|\s*$)/.test(path))
    throw new Fault('port-missing', `there is no serial port ${path}`, { hint, details: { port: path } });
  if (port === undefined || port.usbPath === null)
    throw new Fault('bad-input', `"${path}" has no place that a slot can be remembered by`, {
      hint: `${hint} A port without a place is named with --slot.`,
    });
  return port.usbPath;
}
