import { type Command, Option } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import {
  INSTRUMENT_ENDS,
  INSTRUMENT_KINDS,
  instrumentSetting,
  type InstrumentSetting,
  instrumentTitle,
} from '#shared/domain/instrument.ts';
import { MAX_SLOTS } from '#shared/domain/slots.ts';
import { createInstruments, createNodePlatform, readInstrumentSettings, testInstrument } from '#station';
import {
  type CommonOptions,
  command,
  dataDirOf,
  group,
  interruptSignal,
  wholeNumber,
} from '../../command.ts';
import { createOutput, table } from '../../output.ts';
import { terminalSession } from '../../terminal-session.ts';
import { withDatabase, withStation } from '../../with-station.ts';

interface SlotOption extends CommonOptions {
  readonly slot?: number;
}
interface SetOptions extends SlotOption {
  readonly address?: string;
  readonly kind?: InstrumentSetting['kind'];
  readonly end?: InstrumentSetting['end'];
  readonly baud?: number;
  readonly errors?: boolean;
  readonly onRelease?: string;
  readonly wait?: number;
}

/** Sends nothing when the instrument is given back. */
const NOTHING = 'none';

/** `station instrument`: the named instruments that recipes use. */
export function instrumentCommand(): Command {
  const slot = (): Option =>
    new Option('--slot <n>', 'the slot that it serves; all slots when left out').argParser(
      wholeNumber(1, MAX_SLOTS),
    );
  return group('instrument', 'power supplies, meters and others that recipes use by name', [
    command('list', 'the named instruments').action(list),
    command('set', 'add an instrument, or change what is given')
      .argument('<name>')
      .addOption(slot())
      .option('--address <address>', 'tcp://host:5025, or its serial port; of a place any text')
      .addOption(new Option('--kind <kind>', 'what it speaks; scpi when left out').choices(INSTRUMENT_KINDS))
      .addOption(new Option('--end <end>', 'what ends a message; lf when left out').choices(INSTRUMENT_ENDS))
      .option('--baud <rate>', 'baud rate of a serial port', wholeNumber(300, 4_000_000))
      .option('--errors', 'read its error queue after each step (default)')
      .option('--no-errors', 'do not read its error queue')
      .option('--on-release <text>', `sent when it is given back, as "OUTP OFF"; ${NOTHING} for nothing`)
      .option('--wait <seconds>', 'how long a run waits for its turn', wholeNumber(1, 3600))
      .action(set),
    command('remove', 'remove an instrument').argument('<name>').addOption(slot()).action(remove),
    command('test', 'connect to an instrument and ask what it is')
      .argument('<name>')
      .addOption(slot())
      .action(test),
  ]);
}

async function list(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const settings = await storedOf(options);
  for (const setting of settings) out.event('instrument', { ...setting });
  out.print(
    settings.length === 0
      ? 'this station has no instruments'
      : table(
          ['name', 'slot', 'address', 'kind', 'on release'],
          settings.map((s) => [s.name, String(s.slot ?? 'all'), s.address, s.kind, s.onRelease ?? '-']),
        ),
  );
}

async function set(name: string, options: SetOptions): Promise<void> {
  const out = createOutput(options);
  const { address, kind, end, baud: baudRate, errors: checksErrors, onRelease, wait } = options;
  const given = {
    address,
    kind,
    end,
    baudRate,
    checksErrors,
    onRelease: onRelease === NOTHING ? null : onRelease,
    turnTimeoutMs: wait === undefined ? undefined : wait * 1000,
  };
  await withStation(
    options,
    (station) => {
      const { instrumentSettings } = station.lending;
      const { own, others } = pick(instrumentSettings.all(), name, options.slot);
      const parts = Object.entries(given).filter(([, value]) => value !== undefined);
      // Slots that share a place have the same text: without one, its name.
      const place = kind === 'place' ? { address: name } : {};
      const written = { name, slot: options.slot ?? null, ...place, ...own, ...Object.fromEntries(parts) };
      const parsed = instrumentSetting.safeParse(written);
      if (!parsed.success) throw invalid(name, own === undefined && address === undefined);
      instrumentSettings.set([...others, parsed.data], terminalSession());
      out.event('instrument.set', { ...parsed.data });
      out.print(`${instrumentTitle(parsed.data)} is at ${parsed.data.address}`);
    },
    { createIfMissing: true },
  );
}

async function remove(name: string, options: SlotOption): Promise<void> {
  const out = createOutput(options);
  await withStation(options, (station) => {
    const { instrumentSettings } = station.lending;
    const { own, others } = pick(instrumentSettings.all(), name, options.slot);
    if (own === undefined) throw unknown(name, options.slot);
    instrumentSettings.set(others, terminalSession());
    out.event('instrument.removed', { name, slot: own.slot });
    out.print(`${instrumentTitle(own)} is removed`);
  });
}

async function test(name: string, options: SlotOption): Promise<void> {
  const out = createOutput(options);
  const settings = await storedOf(options);
  const { own } = pick(settings, name, options.slot);
  if (own === undefined) throw unknown(name, options.slot);
  const platform = createNodePlatform(dataDirOf(options));
  const instruments = createInstruments(() => settings, platform.clock);
  const { identification, ms } = await testInstrument(own, instruments, platform, interruptSignal());
  out.event('instrument.tested', { name, slot: own.slot, identification, ms });
  const said = own.kind === 'place' ? 'slots have it in turns' : (identification ?? 'can be connected to');
  out.print(`${instrumentTitle(own)}: ${said} (${ms} ms)`);
}

/** The stored instruments; none for a data directory without a station. */
async function storedOf(options: CommonOptions): Promise<readonly InstrumentSetting[]> {
  try {
    return await withDatabase(options, (database) => readInstrumentSettings(database));
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'not-found') throw error;
    return [];
  }
}

function pick(
  all: readonly InstrumentSetting[],
  name: string,
  slot: number | undefined,
): { readonly own: InstrumentSetting | undefined; readonly others: readonly InstrumentSetting[] } {
  const own = all.find((setting) => setting.name === name && setting.slot === (slot ?? null));
  return { own, others: all.filter((setting) => setting !== own) };
}

function unknown(name: string, slot: number | undefined): Fault {
  const title = instrumentTitle({ name, slot: slot ?? null });
  return new Fault('not-found', `this station has no instrument ${title}`, {
    hint: '"station instrument list" shows what it has.',
    details: { instrument: title },
  });
}

function invalid(name: string, lacksAddress: boolean): Fault {
  return lacksAddress
    ? new Fault('bad-input', `${name} is new and needs an address`, {
        hint: 'Give --address tcp://host:5025, or a serial port.',
      })
    : new Fault('bad-input', `"${name}" is not a name and setting of an instrument`, {
        hint: 'A name has lower-case letters, digits and -, as psu.',
      });
}
