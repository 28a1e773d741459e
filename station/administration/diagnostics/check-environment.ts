import { constants, accessSync, readdirSync } from 'node:fs';
import { hasErrno } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { REFUSAL_WORDS, REFUSED_ACT_WORDS } from '#shared/domain/mqtt-refusal.ts';
import { isNoPort } from '#shared/domain/slot-port.ts';
import { counted } from '#shared/words/index.ts';
import { compareWithRegistry } from '../../core/audit-log/index.ts';
import type { BleCentral, Platform } from '../../core/platform/index.ts';
import type { HealthReply, RefusalsReply, RegistryClient } from '../../registry-sync/client/index.ts';
import type { ReadableDatabase } from '../../core/database/index.ts';
import { allowPorts, syncClock } from './commands.ts';
import { type Check, failure, fine, note, runCheck, warning } from './check.ts';

const CLOCK_WARN_MS = 60_000;
const CLOCK_FAIL_MS = 10 * 60_000;
/** The period of the refusals that are counted. */
const REFUSALS_MS = 24 * 3_600_000;
const USUAL_BAUD = 115_200;

/** Checks registry, clock and audit trail against the registry. */
export async function checkRegistry(
  registry: RegistryClient,
  database: ReadableDatabase,
  { clock }: Platform,
  signal: AbortSignal,
): Promise<Check[]> {
  const requestedAtMs = clock.monotonicMs();
  let skewMs = 0;
  let ways: Check[] = [];
  const there = await runCheck('registry', async () => {
    const { version, nowMs, devices } = await registry.health(signal);
    ways = devices === undefined ? [] : checkWaysOfDevices(devices);
    const tookMs = clock.monotonicMs() - requestedAtMs;
    // The response was sent half the round trip ago.
    skewMs = clock.nowMs() - (nowMs + tookMs / 2);
    return fine('registry', `answers in ${Math.round(tookMs)} ms, version ${version}`);
  });
  if (there.level === 'fail') return [there];
  let trail: Check | null = null;
  const token = await runCheck('token', async () => {
    const storedTrail = await registry.audit.fetch(signal);
    if (storedTrail !== null)
      trail = checkTrailOf(compareWithRegistry(database, storedTrail), database.audit.findLast()?.seq ?? 0);
    return fine('token', 'the registry accepts it');
  });
  const checks = [there, checkClock(skewMs), ...ways, token, ...(trail === null ? [] : [trail])];
  if (token.level === 'fail') return checks;
  const refused = await runCheck('devices', async () => {
    const sinceMs = Math.max(0, clock.nowMs() - skewMs - REFUSALS_MS);
    return checkRefusals(await registry.refusals(null, sinceMs, signal));
  });
  return [...checks, refused];
}

/** What a registry serves devices by HTTP, where a person should know of it. */
function checkWaysOfDevices({ downloads, plainRegistration }: NonNullable<HealthReply['devices']>): Check[] {
  const own = note(
    'downloads',
    'units download firmware by https with a certificate that the registry has made, which most units refuse',
    'Updates over the network need "registry serve --device-http-port", or a certificate that the units accept.',
    'registry-untrusted',
  );
  const plain = warning(
    'registration',
    'the registry lets units register themselves without TLS: their names can be read on the network',
    'Start it without --plain-registration when no unit needs it.',
  );
  return [...(downloads === 'own-certificate' ? [own] : []), ...(plainRegistration ? [plain] : [])];
}

function checkClock(skewMs: number): Check {
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  const text = `this clock is ${seconds} s ${skewMs < 0 ? 'behind' : 'ahead of'} the registry's`;
  const hint = 'Set this computer by a time server: records carry its time.';
  if (Math.abs(skewMs) > CLOCK_FAIL_MS) return failure('clock', 'not-configured', text, hint, syncClock());
  if (Math.abs(skewMs) > CLOCK_WARN_MS) return warning('clock', text, hint, { command: syncClock() });
  return fine('clock', text);
}

/** Reports the client that was refused most often in the last day, and why. */
function checkRefusals(reply: RefusalsReply | null): Check {
  if (reply === null) return fine('devices', 'this registry does not record refusals');
  if (reply.refused === 0) return fine('devices', 'the registry refused none in the last 24 h');
  const what = `the registry refused ${counted(reply.refused, 'login or message', 'logins and messages')} in the last 24 h`;
  // A flood comes from many clients.
  const named = reply.refusals.filter(({ reason }) => reason !== 'flood');
  const [mostFrequent] = named.toSorted((a, b) => b.count - a.count);
  if (mostFrequent === undefined) return warning('devices', what, PRINTED);
  const { act, reason, clientId, address } = mostFrequent;
  const who = clientId === '' ? `a client at ${address}` : `${clientId} at ${address}`;
  const why = `${REFUSED_ACT_WORDS[act].en}, ${REFUSAL_WORDS[reason].en}`;
  return warning('devices', `${what}, most often ${who}: ${why}`, hintFor(mostFrequent));
}

const PRINTED = '"registry serve" prints who was refused and why.';

function hintFor({ clientId, productId, deviceName, address }: RefusalsReply['refusals'][number]): string {
  if (deviceName !== null)
    return `Look at the unit: "unit show ${productId ?? ''}/${deviceName}" has all its refusals.`;
  if (clientId === '') return `Find out what connects from ${address}: it has sent no name. ${PRINTED}`;
  return `The registry knows no device of this name: compare the client id with the triple. ${PRINTED}`;
}

function checkTrailOf(
  { rewrittenAt, openBreaks, seenUpTo }: ReturnType<typeof compareWithRegistry>,
  lastEntry: number,
): Check {
  // All entries here match those that the registry has, and the registry has more: nothing was rewritten.
  if (rewrittenAt !== null && rewrittenAt > lastEntry && openBreaks.every((seq) => seq > lastEntry))
    return failure(
      'witness',
      'database-corrupt',
      `the registry has seen the audit trail up to entry ${seenUpTo}, and it ends at ${lastEntry} here: the database lost its end, or is an older copy`,
      'Stop working here: triples may be handed out twice. Put the newer database or its log back, or restore: "restore --from FILE --reason TEXT --approver NAME".',
    );
  const [at] = [...openBreaks, ...(rewrittenAt === null ? [] : [rewrittenAt])].sort((a, b) => a - b);
  if (at === undefined)
    return fine('witness', `the registry has seen the audit trail up to entry ${seenUpTo}`);
  return failure(
    'witness',
    'ledger-violation',
    `the audit trail was rewritten: from entry ${at} on it is not what the registry has seen`,
    'Find out who and why, then accept it at the registry: "registry audit --accept".',
  );
}

/**
 * Checks that each port exists, that this user may use it and, unless the station runs, that it opens. Without ports it reports
 * those of this computer.
 */
export async function checkPorts(
  paths: readonly string[],
  mayOpen: boolean,
  { devicePorts }: Platform,
  signal: AbortSignal,
): Promise<Check[]> {
  if (paths.length === 0) return [lookForPorts()];
  const checks: Check[] = [];
  for (const path of paths.filter((one) => !isNoPort(one)))
    checks.push(
      await runCheck(
        `port ${path}`,
        async () => {
          if (path.startsWith('/')) requireAccess(path);
          if (!mayOpen)
            return fine(`port ${path}`, 'exists; it was not opened, because the station is running');
          await using _port = await devicePorts.open(path, { baudRate: USUAL_BAUD }, signal);
          const others = (await devicePorts.findOtherHolders?.(path)) ?? null;
          if (others !== null) throw others;
          return fine(`port ${path}`, 'opens');
        },
        (fault) => (fault.code === 'port-denied' ? allowPorts([path]) : null),
      ),
    );
  return checks;
}

function requireAccess(path: string): void {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
  } catch (cause) {
    const missing = hasErrno(cause, 'ENOENT');
    throw new Fault(
      missing ? 'port-missing' : 'port-denied',
      `${path} ${missing ? 'is not there' : 'may not be used'}`,
      {
        hint: missing
          ? 'Check the cable and the fixture.'
          : 'Let this user use serial ports (group dialout), and sign in again.',
        cause,
      },
    );
  }
}

function lookForPorts(): Check {
  const names = listDev().filter((name) => /^tty(?:USB|ACM)\d+$/.test(name));
  const denied = names.filter((name) => {
    try {
      accessSync(`/dev/${name}`, constants.R_OK | constants.W_OK);
      return false;
    } catch {
      return true;
    }
  });
  if (denied.length > 0)
    return failure(
      'ports',
      'port-denied',
      `${denied.join(', ')} may not be used`,
      'Let this user use serial ports (group dialout), and sign in again.',
      allowPorts(denied.map((name) => `/dev/${name}`)),
    );
  const foundPorts = names.length === 0 ? 'no USB serial port is connected' : `found ${names.join(', ')}`;
  return warning('ports', `${foundPorts}; no slot was named`, 'Name the ports of the slots with --slot.');
}

function listDev(): string[] {
  try {
    return readdirSync('/dev');
  } catch {
    return [];
  }
}

export async function checkBle(
  ble: BleCentral | null,
  ports: readonly string[],
  signal: AbortSignal,
): Promise<Check> {
  if (ble === null && ports.some(isNoPort))
    return failure(
      'ble',
      'ble-missing',
      'a slot has Bluetooth only, and no Bluetooth adapter is set',
      'Set one: "station configure --ble hci", or --ble.',
    );
  if (ble === null)
    return note(
      'ble',
      'no Bluetooth adapter is set: units are tested without Bluetooth',
      'Set one when the units need it: "station configure --ble hci", or --ble.',
      'not-configured',
    );
  return runCheck('ble', async () => {
    await ble.ready(signal);
    return fine('ble', 'the adapter is on');
  });
}
