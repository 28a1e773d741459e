import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { generate } from 'selfsigned';
import { hasErrno } from '#node-kit/files/index.ts';
import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { Fault } from '#shared/domain/fault.ts';
import { readOrCreatePrivateText, readPrivateText } from '../files/index.ts';
import { hostName } from '../platform.ts';

/** PEM; `fingerprint` is SHA-256 of the certificate, as `AA:BB:…`. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly fingerprint: string;
}

/** Stations pin the certificate and ignore its dates. */
const VALID_MS = 30 * 365 * 24 * 3_600_000;

/**
 * The registry's own certificate: self-signed, made once, stored with its key in an owner-only file of the data directory.
 * Faults: `file-denied`, `secret-unreadable` when the file contains something else.
 */
export async function ownCertificate(dataDir: string, nowMs: number): Promise<Certificate> {
  const path = join(dataDir, 'registry.tls.pem');
  const pem = readPrivateText(path) ?? (await make(path, nowMs));
  try {
    return parseCertificate(pem, pem);
  } catch (cause) {
    throw new Fault('secret-unreadable', `${path} does not hold a certificate and its key`, {
      hint: 'Put it back from the backup, or remove it to have a new one made; every station then has to be configured with its fingerprint.',
      cause,
    });
  }
}

/** Reads the user's certificate and key, both PEM. Faults: `file-missing`, `file-denied`, `bad-input`. */
export function readCertificate(certFile: string, keyFile: string): Certificate {
  const [cert, key] = [read(certFile), read(keyFile)];
  try {
    return parseCertificate(cert, key);
  } catch (cause) {
    throw new Fault('bad-input', `${certFile} and ${keyFile} are not a certificate and its key`, {
      hint: 'Give both as PEM, the key without a passphrase.',
      cause,
    });
  }
}

export function fingerprintOf(cert: string): string {
  return new X509Certificate(cert).fingerprint256;
}

async function make(path: string, nowMs: number): Promise<string> {
  const name = hostName();
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'gongwei registry' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: new Date(nowMs - 24 * 3_600_000),
    notAfterDate: new Date(nowMs + VALID_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: name },
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return readOrCreatePrivateText(path, () => `${key.trim()}\n${cert.trim()}\n`);
}

/** Throws when certificate and key do not match. */
function parseCertificate(cert: string, key: string): Certificate {
  createSecureContext({ cert, key });
  return { cert, key, fingerprint: fingerprintOf(cert) };
}

function read(file: string): string {
  return requireUtf8Text(readBytes(file), file);
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (cause) {
    if (hasErrno(cause, 'ENOENT'))
      throw new Fault('file-missing', `there is no file ${file}`, { hint: 'Check the path.', cause });
    throw new Fault('file-denied', `${file} cannot be read`, {
      hint: 'Check that it is a file and that you may read it.',
      cause,
    });
  }
}
