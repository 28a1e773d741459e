import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { untilAborted } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { MAX_SLOTS } from '#shared/domain/slots.ts';
import { hostEnvironment, type HostOptions, SAMPLE_LINE_VARIABLE } from '#shared/host/index.ts';
import { isStationRunning, type ReopenableStation, SAMPLE_USERS } from '#station';
import { type CommonOptions, command, dataDirOf, interruptSignal, wholeNumber } from '../command.ts';
import { type ElectronRuntime, fetchElectron } from '../electron-runtime.ts';
import {
  CHIP_BATCH,
  prepareSampleStation,
  SAMPLE_CHIPS,
  SAMPLE_UNITS,
} from '../sample-line/prepare-station.ts';
import { type SampleLine, startSampleLine } from '../sample-line/sample-line.ts';
import { isRealLine, removeEndedSampleLine } from '../sample-line/end-sample-line.ts';
import { startSampleOperator } from '../sample-line/sample-operator.ts';
import { hostOptions, type HostFlags, withHostOptions } from '../host-options.ts';
import { createOutput, type Output } from '../output.ts';
import { programName, resource } from '../program.ts';
import { sampleLineDir, sampleStationDir } from '../data-directories.ts';
import { serveKiosk } from '../serve-kiosk.ts';
import { withReopenableStation, withStation } from '../with-station.ts';

interface StartOptions extends CommonOptions, HostFlags {
  readonly port: number;
  readonly ownSlots?: boolean;
  readonly sampleLine?: boolean;
  readonly slots: number;
  readonly browser?: boolean;
  readonly open: boolean;
}

/** Within this time a reply has reached a page of this computer. */
const REPLY_MS = 500;
const BAUD_RATE = 115_200;
/** Faults of sample units by unit number: one never answers, one rejects the write. */
const SAMPLE_FAULTS: ReadonlyMap<number, string> = new Map([
  [4, 'silent'],
  [9, 'reject-write'],
]);

export function startCommand(): Command {
  return withHostOptions(
    command('start', 'open the station; without --slot or --own-slots with a sample line of simulated units'),
    'opens a real station',
  )
    .option('--own-slots', 'open a real station with the slots that "station slots" assigned')
    .option('--sample-line', 'open a sample line also where an engineer has ended one')
    .option('--slots <k>', 'fixtures of the sample line', wholeNumber(1, MAX_SLOTS), 4)
    .option('--port <port>', 'port of the page in a browser', wholeNumber(0, 65535), 0)
    .option('--browser', 'open the browser although Electron is installed')
    .option('--no-open', 'print the link and open nothing')
    .action(start);
}

async function start(options: StartOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  // One that runs is refused by `openLine`.
  if (!(await isStationRunning(sampleStationDir(dataDirOf(options))))) await removeEnded(options, out);
  await openLine(options, out, signal);
  if (signal.aborted || (await removeEnded(options, out)) !== 'removed') return;
  await openLine({ ...options, ownSlots: true, sampleLine: false }, out, signal);
}

async function removeEnded(options: StartOptions, out: Output): ReturnType<typeof removeEndedSampleLine> {
  const done = await removeEndedSampleLine(options);
  if (done === 'removed') out.notice('the sample line was ended and removed; this is a station of your own');
  if (done === 'kept')
    out.notice(
      'the sample line was ended, and is kept: it holds data of your own, which would have been lost',
    );
  return done;
}

async function openLine(options: StartOptions, out: Output, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  const isOwn = options.ownSlots === true || (isRealLine(dataDirOf(options)) && options.sampleLine !== true);
  await using stack = new AsyncDisposableStack();
  let sampleLine: SampleLine | null = null;
  if (options.slot === undefined && !isOwn) {
    if (await isStationRunning(sampleStationDir(dataDirOf(options)))) {
      throw new Fault('data-busy', `the sample line of ${dataDirOf(options)} is running already`, {
        hint: `Use its window or page ("${programName()} kiosk link" makes a link to the page), or stop it first.`,
      });
    }
    out.notice(
      'starting a sample line: a registry and simulated units; --slot or --own-slots open a real one',
    );
    const dir = sampleLineDir(dataDirOf(options));
    const sample = {
      dir,
      units: SAMPLE_UNITS,
      chips: SAMPLE_CHIPS,
      slots: options.slots,
      faults: SAMPLE_FAULTS,
      triples: 200,
      baudRate: BAUD_RATE,
      onNotice: (text: string) => out.notice(text),
    };
    sampleLine = stack.use(await startSampleLine(sample));
    const { brokenSignal } = sampleLine;
    brokenSignal.addEventListener('abort', () =>
      out.notice(`sample line: ${(brokenSignal.reason as Fault).message}`),
    );
  }
  const data: CommonOptions =
    sampleLine === null ? options : { ...options, data: sampleStationDir(dataDirOf(options)) };
  const isSample = sampleLine !== null;
  const hardware = hostOptions(options);
  const choice: HostOptions = {
    ...hardware,
    slots: sampleLine?.ports ?? hardware.slots,
    ble: hardware.ble ?? sampleLine?.ble,
  };
  const electron: ElectronRuntime =
    options.browser === true
      ? { kind: 'missing', reason: 'you asked for the browser' }
      : existsSync(resource('out/electron/main/index.js'))
        ? await fetchElectron((text) => out.notice(text), signal)
        : { kind: 'missing', reason: 'its bundles are not built' };
  if (electron.kind === 'found') {
    await withStation(data, (station) => prepareSampleStation(station, sampleLine, signal), {
      createIfMissing: true,
      sampleLine: isSample,
    });
    if (sampleLine !== null) printSampleUsers(out);
    // Units cannot be moved in this mode: each slot gets one, the last of several a unit that is flashed.
    const last = choice.slots.length;
    const unitOf = (slot: number): number => (slot === last && last > 1 ? SAMPLE_UNITS + 1 : slot);
    await Promise.all(choice.slots.map((_, index) => sampleLine?.place(index + 1, unitOf(index + 1))));
    out.notice('opening Gongwei in Electron');
    return runElectron(electron.executable, data, choice, isSample, signal);
  }
  await withReopenableStation(
    data,
    async (station) => {
      await prepareSampleStation(station.current, sampleLine, signal);
      if (sampleLine !== null) {
        const line = sampleLine;
        const onError = (error: unknown): void => out.notice(`sample line: ${String(error)}`);
        station.onOpen((opened) => void startSampleOperator(opened, line, onError));
      }
      const closing = AbortSignal.any([signal, ended.signal]);
      await serveInBrowser(station, data, options, out, electron.reason, sampleLine, closing);
    },
    {
      slots: choice.slots.length === 0 ? 'remembered' : choice.slots,
      ble: choice.ble,
      boardPath: choice.board,
      autoSync: true,
      resume: 'at-start',
      createIfMissing: true,
      control: true,
      sampleLine: isSample,
      // The page gets its reply before the connection is closed.
      onSampleLineEnd: () => void setTimeout(() => ended.abort(), REPLY_MS),
      onBleFault: (fault) => out.notice(`warning: ${fault.message}`),
    },
  );
}

async function serveInBrowser(
  station: ReopenableStation,
  data: CommonOptions,
  options: StartOptions,
  out: Output,
  reason: string,
  sampleLine: SampleLine | null,
  signal: AbortSignal,
): Promise<void> {
  const kioskOptions = { station, dataDir: dataDirOf(data), port: options.port, open: options.open };
  await serveKiosk(kioskOptions, out, async ({ url }, opened) => {
    out.notice(`Gongwei opens in the browser, not in Electron: ${reason}.`);
    if (!opened) out.notice(`open once: ${url}`);
    if (sampleLine !== null) {
      printSampleUsers(out);
      const faulty = sampleLine.units
        .filter(({ fault }) => fault !== null)
        .map(({ serialNumber }) => serialNumber)
        .join(', ');
      out.notice(
        `scan (type and press Enter): ${rangeOf(sampleLine.units.slice(0, SAMPLE_UNITS))}${faulty === '' ? '' : `; faulty by design: ${faulty}`}; with batch ${CHIP_BATCH}, whose units are flashed: ${rangeOf(sampleLine.chips)}`,
      );
    }
    await untilAborted(AbortSignal.any([signal, station.brokenSignal]));
  });
}

function rangeOf(units: SampleLine['units']): string {
  return `${units[0]?.serialNumber ?? ''} … ${units.at(-1)?.serialNumber ?? ''}`;
}

/** The PINs of the sample line are public, because its units are simulated. */
function printSampleUsers(out: Output): void {
  for (const user of SAMPLE_USERS) out.event('sample.user', user);
  const users = SAMPLE_USERS.map(({ name, pin }) => `${name} PIN ${pin}`).join(', ');
  out.notice(`sign in (F9) on this sample line as: ${users}`);
}

function runElectron(
  executable: string,
  data: CommonOptions,
  choice: HostOptions,
  isSample: boolean,
  signal: AbortSignal,
): Promise<void> {
  const env = {
    ...process.env,
    ...hostEnvironment(choice),
    [SAMPLE_LINE_VARIABLE]: isSample ? '1' : '',
    GONGWEI_DATA: dataDirOf(data),
    // The Node executable for scripts of recipes; see `station/execution/scripts`.
    GONGWEI_NODE: process.execPath,
  };
  const child = spawn(executable, [resource('.')], { stdio: 'inherit', env });
  signal.addEventListener('abort', () => child.kill('SIGTERM'), { once: true });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => resolve());
  });
}
