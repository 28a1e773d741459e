import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asFileFault, hasErrno } from '#node-kit/files/index.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import {
  isNamedAs,
  MANIFEST_ENDING,
  manifestFileOf,
  parseManifest,
  type ReportManifest,
} from './manifest.ts';

/** A longer file is no manifest, and is not read into memory. */
const MAX_MANIFEST_BYTES = 64 * 1024 * 1024;

/** How a report differs from its manifest. */
export const REPORT_PROBLEMS = [
  'file-missing',
  'file-changed',
  'manifest-missing',
  'manifest-changed',
  'manifest-unreadable',
  'renamed',
] as const;
export type ReportProblem = (typeof REPORT_PROBLEMS)[number];

export interface VerifiedReport {
  /** The path of the report. */
  readonly path: string;
  readonly whole: boolean;
  readonly problem: ReportProblem | null;
  /** One sentence: what is so, or what differs. */
  readonly message: string;
  readonly manifest: ReportManifest | null;
}

/**
 * Compares a report with the manifest beside it. Either may be named.
 * Faults: `file-missing` when there is neither, `file-denied`, `disk-failing`; the signal's reason.
 */
export async function verifyReport(named: string, signal: AbortSignal): Promise<VerifiedReport> {
  const path = named.endsWith(MANIFEST_ENDING) ? named.slice(0, -MANIFEST_ENDING.length) : named;
  const name = basename(path);
  const [bytes, text] = await Promise.all([sizeOf(path), textOf(manifestFileOf(path))]);
  const problem = (kind: ReportProblem, message: string, manifest: ReportManifest | null = null) => ({
    path,
    whole: false,
    problem: kind,
    message,
    manifest,
  });
  if (text === null) {
    if (bytes === null) {
      throw new Fault('file-missing', `there is neither ${path} nor its manifest`, {
        hint: 'Name a file that "report" has written.',
      });
    }
    const original = await findOriginal(path, signal);
    return original === null
      ? problem('manifest-missing', `${name} has no manifest beside it, so nothing says whether it is whole`)
      : problem('renamed', `${name} was renamed: it was written as ${original.file}`, original);
  }
  const read = parseManifest(text);
  if (read.kind !== 'whole') {
    return read.kind === 'changed'
      ? problem('manifest-changed', `the manifest of ${name} was changed after it was written`)
      : problem('manifest-unreadable', `the manifest of ${name} is no manifest of a report, or is cut off`);
  }
  const { manifest } = read;
  if (bytes === null) {
    return problem(
      'file-missing',
      `there is a manifest of ${name}, but not the file: it was moved, or never finished`,
      manifest,
    );
  }
  if (!isNamedAs(manifest, path)) {
    return problem('renamed', `${name} was renamed: it was written as ${manifest.file}`, manifest);
  }
  if (bytes !== manifest.bytes) {
    const message = `${name} was changed: it has ${bytes} bytes, and was written with ${manifest.bytes}`;
    return problem('file-changed', message, manifest);
  }
  if ((await digestOf(path, signal)) !== manifest.sha256) {
    const message = `${name} was changed: its length is as written, its content is not`;
    return problem('file-changed', message, manifest);
  }
  const message = `${name} is whole, as it was written`;
  return { path, whole: true, problem: null, message, manifest };
}

/** The manifest in the same directory that is of this content under another name. */
async function findOriginal(path: string, signal: AbortSignal): Promise<ReportManifest | null> {
  const dir = dirname(path);
  const names = await readdir(dir).catch(() => []);
  const size = await sizeOf(path);
  let digest: string | null = null;
  for (const name of names.filter((one) => one.endsWith(MANIFEST_ENDING)).sort()) {
    throwIfAborted(signal);
    // What cannot be read is not of this file.
    const read = parseManifest((await textOf(join(dir, name)).catch(() => null)) ?? '');
    if (read.kind !== 'whole' || read.manifest.bytes !== size) continue;
    digest ??= await digestOf(path, signal);
    if (read.manifest.sha256 === digest) return read.manifest;
  }
  return null;
}

async function digestOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path, { signal, highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Uint8Array);
    }
  } catch (error) {
    throwIfAborted(signal);
    throw asFileFault(error, path, 'read');
  }
  return hash.digest('hex');
}

async function sizeOf(path: string): Promise<number | null> {
  return orNull(path, async () => (await stat(path)).size);
}

async function textOf(path: string): Promise<string | null> {
  return orNull(path, async () => {
    const { size } = await stat(path);
    return size > MAX_MANIFEST_BYTES ? '' : readFile(path, 'utf8');
  });
}

async function orNull<T>(path: string, read: () => Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR')) return null;
    throw asFileFault(error, path, 'read');
  }
}
