import { type Command, Option } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { isNoPort } from '#shared/domain/slot-port.ts';
import { MAX_SLOTS } from '#shared/domain/slots.ts';
import { START_MODES, type StartMode } from '#shared/domain/start-mode.ts';
import { createNodePlatform, type Platform, readStartMode, readStoredSlots, type SlotConfig } from '#station';
import { type CommonOptions, command, dataDirOf, group, wholeNumber } from '../../command.ts';
import { BATCH_HELP, findBatch } from '../../lookup/batch.ts';
import { createOutput, table } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withDatabase, withStation } from '../../with-station.ts';

/** `--mode` of a batch: the start mode of the station. */
const AS_STATION = 'station';
type Port = Awaited<ReturnType<NonNullable<Platform['devicePorts']['list']>>>[number];

interface SlotOptions extends CommonOptions {
  readonly slot: number;
  readonly port: string;
}

/** `station slots`: the USB location of the port of each slot, and the start mode. */
export function slotsCommand(): Command {
  const slot = new Option('--slot <n>', 'number of the slot')
    .argParser(wholeNumber(1, MAX_SLOTS))
    .makeOptionMandatory();
  return group(
    'slots',
    'the USB location of each slot, which stays when the path of its port changes, and how units are started',
    [
      command('list', 'the connected serial ports, and the assigned slots').action(list),
      command('assign', 'store the USB location of a slot')
        .addOption(slot)
        .requiredOption(
          '--port <port>',
          'its port now (/dev/ttyUSB0, COM3), its USB location (usb:1-1.4), or ble for units with Bluetooth only',
        )
        .action(assign),
      command('forget', 'delete the USB location of a slot').addOption(slot).action(forget),
      command('forget-speed', 'forget the speed of transfers that is remembered for a slot')
        .addOption(slot)
        .action(forgetSpeed),
      command('start', 'set the start mode (starts no unit): by scan, or also when a unit arrives on a slot')
        .requiredOption('--mode <mode>', `${START_MODES.join(' or ')}; with --batch also ${AS_STATION}`)
        .option('--batch <batch>', `for the units of this batch instead of the station; ${BATCH_HELP}`)
        .action(setStartMode),
    ],
  );
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const ports = await portsOf(options);
  const { slots, mode } = await slotSettingsOf(options);
  for (const { path, usbPath, title } of ports) {
    const slot = slots.find(({ portPath }) => portPath === usbPath || portPath === path)?.slot ?? null;
    out.event('port', { path, place: usbPath, title, slot });
  }
  const rows = slots.map(({ slot, portPath }) => {
    const path = ports.find((port) => port.usbPath === portPath || port.path === portPath)?.path ?? null;
    out.event('slot', { slot, place: portPath, path });
    return [String(slot), portPath, path ?? (isNoPort(portPath) ? 'Bluetooth only' : 'not connected')];
  });
  out.event('slots.start', { mode });
  out.print(
    ports.length === 0
      ? 'no USB serial port is connected'
      : table(
          ['port', 'USB location', 'adapter'],
          ports.map((p) => [p.path, p.usbPath ?? '-', p.title ?? '-']),
        ),
  );
  out.print(rows.length === 0 ? 'no slot is assigned' : table(['slot', 'USB location', 'port now'], rows));
  out.print(`start mode: ${mode}`);
}

/** The assigned slots and the start mode; none and `scan` for a data directory without a station. */
async function slotSettingsOf(
  options: CommonOptions,
): Promise<{ readonly slots: readonly SlotConfig[]; readonly mode: StartMode }> {
  try {
    return await withDatabase(options, (database) => ({
      slots: readStoredSlots(database),
      mode: readStartMode(database),
    }));
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'not-found') throw error;
    return { slots: [], mode: 'scan' };
  }
}

async function assign(options: SlotOptions): Promise<void> {
  const out = createOutput(options);
  const portLocation = portLocationOf(options.port, await portsOf(options));
  await withStation(
    options,
    (station) => {
      station.slotSettings.assign(options.slot, portLocation, terminalSession());
      out.event('slot.assigned', { slot: options.slot, place: portLocation });
      out.print(`slot ${options.slot} is ${portLocation}`);
    },
    { createIfMissing: true },
  );
}

async function forget(options: SlotOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(options, (station) => {
    station.slotSettings.forget(options.slot, terminalSession());
    out.event('slot.forgotten', { slot: options.slot });
    out.print(`slot ${options.slot} has no USB location now`);
  });
}

async function forgetSpeed(options: SlotOptions): Promise<void> {
  const out = createOutput(options);
  await withStation(options, (station) => {
    station.baudRates.forget(options.slot, terminalSession());
    out.event('slot.speed-forgotten', { slot: options.slot });
    out.print(`transfers on slot ${options.slot} begin at the speed of the recipe again`);
  });
}

async function setStartMode(
  options: CommonOptions & { readonly mode: string; readonly batch?: string },
): Promise<void> {
  const out = createOutput(options);
  const { batch } = options;
  const mode = START_MODES.find((one) => one === options.mode) ?? null;
  if (mode === null && (batch === undefined || options.mode !== AS_STATION)) {
    throw new Fault('bad-input', `"${options.mode}" is not a start mode`, {
      hint: `It is ${START_MODES.join(' or ')}; for a batch also ${AS_STATION}.`,
    });
  }
  await withStation(
    options,
    (station) => {
      const batchId = batch === undefined ? null : findBatch(station.database.batches, batch).batchId;
      if (batchId !== null) station.batches.setStartMode(batchId, mode, terminalSession());
      else if (mode !== null) station.slotSettings.setStartMode(mode, terminalSession());
      const printedMode = mode ?? AS_STATION;
      out.event('slots.start', { mode: printedMode, ...(batchId === null ? {} : { batch: batchId }) });
      out.print(`start mode${batch === undefined ? '' : ' of this batch'}: ${printedMode}`);
    },
    { createIfMissing: batch === undefined },
  );
}

async function portsOf(options: CommonOptions): Promise<readonly Port[]> {
  return (await createNodePlatform(dataDirOf(options)).devicePorts.list?.()) ?? [];
}

/**
 * The USB location of a connected port; a location is accepted unchanged, also without a port. Faults: `bad-input`,
 * `port-missing`.
 */
function portLocationOf(path: string, ports: readonly Port[]): string {
  if (/^usb:\S/.test(path) || isNoPort(path)) return path;
  const port = ports.find((one) => one.path === path);
  const hint = '"station slots list" shows the connected ports and their USB locations.';
  if (port === undefined && !/^(?:usb:|tcp:|rfc2217:|\s*$)/.test(path))
    throw new Fault('port-missing', `there is no serial port ${path}`, { hint, details: { port: path } });
  if (port === undefined || port.usbPath === null)
    throw new Fault('bad-input', `"${path}" has no USB location, so that no slot can be assigned to it`, {
      hint: `${hint} Name such a port by its path: "run --slot PATH" and "kiosk --slot PATH".`,
    });
  return port.usbPath;
}
