import { createHash } from 'node:crypto';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { readFile, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makeDir } from '#node-kit/files/index.ts';
import { manifestFileOf, type ReportManifest } from '../reports/index.ts';

/** The part of a registry client that reports are sent with. */
export interface ReportRegistry {
  sendReport(
    report: {
      readonly key: string;
      readonly name: string;
      readonly path: string;
      readonly sizeBytes: number;
      readonly sha256: string;
    },
    signal: AbortSignal,
  ): Promise<void>;
}

/**
 * Sends a report and its manifest to the registry; returns the number of its runs. The file is written once and kept until it
 * was sent: a registry that has it already, because only its reply was lost, then gets the same content again.
 * Faults: those of `write` and of `sendReport`.
 */
export async function sendOnce(
  {
    key,
    path,
    registry,
    write,
  }: {
    readonly key: string;
    readonly path: string;
    readonly registry: ReportRegistry;
    readonly write: (path: string) => Promise<unknown>;
  },
  signal: AbortSignal,
): Promise<number> {
  const manifestPath = manifestFileOf(path);
  makeDir(dirname(path));
  if (!existsSync(path) || !existsSync(manifestPath)) await write(path);
  const text = await readFile(manifestPath);
  const { bytes, rows, sha256 } = JSON.parse(text.toString()) as Pick<
    ReportManifest,
    'bytes' | 'rows' | 'sha256'
  >;
  await registry.sendReport({ key, name: basename(path), path, sizeBytes: bytes, sha256 }, signal);
  const manifest = {
    key: `${key}/manifest`,
    name: basename(manifestPath),
    path: manifestPath,
    sizeBytes: text.length,
    sha256: createHash('sha256').update(text).digest('hex'),
  };
  await registry.sendReport(manifest, signal);
  return rows;
}

/** Removes what the registry has. */
export async function removeSent(path: string): Promise<void> {
  for (const file of [path, manifestFileOf(path)]) await rm(file, { force: true });
  await rmdir(dirname(path)).catch(() => undefined);
}

/**
 * Removes the files of reports that are not due any more. Errors: those of the file system.
 *
 * @param due names of the folders that stay
 */
export function removeUnsent(dir: string, due: ReadonlySet<string>): void {
  if (!existsSync(dir)) return;
  for (const name of readdirSync(dir))
    if (!due.has(name)) rmSync(join(dir, name), { recursive: true, force: true });
}
