import { existsSync } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { ed25519Fingerprint, ed25519FromPem } from '#node-kit/crypto/index.ts';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { looksSigned } from '#shared/signed/index.ts';
import {
  createRegistryClient,
  type KeyTrust,
  manifestFileOf,
  MANIFEST_ENDING,
  MAX_SIGNED_FILE_BYTES,
  registryBaseUrl,
  type VerifiedFile,
  verifyFile,
  verifyReport,
} from '#station';
import { command, type CommonOptions, interruptSignal } from '../command.ts';
import { EXIT_STATUS } from '../exit-status.ts';
import { createOutput, type Output } from '../output.ts';

interface VerifyOptions extends CommonOptions {
  readonly registry?: string;
  readonly registryFingerprint?: string;
  readonly key?: string;
  readonly fingerprint?: string;
}

/** Whether a signed file is whole, and whose it is; without a database and without a data directory. */
export function verifyCommand(): Command {
  return command(
    'verify',
    'whether a signed balance or certificate, or a report with its manifest, is whole, and whose it is',
  )
    .argument('<file>', 'the file: .json or .txt')
    .option('--registry <url>', 'compare its key with those that this registry has of its stations')
    .option(
      '--registry-fingerprint <sha256>',
      "fingerprint of the registry's certificate; no other is accepted",
    )
    .option('--key <file>', 'compare its key with this public key (PEM), as "station key --out" writes it')
    .option('--fingerprint <sha256>', 'compare its key with this fingerprint, as "station key" prints it')
    .action(verify);
}

async function verify(path: string, options: VerifyOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  const trust = await trustOf(options, signal);
  const named = resolve(path);
  const isCompared = trust.fingerprints !== undefined || trust.registry !== undefined;
  if (!isCompared && (await isReport(named))) return verifyWithManifest(named, out, signal);
  const file = await readSigned(named);
  const verified = await verifyFile(file, trust);
  const { whole, problem, kind, station, keyId, key, stations, revoked } = verified;
  out.event('verified', {
    whole,
    station,
    kind,
    fingerprint: keyId,
    key,
    problem,
    ...(stations === null ? {} : { stations, revoked }),
    path,
  });
  for (const line of format(verified, path)) out.print(line);
  if (file.subarray(0, 5).toString() === '%PDF-')
    out.notice('a PDF has no signature: verify the .json that is attached to it');
  if (!whole) process.exitCode = EXIT_STATUS.integrity;
}

/**
 * True for a file with a manifest, unless it is a signed file: a manifest has no signature, and so proves less. A comparison
 * with a key asks for a signature, which no report has.
 */
async function isReport(path: string): Promise<boolean> {
  if (path.endsWith(MANIFEST_ENDING)) return true;
  if (!existsSync(manifestFileOf(path))) return false;
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return !looksSigned(buffer.subarray(0, bytesRead));
  } catch {
    // `verifyReport` says what is the matter with it.
    return true;
  }
}

const HEAD_BYTES = 1_000;

/** A report is compared with the manifest beside it, which has no signature. Faults: those of `verifyReport`. */
async function verifyWithManifest(path: string, out: Output, signal: AbortSignal): Promise<void> {
  const { whole, problem, message, manifest } = await verifyReport(path, signal);
  const stations = manifest?.stations ?? [];
  const station = stations.length === 1 ? stations[0] : null;
  const facts = { fingerprint: null, key: 'not-signed', problem, stations, sha256: manifest?.sha256 ?? null };
  out.event('verified', { whole, station, kind: 'report', ...facts, path });
  out.print(message);
  if (stations.length > 0) out.print(`stations it names: ${stations.join(', ')}`);
  out.notice(
    'a manifest is not signed: it finds a damaged or changed file, and anybody could have written both',
  );
  if (!whole) process.exitCode = EXIT_STATUS.integrity;
}

/** Faults: `file-missing`, `file-denied`, `bad-input` for a PDF and for a file over 256 MiB. */
async function readSigned(path: string): Promise<Buffer> {
  try {
    const facts = await stat(path);
    if (!facts.isFile() || facts.size > MAX_SIGNED_FILE_BYTES)
      throw new Fault('bad-input', `${path} is not a file of up to 256 MiB`, { hint: 'Name a signed file.' });
    const file = await readFile(path);
    // What its page shows is not signed: only its attachment is.
    if (file.subarray(0, 5).toString('latin1') === '%PDF-')
      throw new Fault('bad-input', `${path} is a PDF, whose pages are not signed`, {
        hint: 'Save its attachment certificate.json, and verify that: "pdfdetach -savefile certificate.json FILE".',
      });
    return file;
  } catch (error) {
    throw asFileFault(error, path, 'read');
  }
}

async function trustOf(options: VerifyOptions, signal: AbortSignal): Promise<KeyTrust> {
  const fingerprints = [
    ...(options.fingerprint === undefined ? [] : [fingerprintOf(options.fingerprint)]),
    ...(options.key === undefined ? [] : [await fingerprintOfFile(options.key)]),
  ];
  const { registry: url, registryFingerprint } = options;
  if (url === undefined && registryFingerprint !== undefined)
    throw new Fault('bad-input', '--registry-fingerprint belongs to --registry', { hint: 'Give both.' });
  if (new Set(fingerprints).size > 1)
    throw new Fault('bad-input', '--key and --fingerprint are of two keys', { hint: 'Give one of them.' });
  return {
    fingerprints: fingerprints.length === 0 ? undefined : fingerprints,
    registry: url === undefined ? undefined : askRegistry(url, registryFingerprint, signal),
  };
}

function askRegistry(
  url: string,
  fingerprint: string | undefined,
  signal: AbortSignal,
): NonNullable<KeyTrust['registry']> {
  // The registry answers this question without a token.
  const baseUrl = registryBaseUrl(url);
  const client = createRegistryClient({
    baseUrl,
    token: 'none',
    station: 'verify',
    fingerprint: fingerprint ?? null,
  });
  return (keyId) => client.keys.find(keyId, signal);
}

/** Faults: `bad-input`. */
function fingerprintOf(text: string): string {
  const digits = text.replaceAll(/[\s:]/g, '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(digits)) return digits;
  throw new Fault('bad-input', `"${text}" is not the fingerprint of a key`, {
    hint: 'It has 64 hex digits, as "station key" prints it.',
  });
}

async function fingerprintOfFile(path: string): Promise<string> {
  try {
    const key = ed25519FromPem(await readFile(path, 'utf8'));
    if (key !== null) return ed25519Fingerprint(key);
  } catch (error) {
    throw asFileFault(error, path, 'read');
  }
  throw new Fault('bad-input', `${path} is not an Ed25519 public key in PEM`, {
    hint: '"station key --out FILE" writes one.',
  });
}

const PROBLEMS: Readonly<Record<NonNullable<VerifiedFile['problem']>, string>> = {
  'not-signed': 'it is not a signed balance or certificate of a station',
  cut: 'its end is missing, or something follows',
  malformed: 'it is not written as a station writes it',
  version: 'a newer version of this program wrote it; verify it with that',
  'key-mismatch': 'its key is not the one of its fingerprint',
  changed: 'it was changed after it was signed',
  'other-key': 'it was signed with another key than that of its station',
  'unknown-key': 'the registry does not know its key',
};

const KINDS: Readonly<Record<NonNullable<VerifiedFile['kind']>, string>> = {
  'batch-balance': 'balance of a batch',
  'batch-balance-text': 'balance of a batch, as text',
  'birth-certificate': 'birth certificate of a unit',
  'station-key': 'proof of a key',
};

function format(
  { whole, problem, kind, station, keyId, key, revoked }: VerifiedFile,
  path: string,
): string[] {
  const facts = [
    ...(kind === null ? [] : [`kind: ${KINDS[kind]}`]),
    ...(station === null ? [] : [`station it names: ${station}`]),
    ...(keyId === null ? [] : [`fingerprint of its key: ${keyId}`]),
  ];
  if (!whole) return [`NOT WHOLE: ${problem === null ? path : PROBLEMS[problem]}`, ...facts];
  const owner =
    key === 'trusted'
      ? 'its key is that of the station'
      : 'its key was not compared: anybody could have made it. Compare the fingerprint with the one of the station, or give --registry, --key or --fingerprint';
  return [
    'whole: not one bit was changed since it was signed',
    ...facts,
    owner,
    ...(revoked ? ['note: the registry does not accept this station any more'] : []),
  ];
}
