import { copyFileSync, realpathSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import {
  fileFaultCodeOf,
  isDiskFaultCode,
  makeDir,
  renameDurablySync,
  TEMPORARY_ENDING,
} from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  backupStamp,
  checkBackup,
  createNodePlatform,
  listBackups,
  writeKeyFile,
  requireLongPassphrase,
  type Station,
} from '#station';
import { type CommonOptions, command, dataDirOf } from '../command.ts';
import { readPassphrase } from '../read-passphrase.ts';
import { formatUtcTime } from '../format-time.ts';
import { createOutput, type Output, table } from '../output.ts';
import { terminalSession } from '../terminal-session.ts';
import { withStation, withDatabase } from '../with-station.ts';

interface BackupOptions extends CommonOptions {
  readonly list?: boolean;
  readonly to?: string;
  readonly withKey?: boolean;
}

export function backupCommand(): Command {
  return command('backup', 'copy the database, also while it is in use')
    .option('--list', 'list the backups; make none')
    .option('--to <dir>', 'put a second copy there, e.g. on another disk')
    .option(
      '--with-key',
      'also write its key beside that copy, encrypted with a passphrase (first line of standard input), to restore it on another computer',
    )
    .action((options: BackupOptions) => (options.list === true ? list(options) : backup(options)));
}

async function backup(options: BackupOptions): Promise<void> {
  const out = createOutput(options);
  if (options.withKey === true && options.to === undefined)
    throw new Fault('bad-input', '--with-key needs --to', {
      hint: 'A key belongs beside the copy that leaves this disk: "backup --to DIR --with-key".',
    });
  const passphrase =
    options.withKey === true ? await readPassphrase('passphrase for the key', { anew: true }) : null;
  try {
    await writeBackup(options, passphrase, out);
  } finally {
    passphrase?.fill(0);
  }
}

async function writeBackup(options: BackupOptions, passphrase: Buffer | null, out: Output): Promise<void> {
  if (passphrase !== null) requireLongPassphrase(passphrase);
  const path = await make(options);
  // Reads the whole copy now: a backup that cannot be restored must be noticed before it is needed.
  const { sizeBytes } = await checkBackup(path);
  const copy = options.to === undefined ? null : await copyTo(path, resolve(options.to));
  const key =
    passphrase === null || copy === null
      ? null
      : await writeKeyFile(createNodePlatform(dataDirOf(options)), copy, passphrase);
  out.event('backup.written', { path, sizeBytes, copy, key });
  for (const file of [path, copy, key]) if (file !== null) out.print(file);
  out.print(
    key === null
      ? "the backup does not contain the key of its secrets: without station.key of this data directory (or this computer's keychain) a restore quarantines every triple; store a copy of the key separately, or make the backup with --to DIR --with-key"
      : 'it can be restored on another computer with the passphrase; the passphrase and both files together open every secret',
  );
}

/** While a station runs on the data, only the copy is made, without an entry in the audit trail. */
async function make(options: BackupOptions): Promise<string> {
  const stamp = backupStamp(Date.now());
  try {
    return await withStation(options, async (station: Station) =>
      station.health.backUp(stamp, terminalSession()),
    );
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'data-busy') throw error;
  }
  return withDatabase(options, (database) => database.backup(stamp));
}

/**
 * Copies a backup to a directory and reads the copy. The copy has its name only when it is complete and durable, so that its
 * medium may be removed after the command. Returns its path.
 */
async function copyTo(path: string, dir: string): Promise<string> {
  const target = join(dir, basename(path));
  const temporaryFile = `${target}${TEMPORARY_ENDING}`;
  try {
    makeDir(dir);
    if (realpathSync(dir) === realpathSync(dirname(path))) throw sameDirectory(path, dir);
    copyFileSync(path, temporaryFile);
    await checkBackup(temporaryFile);
    renameDurablySync(temporaryFile, target);
    return target;
  } catch (cause) {
    discard(temporaryFile);
    if (cause instanceof Fault && cause.code === 'bad-input') throw cause;
    if (cause instanceof Fault && cause.code === 'database-corrupt')
      throw new Fault('disk-failing', `the copy ${target} differs from ${path}, which is whole`, {
        hint: 'Name another disk: this one does not return what is written to it.',
        cause,
      });
    const faultCode = fileFaultCodeOf(cause);
    const ofDisk = isDiskFaultCode(faultCode);
    throw new Fault(
      ofDisk ? faultCode : 'file-denied',
      `the copy ${target} could not be made; ${path} is whole`,
      {
        hint: ofDisk ? 'Free space there, or name another disk.' : 'Check that the directory can be written.',
        cause,
      },
    );
  }
}

function sameDirectory(path: string, dir: string): Fault {
  return new Fault('bad-input', `${dir} has the backup ${path} already, so that no second copy was made`, {
    hint: 'Name a directory of another disk with --to.',
  });
}

/** Removes an incomplete copy, if there is one. */
function discard(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The failure of the copy itself is reported.
  }
}

async function list(options: BackupOptions): Promise<void> {
  const out = createOutput(options);
  const rows = [];
  for (const path of listBackups(dataDirOf(options))) rows.push({ path, ...(await tryCheck(path)) });
  for (const row of rows) out.event('backup', row);
  const text = rows.map(({ path, upToMs, ok }) => [path, ok ? 'whole' : 'BROKEN', formatUtcTime(upToMs)]);
  out.print(
    text.length === 0 ? 'there are no backups' : table(['backup', 'state', 'last record (UTC)'], text),
  );
}

async function tryCheck(path: string): Promise<{
  readonly ok: boolean;
  readonly upToMs: number | null;
  readonly sizeBytes: number;
}> {
  try {
    return { ok: true, ...(await checkBackup(path)) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ok: false, upToMs: null, sizeBytes: 0 };
  }
}
