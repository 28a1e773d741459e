import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostSystem, type SystemKind } from '#node-kit/host-system/index.ts';

const FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];
const TIMEOUT_MS = 10_000;

/** Runs a program of the system and returns what it prints. Errors: those of a program that does not exist or fails. */
export type RunProgram = (file: string, args: readonly string[]) => string;

/**
 * Identifies this installation of the operating system, as hex digits: machine-id(5) on Linux, the MachineGuid of Windows'
 * set-up, the platform's UUID of a Mac. Null where there is none.
 */
export function readMachineId(
  kind: SystemKind = hostSystem().kind,
  run: RunProgram = runProgram,
): string | null {
  try {
    switch (kind) {
      case 'windows': {
        const reg = `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\reg.exe`;
        const key = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography';
        return uuidIn(
          run(reg, ['query', key, '/v', 'MachineGuid', '/reg:64']),
          /MachineGuid\s+REG_SZ\s+(\S+)/,
        );
      }
      case 'macos': {
        const output = run('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']);
        return uuidIn(output, /"IOPlatformUUID"\s*=\s*"([^"]+)"/);
      }
      default:
        return readIdFile();
    }
  } catch {
    return null;
  }
}

function readIdFile(): string | null {
  for (const file of FILES) {
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (/^[0-9a-f]{32}$/.test(text)) return text;
    } catch {
      // This file is missing: the next one is tried.
    }
  }
  return null;
}

function uuidIn(output: string, pattern: RegExp): string | null {
  const id = (pattern.exec(output)?.[1] ?? '').replaceAll('-', '').toLowerCase();
  return /^[0-9a-f]{32}$/.test(id) ? id : null;
}

function runProgram(file: string, args: readonly string[]): string {
  return execFileSync(file, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: TIMEOUT_MS,
    windowsHide: true,
  });
}

/** Identifies this boot of the computer (random(4) on Linux); null where it cannot be identified. */
export function readBootId(): string | null {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}
