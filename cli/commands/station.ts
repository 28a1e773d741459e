import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import {
  isReadableOnTheWay,
  LOG_LIMITS,
  type RecordingLimits,
  registryBaseUrl,
  type Station,
  tryRegistry,
} from '#station';
import { counted } from '#shared/words/index.ts';
import { type ApproverFlags, approverOf, NO_PINS, warnUnproven, withApprover } from '../approval.ts';
import { type CommonOptions, command, group, interruptSignal, wholeNumber } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput } from '../output.ts';
import { readToken } from '../registry-token.ts';
import { terminalSession } from '../terminal-session.ts';
import { clockCommand } from './station/clock.ts';
import { instrumentCommand } from './station/instruments.ts';
import { networkCommand } from './station/networks.ts';
import { quotaCommand } from './station/quotas.ts';
import { keyCommand } from './station/key.ts';
import { printerCommand } from './station/printer.ts';
import { reportScheduleCommand } from './station/reports.ts';
import { slotsCommand } from './station/slots.ts';
import { toolsCommand } from './station/tools.ts';
import { withStation } from '../with-station.ts';

interface ConfigureOptions extends CommonOptions {
  readonly registry?: string;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly fingerprint?: string;
  readonly station?: string;
  readonly recordingsDays?: number;
  readonly recordingsKeepDays?: number;
  readonly recordingsGb?: number;
  readonly ble?: string;
  readonly board?: string;
}

/** Removes an adapter or a board that is stored. */
const NO_HARDWARE = 'none';

export function stationCommand(): Command {
  return group('station', 'this station', [
    command('configure', 'bind this data directory to a registry; set how long recordings are kept')
      .option('--registry <url>', 'address of the registry')
      .option(
        '--token-file <file>',
        "the token that the registry gave, as the file's first line; - for standard input",
      )
      .option('--token <token>', 'the same as an argument, which every user of this computer can read')
      .option(
        '--fingerprint <sha256>',
        'fingerprint of the registry\'s certificate, as "registry serve" prints it; no other is accepted',
      )
      .option('--station <name>', 'name of this station')
      .option('--recordings-days <n>', 'greatest age of recordings', wholeNumber(1, 36_500))
      .option('--recordings-gb <n>', 'greatest size of all recordings', wholeNumber(1, 1_000_000))
      .option(
        '--recordings-keep-days <n>',
        'age up to which recordings are never deleted',
        wholeNumber(1, 36_500),
      )
      .option(
        '--ble <adapter>',
        `Bluetooth adapter of a station with pages, in the form of "kiosk --ble"; ${NO_HARDWARE} for none`,
      )
      .option('--board <path>', `port of the relay board of a station with pages; ${NO_HARDWARE} for none`)
      .action(configure),
    withApprover(
      command(
        'moved',
        'confirm that this data was moved from another computer or directory, which will never be used again',
      ).requiredOption('--reason <text>', 'what happened to the other one'),
      'who approved it',
    ).action(moved),
    clockCommand(),
    slotsCommand(),
    toolsCommand(),
    instrumentCommand(),
    networkCommand(),
    quotaCommand(),
    printerCommand(),
    reportScheduleCommand(),
    keyCommand(),
    command(
      'rotate-key',
      'seal every secret with a new key and remove the old one; continues an interrupted change',
    ).action(rotate),
  ]);
}

async function configure(options: ConfigureOptions): Promise<void> {
  const out = createOutput(options);
  const { station: name } = options;
  const url = options.registry === undefined ? undefined : registryBaseUrl(options.registry);
  const token = await tokenOf(options);
  if ((url === undefined) !== (token === undefined)) {
    throw new Fault('bad-input', '--registry and a token (--token-file, or --token) belong together', {
      hint: '"registry serve" prints both, and "registry station add" a token for this station alone.',
    });
  }
  if (options.fingerprint !== undefined && url === undefined) {
    throw new Fault('bad-input', '--fingerprint belongs to --registry', { hint: 'Give both.' });
  }
  const work = async (station: Station): Promise<void> => {
    let reachable: boolean | null = null;
    const hardware = hardwareOf(options, station.settings.hardware());
    if (url !== undefined && token !== undefined) {
      const binding = { url, token, fingerprint: options.fingerprint };
      const { settings } = station;
      const contact = await tryRegistry(settings, binding, name ?? station.name, interruptSignal());
      reachable = contact.isReachable;
      settings.configure(
        { station: name, registry: binding, recordings: limitsOf(options), hardware },
        terminalSession(),
      );
      if (contact.ownToken !== null) settings.storeOwnToken(token, contact.ownToken);
    } else {
      station.settings.configure(
        { station: name, recordings: limitsOf(options), hardware },
        terminalSession(),
      );
    }
    const registry = station.settings.registry()?.url ?? null;
    const recordings = station.settings.recordings();
    const encrypted = registry === null ? null : new URL(registry).protocol === 'https:';
    const { ble, board } = station.settings.hardware();
    out.event('station.configured', {
      station: station.name,
      registry,
      reachable,
      encrypted,
      recordings,
      ble,
      board,
    });
    const { maxAgeDays, maxBytes, keepDays } = recordings;
    out.print(`station ${station.name}, registry ${registry ?? 'none'}`);
    out.print(
      `recordings: ${counted(maxAgeDays, 'day')} or ${maxBytes / GIGABYTE} GB, the last ${counted(keepDays, 'day')} whatever they take`,
    );
    out.print(`logs: ${counted(LOG_LIMITS.maxAgeDays, 'day')} or ${LOG_LIMITS.maxBytes / GIGABYTE} GB`);
    if (ble !== null || board !== null)
      out.print(`Bluetooth adapter ${ble ?? NO_HARDWARE}, relay board ${board ?? NO_HARDWARE}`);
    if (reachable === false)
      out.notice(
        `warning: ${registry ?? url ?? ''} does not answer now; the binding is kept and tried again`,
      );
    if (registry !== null && isReadableOnTheWay(registry))
      out.notice(
        `warning: ${registry} is not encrypted: tokens and DeviceSecrets can be read on the network; serve the registry with TLS`,
      );
    if (options.token !== undefined)
      out.notice(
        'note: arguments can be read by every user of this computer; --token-file takes the token unseen',
      );
  };
  await withStation(options, work, { createIfMissing: true });
}

/** Faults: `bad-input`, those of reading the file. */
async function tokenOf({ token, tokenFile }: ConfigureOptions): Promise<string | undefined> {
  if (tokenFile === undefined) return token;
  if (token === undefined) return readToken(tokenFile);
  throw new Fault('bad-input', '--token and --token-file exclude each other', {
    hint: 'Give one of them.',
  });
}

const GIGABYTE = 1_000_000_000;

/** The hardware for all slots with what was given; undefined when nothing was. */
function hardwareOf(
  { ble, board }: ConfigureOptions,
  stored: ReturnType<Station['settings']['hardware']>,
): ReturnType<Station['settings']['hardware']> | undefined {
  if (ble === undefined && board === undefined) return undefined;
  const chosen = (given: string | undefined, before: string | null): string | null =>
    given === undefined ? before : given === NO_HARDWARE ? null : given;
  return { ble: chosen(ble, stored.ble), board: chosen(board, stored.board) };
}

/** The given limits of recordings; the others stay unchanged. */
function limitsOf({
  recordingsDays,
  recordingsGb,
  recordingsKeepDays,
}: ConfigureOptions): Partial<RecordingLimits> {
  return {
    ...(recordingsDays === undefined ? {} : { maxAgeDays: recordingsDays }),
    ...(recordingsGb === undefined ? {} : { maxBytes: recordingsGb * GIGABYTE }),
    ...(recordingsKeepDays === undefined ? {} : { keepDays: recordingsKeepDays }),
  };
}

async function moved(options: CommonOptions & ApproverFlags & { readonly reason: string }): Promise<void> {
  const out = createOutput(options);
  const vouched = { reason: options.reason, ...approverOf(options), by: terminalSession() };
  await withStation(
    options,
    (station) => {
      if (!station.database.users.hasEverExisted()) warnUnproven(options.approver, NO_PINS);
      out.event('station.moved', { station: station.name });
      out.print(`station ${station.name} belongs to this computer and directory now`);
    },
    { moved: vouched },
  );
}

async function rotate(options: CommonOptions): Promise<void> {
  const out = createOutput(options);
  const report = await withStation(options, (station) => {
    const all = station.database.triples.countByState().flatMap(({ states }) => Object.values(states));
    const total = all.reduce((sum, count) => sum + count, 0);
    const onProgress = (resealed: number): void => out.event('key.progress', { resealed, total });
    return station.rotateKey(onProgress, terminalSession(), interruptSignal());
  });
  const { keyId, resumed, resealed, unreadable } = report;
  out.event('key.rotated', { keyId, resumed, resealed, unreadable });
  out.print(
    `${resumed ? 'finished: ' : ''}${counted(resealed, 'secret is', 'secrets are')} sealed with key ${keyId} now`,
  );
  for (const owner of unreadable) out.print(`does not open, and was left as it is: ${owner}`);
  if (unreadable.length > 0)
    out.print('the old key stays because of them; support must retire those triples');
  if (unreadable.length > 0) process.exitCode = EXIT_STATUS.integrity;
}
