import { join, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { shareFile } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { PRODUCT_ID } from '#shared/domain/triple.ts';
import {
  BOARD_KINDS,
  type BoardKind,
  DIALECT_CHOICES,
  type DialectChoice,
  PRINTER_LANGUAGES,
  PROFILE_NAMES,
  runSimInstruments,
  runSimPrinter,
  runSimUnits,
  SAMPLE_CHIPS,
  type SampleChip,
  writeEspPackage,
} from '#simulator';
import { type CommonOptions, command, group, interruptSignal, wholeNumber } from '../command.ts';
import { createOutput } from '../output.ts';

interface UnitsOptions extends CommonOptions {
  readonly profile: string;
  readonly count: number;
  readonly also?: readonly { readonly profile: string; readonly count: number }[];
  readonly slots?: number;
  readonly state?: string;
  readonly mqtt?: string;
  readonly gateway?: string;
  readonly faults?: string;
  readonly udp?: boolean;
  readonly wifi?: string;
  readonly pictures?: string;
  readonly baud?: number;
  readonly ble?: boolean;
  readonly tcp?: boolean;
  readonly rfc2217?: boolean;
  readonly board?: BoardKind;
  readonly dialect: DialectChoice;
  readonly startEmpty?: boolean;
  readonly serialStart?: number;
  readonly untilStdinCloses?: boolean;
}

interface PrinterOptions extends CommonOptions {
  readonly language: (typeof PRINTER_LANGUAGES)[number];
  readonly port: number;
  readonly dir?: string;
  readonly dpi: string;
  readonly faults?: string;
}

interface InstrumentOptions extends CommonOptions {
  readonly supplyPort: number;
  readonly meterPort: number;
  readonly serial?: boolean;
  readonly idleMa: number;
}

interface FirmwareOptions extends CommonOptions {
  readonly chip: SampleChip;
  readonly product: string;
  readonly version: string;
}

export function simCommand(): Command {
  return group('sim', 'simulated units, a label printer and instruments; firmware for simulated chips', [
    command('units', 'start simulated units on fixtures and serve them until stopped')
      .option('--profile <name>', `one of ${PROFILE_NAMES.join(', ')}`, 'at-module')
      .option('--count <n>', 'units', wholeNumber(1, 10_000), 1)
      .option(
        '--also <profile=n>',
        'units of another family, whose numbers follow; may be repeated',
        otherUnits,
      )
      .option(
        '--slots <n>',
        'fixtures; with fewer than units, lines on stdin place units on fixtures (docs/simulator.md)',
        wholeNumber(1, 64),
      )
      .option('--state <dir>', "where the units' flash is kept")
      .option('--mqtt <url>', 'broker the units log in to; with mqtts: AT modules log in with TLS-PSK')
      .option('--gateway <url>', 'registry where the units register themselves')
      .option('--faults <file>', 'which unit has which fault')
      .option('--udp', 'each unit has UDP ports for provisioning in its own network (sim.udp)')
      .option('--pictures <dir>', 'folder whose pictures N.png are shown to camera N (docs/simulator.md)')
      .option('--wifi <file>', 'the Wi-Fi networks in range of the units (docs/simulator.md)')
      .option('--baud <rate>', 'pace the serial ports to this baud rate', wholeNumber(300, 4_000_000))
      .option('--ble', 'units with Bluetooth, and an adapter for it on a port of its own')
      .option('--tcp', 'TCP ports on this machine in place of serial ones')
      .option('--rfc2217', 'ports of a serial device server (RFC 2217) on this machine, with control lines')
      .addOption(
        new Option('--board <kind>', 'a relay board with the power of the fixtures').choices(BOARD_KINDS),
      )
      .addOption(
        new Option('--dialect <which>', 'how units write their replies (docs/simulator.md)')
          .choices(DIALECT_CHOICES)
          .default('documented'),
      )
      .option(
        '--serial-start <n>',
        'the serial number of the first unit is SN000001, or with this number',
        wholeNumber(0, 900_000),
      )
      .option('--start-empty', 'leave the fixtures empty at first')
      .option('--until-stdin-closes', 'also stop when stdin ends')
      .action(units),
    command(
      'printer',
      'serve a simulated label printer on a TCP port of this computer until stopped; a line {"faults":[…]} on stdin replaces its faults',
    )
      .addOption(
        new Option('--language <which>', 'its command language')
          .choices(PRINTER_LANGUAGES)
          .makeOptionMandatory(),
      )
      .option('--port <n>', 'its port; 0 for a free one', wholeNumber(0, 65_535), 0)
      .option(
        '--dir <dir>',
        'folder for the labels that came out, each as it was received and as PNG; default: a new temporary folder',
      )
      .addOption(
        new Option('--dpi <n>', 'dots per inch of its head').choices(['203', '300', '600']).default('203'),
      )
      .option('--faults <file>', 'what is wrong with it (docs/simulator.md)')
      .action(printer),
    command(
      'instruments',
      'serve a simulated power supply with a unit at its output, and a meter, until stopped; a line {"faults":[…]} on stdin replaces their faults',
    )
      .option('--supply-port <n>', 'TCP port of the supply; 0 for a free one', wholeNumber(0, 65_535), 0)
      .option('--meter-port <n>', 'TCP port of the meter; 0 for a free one', wholeNumber(0, 65_535), 0)
      .option('--serial', 'serial ports (ptys) in place of TCP ports')
      .option('--idle-ma <n>', 'current of the unit that works, in milliamperes', wholeNumber(0, 3000), 42)
      .action(instruments),
    command(
      'firmware',
      'write a firmware package that simulated units with an ESP32 chip run, for "firmware import"',
    )
      .argument('<dir>', 'folder, created if missing')
      .addOption(new Option('--chip <name>', 'the chip').choices(SAMPLE_CHIPS).default('esp32c3'))
      .option('--product <pid>', 'its ProductId', matching(PRODUCT_ID, 'is no ProductId'), 'GWESP32001')
      .option(
        '--version <version>',
        'its version',
        matching(VERSION, 'is no version of 1 to 31 visible signs'),
        '1.0.0',
      )
      .action(firmware),
  ]);
}

/** Adds `PROFILE=N` to the list. */
function otherUnits(
  text: string,
  all: NonNullable<UnitsOptions['also']> = [],
): NonNullable<UnitsOptions['also']> {
  const [profile = '', count = ''] = text.split('=');
  if (!PROFILE_NAMES.includes(profile) || !/^[1-9]\d{0,3}$/.test(count))
    throw new InvalidArgumentError(`${text} is not PROFILE=NUMBER.`);
  return [...all, { profile, count: Number(count) }];
}

/** The description of an application has room for 31 characters. */
const VERSION = /^[\x21-\x7e]{1,31}$/;

function matching(pattern: RegExp, otherwise: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new InvalidArgumentError(`${text} ${otherwise}.`);
  };
}

/** The stream to which a simulator writes its JSON Lines. */
function output(): NodeJS.WriteStream {
  // eslint-disable-next-line no-restricted-syntax -- the simulator writes JSON Lines through visibleJson
  return process.stdout;
}

async function instruments(options: InstrumentOptions): Promise<void> {
  const { supplyPort, meterPort, serial, idleMa } = options;
  await runSimInstruments(
    { supplyPort, meterPort, serial, idleAmperes: idleMa / 1000 },
    { stdin: process.stdin, stdout: output() },
    interruptSignal(),
  );
}

async function firmware(dir: string, options: FirmwareOptions): Promise<void> {
  const { chip, product, version } = options;
  const out = createOutput(options);
  const written = await writeEspPackage(resolve(dir), { chip, productId: product, version });
  const files = written.files.map((file) => join(written.dir, file));
  for (const file of files) shareFile(file);
  out.event('sim.firmware', { dir: written.dir, files, sha256: written.sha256 });
  out.print(files);
}

async function printer({ language, port, dir, dpi, faults }: PrinterOptions): Promise<void> {
  await runSimPrinter(
    { language, port, dir, dpi: Number(dpi), faultsFile: faults },
    { stdin: process.stdin, stdout: output() },
    interruptSignal(),
  );
}

async function units(options: UnitsOptions): Promise<void> {
  const profile = PROFILE_NAMES.find((name) => name === options.profile);
  if (profile === undefined) {
    throw new Fault('bad-input', `there is no simulated unit "${options.profile}"`, {
      hint: `There are: ${PROFILE_NAMES.join(', ')}.`,
    });
  }
  await runSimUnits(
    {
      profile,
      count: options.count,
      also: options.also?.map((one) => ({ ...one })),
      slots: options.slots,
      stateDir: options.state,
      mqttUrl: options.mqtt,
      gatewayUrl: options.gateway,
      baudRate: options.baud,
      faultsFile: options.faults,
      wifiFile: options.wifi,
      udp: options.udp,
      picturesDir: options.pictures,
      ble: options.ble,
      tcp: options.tcp,
      rfc2217: options.rfc2217,
      board: options.board,
      dialect: options.dialect,
      startEmpty: options.startEmpty,
      serialStart: options.serialStart,
      untilStdinCloses: options.untilStdinCloses,
    },
    { stdin: process.stdin, stdout: output() },
    interruptSignal(),
  );
}
