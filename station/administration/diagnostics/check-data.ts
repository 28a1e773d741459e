import { closeSync, fsyncSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DISK_HINTS, fileFaultCodeOf, hasErrno, isDiskFaultCode } from '#node-kit/files/index.ts';
import { createYielder } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { counted } from '#shared/words/index.ts';
import { verifyAuditInTurns } from '../../core/audit-log/index.ts';
import { readTrustedTimeMs, describeClockDoubt, compareClocks } from '../clock-trust/index.ts';
import { createVault, openKeyRingForReading, ownerOf, checkMachineBinding } from '../../identity/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { isOfKeychain } from '../../devices/drivers/node/index.ts';
import {
  listLogs,
  listRecordings,
  LOG_LIMITS,
  type RecordingLimits,
} from '../../execution/recording/index.ts';
import {
  backupTimeMs,
  checkBackup,
  checkIntegrity,
  findViolationsBeside,
  restrictToOwner,
  listBackups,
  isOnlyTrailMissing,
  lossHint,
  describeLoss,
  missingByMark,
  readHighMark,
  type ReadableDatabase,
} from '../../core/database/index.ts';
import { ownFolder } from './commands.ts';
import { type Check, failure, fine, warning } from './check.ts';
import { DISK_LIMITS, freeBytes, megabytes } from '../health/index.ts';

const BACKUP_TOO_OLD_MS = 3 * 24 * 60 * 60_000;
const SECRETS_AT_ONCE = 400;

/** Writes a file and removes it, which tests permissions, mount and disk. */
export function checkDirectory(dataDir: string): Check {
  const probe = join(dataDir, `doctor-${process.pid}`);
  try {
    const fd = openSync(probe, 'wx', 0o600);
    try {
      writeSync(fd, 'doctor');
      fsyncSync(fd);
    } finally {
      closeSync(fd);
      rmSync(probe, { force: true });
    }
    return fine('data', `${dataDir} can be written`);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (hasErrno(error, 'ENOENT'))
      return failure(
        'data',
        'file-missing',
        `there is no data directory ${dataDir}`,
        'Name the right one with --data.',
      );
    const faultCode = fileFaultCodeOf(error);
    if (isDiskFaultCode(faultCode))
      return failure(
        'data',
        faultCode,
        `${dataDir} cannot be written (${code ?? 'unknown'})`,
        DISK_HINTS[faultCode],
      );
    return failure(
      'data',
      'file-denied',
      `${dataDir} cannot be written (${code ?? 'unknown'})`,
      'Give this user write permission on it.',
      ownFolder(dataDir),
    );
  }
}

/** Removes the permissions of other users, who could read the PIN hashes, and reports what it has removed. */
export function checkRights(dataDir: string): Check {
  const { directory, files, left } = restrictToOwner(dataDir, { thorough: true });
  const [first] = left;
  if (first !== undefined)
    return failure(
      'rights',
      'file-denied',
      `other users can read ${first}${left.length > 1 ? ` and ${left.length - 1} more` : ''}, which belongs to another user or to all`,
      'Give the data directory to the user that runs the station (chown -R; on Windows in its properties), or name another one with --data.',
      ownFolder(dataDir),
    );
  if (!directory && files === 0) return fine('rights', 'no other user can read it');
  const what = directory
    ? `${dataDir} and ${counted(files, 'file')} in it`
    : `${counted(files, 'file')} in ${dataDir}`;
  return warning(
    'rights',
    `other users could read ${what}; mended`,
    'Change the PINs, if there are others on this computer: they may have copied the hashes.',
  );
}

export function checkDisk(dataDir: string): Check {
  const free = freeBytes(dataDir);
  if (free === null) return warning('disk', 'the free space of the disk is not known', 'Check it by hand.');
  const left = `${megabytes(free)} MB are left`;
  if (free < DISK_LIMITS.stopBytes)
    return failure('disk', 'disk-full', `${left}: no unit is started`, 'Free space on this disk.');
  if (free < DISK_LIMITS.lowBytes) return warning('disk', left, 'Free space before no unit can be started.');
  return fine('disk', left);
}

export async function checkDatabase(database: ReadableDatabase, signal: AbortSignal): Promise<Check> {
  const problem = await checkIntegrity(database.file, signal);
  if (problem === null) return fine('database', `${database.file} is intact`);
  const [newest] = listBackups(join(database.file, '..'));
  return failure(
    'database',
    'database-corrupt',
    `${database.file} is damaged: ${problem}`,
    `Stop working here and restore it: "restore --from ${newest ?? 'BACKUP'} --reason TEXT --approver NAME".`,
  );
}

/** Compares the database with the high-water mark beside it. */
export function checkHighWaterMark(database: ReadableDatabase): Check {
  const missing = missingByMark(database.file, database.readProgress);
  if (missing !== null && isOnlyTrailMissing(missing))
    return warning(
      'end',
      `${database.file} lacks ${missing.entries} of the newest entries of its audit trail`,
      'It was replaced by an older copy, or its end was lost; the next start records that in the trail.',
    );
  if (missing !== null)
    return failure('end', 'database-corrupt', describeLoss(database.file, missing), lossHint(database.file));
  const { runs, entries } = database.readProgress();
  const text = `${counted(runs, 'finished run')}, ${counted(entries, 'audit entry', 'audit entries')}`;
  if (readHighMark(database.file)?.readable === true)
    return fine('end', `${text}, no fewer than station.mark has`);
  return warning(
    'end',
    `${text}; station.mark cannot be read, so it is not known whether there were more`,
    'Compare with the registry ("witness" below); the mark is written anew at the next start.',
  );
}

/** Faults: those with which a start refuses a copy. */
export function checkBinding(database: ReadableDatabase, platform: Platform): Check {
  checkMachineBinding(database, platform);
  return fine('home', 'neither this directory nor its database is a copy');
}

export async function checkIdentity(database: ReadableDatabase, signal: AbortSignal): Promise<Check> {
  const [first, ...more] = await findViolationsBeside(database.file, signal);
  if (first === undefined) return fine('identity', 'every invariant of identity holds');
  const others = more.length === 0 ? '' : `, and ${more.length} more`;
  return failure(
    'identity',
    'ledger-violation',
    first + others,
    'Stop working here and tell support: "triples audit".',
  );
}

export async function checkAuditTrail(database: ReadableDatabase, signal: AbortSignal): Promise<Check> {
  const { entries, brokenAt } = await verifyAuditInTurns(database, signal);
  if (brokenAt === null)
    return fine('audit', `${counted(entries, 'entry', 'entries')}; each follows from the one before it`);
  return failure(
    'audit',
    'ledger-violation',
    `the audit trail is not as it was written, from entry ${brokenAt} on`,
    'Keep the data directory and tell support: "audit verify".',
  );
}

/** Opens every secret, one after the other. */
export async function checkSecrets(
  database: ReadableDatabase,
  platform: Platform,
  signal: AbortSignal,
): Promise<Check> {
  const keys = database.secretKeys.list();
  if (keys.length === 0) return fine('secrets', 'there are none yet');
  const inKeychain = keys.some(({ wrapped }) => isOfKeychain(wrapped));
  if (inKeychain && platform.secretBox.kind !== 'keychain')
    return warning(
      'secrets',
      "the key is in this computer's keychain",
      'The desktop program opens it; a terminal cannot.',
    );
  const ring = await openKeyRingForReading(database, platform);
  const vault = createVault(ring, platform.random);
  const yielder = createYielder(signal);
  let opened = 0;
  let outOfUse = 0;
  const lost: string[] = [];
  for (let after = 0; ;) {
    const block = database.sealedSecrets.listAfter(after, SECRETS_AT_ONCE);
    for (const row of block) {
      try {
        vault.revealBytes(row.secret, ownerOf(row), () => (opened += 1));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        if (row.inUse === 1) lost.push(row.deviceName);
        else outOfUse += 1;
      }
      after = row.tripleId;
    }
    await yielder.afterRows(block.length);
    if (block.length < SECRETS_AT_ONCE) break;
  }
  const [first] = lost;
  if (first !== undefined)
    return failure(
      'secrets',
      'secret-unreadable',
      `${lost.length} of ${counted(lost.length + opened, 'secret does', 'secrets do')} not open, ${first} the first of them`,
      'Put back the key file that belongs to this data directory; else retire these triples.',
    );
  const exposed = platform.secretBox.warning?.() ?? null;
  if (exposed !== null) return warning('secrets', exposed, 'Change the key: "station rotate-key".');
  if (outOfUse > 0)
    return warning(
      'secrets',
      `${counted(opened, 'opens', 'open')}; ${counted(outOfUse, 'of a triple that is out of use does', 'of triples that are out of use do')} not`,
      'No unit gets them. If the key file of the restored backup is somewhere, put it here and restore the same backup again.',
    );
  if (ring.all.length > 1)
    return warning('secrets', 'a change of the key was cut off', 'Finish it: "station rotate-key".');
  return fine('secrets', `${counted(opened, 'opens', 'open')}, by ${platform.secretBox.kind}`);
}

/** @param thorough reads the newest backup to its end; else its age is that of its name or its file */
export async function checkBackups(
  dataDir: string,
  nowMs: number,
  thorough: boolean,
  signal: AbortSignal,
): Promise<Check> {
  const [newest] = listBackups(dataDir);
  if (newest === undefined)
    return warning('backup', 'there is no backup', 'Make one now ("backup --to DIR"), on another disk.');
  const upToMs = thorough
    ? (await checkBackup(newest, { signal })).upToMs
    : (backupTimeMs(basename(newest)) ?? statSync(newest).mtimeMs);
  const name = basename(newest);
  if (upToMs !== null && nowMs - upToMs > BACKUP_TOO_OLD_MS)
    return warning(
      'backup',
      `${name} lacks the last ${counted(days(nowMs - upToMs), 'day')}`,
      'Make one: "backup".',
    );
  return fine(
    'backup',
    `${thorough ? `${name} is whole` : `the newest is ${name}`}; it opens only with the key of this data directory ("backup --to DIR --with-key" adds a key file)`,
  );
}

function days(ms: number): number {
  return Math.floor(ms / 86_400_000);
}

export async function checkRecordings(dataDir: string, limits: RecordingLimits): Promise<Check> {
  const recordings = await listRecordings(dataDir);
  const bytes = recordings.reduce((sum, one) => sum + one.bytes, 0);
  const [oldest] = recordings;
  const since =
    oldest === undefined ? '' : `, the oldest of ${new Date(oldest.atMs).toISOString().slice(0, 10)}`;
  const text = `${counted(recordings.length, 'recording takes', 'recordings take')} ${megabytes(bytes)} of ${megabytes(limits.maxBytes)} MB${since}`;
  if (bytes <= limits.maxBytes) return fine('recordings', text);
  return warning(
    'recordings',
    `${text}; those of the last ${counted(limits.keepDays, 'day')} are not removed`,
    'Raise the limit, or store fewer days: "station configure --recordings-gb N --recordings-keep-days N".',
  );
}

/** Old files are removed only when the clock is trusted. */
export function checkRetention(database: ReadableDatabase, nowMs: number): Check {
  const doubt = compareClocks({ nowMs, trustedMs: readTrustedTimeMs(database), registryMs: null });
  if (doubt === null) return fine('keeping', 'files beyond their age limit are removed');
  return warning(
    'keeping',
    `nothing old is removed unless the registry confirms this clock: ${describeClockDoubt(doubt)}`,
    'Set this computer\'s clock. If it is right, reach the registry, or confirm it: "station clock --right --reason TEXT --approver NAME".',
  );
}

export async function checkLog({ log, paths }: Platform): Promise<Check> {
  const before = log.lost?.() ?? 0;
  log.info('doctor.looked');
  const bytes = (await listLogs(paths.dataDir)).reduce((sum, one) => sum + one.bytes, 0);
  const usage = `it takes ${megabytes(bytes)} of ${megabytes(LOG_LIMITS.maxBytes)} MB, and lines older than ${counted(LOG_LIMITS.maxAgeDays, 'day')} are removed`;
  if ((log.lost?.() ?? 0) === before) return fine('log', `the log can be written; ${usage}`);
  return failure(
    'log',
    'file-denied',
    'the log cannot be written',
    'Check the directory logs/ in the data directory.',
  );
}

export function checkOutbox(database: ReadableDatabase, nowMs: number): Check {
  const { pending, parked, setAside, oldestPendingAtMs } = database.outbox.getCounts();
  const hours = oldestPendingAtMs === null ? 0 : Math.floor((nowMs - oldestPendingAtMs) / 3_600_000);
  const text = `${counted(pending, 'message waits', 'messages wait')} for the registry, ${counted(parked, 'was', 'were')} parked${setAside === 0 ? '' : `, ${counted(setAside, 'was', 'were')} set aside`}`;
  if (parked > 0) return warning('outbox', text, 'See why: "sync status".', { code: 'registry-refused' });
  if (hours >= 24)
    return warning('outbox', `${text}; the oldest for ${counted(hours, 'hour')}`, 'Send them: "sync drain".');
  return fine('outbox', text);
}
