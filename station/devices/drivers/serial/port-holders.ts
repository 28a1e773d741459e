import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { setTimeout as sleep } from 'node:timers/promises';

/** A program that still has a port open after this time uses it. */
const CONFIRM_MS = 150;

/** A program that has a port open. */
export interface PortHolder {
  readonly pid: number;
  /** Its name without arguments, which may have secrets. */
  readonly name: string;
}

/** Finds the programs that have a port open; calls at the same time share one list of open files. */
export interface PortHolders {
  /**
   * Other programs than this one; empty where they cannot be found.
   * @param maxAgeMs a list of this age is accepted when no program had the port open; default: a new list
   */
  of(path: string, maxAgeMs?: number): Promise<readonly PortHolder[]>;
}

interface OpenFiles extends PortHolder {
  readonly files: readonly string[];
}

/**
 * Reads `/proc/PID/fd` (Linux), of other users' programs only as root. A program that has the master of a pseudo-terminal
 * is its other end and does not count.
 */
export function createPortHolders(proc = '/proc'): PortHolders {
  let reading: Promise<readonly OpenFiles[]> | null = null;
  let last: { readonly atMs: number; readonly programs: readonly OpenFiles[] } | null = null;
  const read = async (): Promise<readonly OpenFiles[]> => {
    const programs = await readPrograms(proc);
    last = { atMs: performance.now(), programs };
    reading = null;
    return programs;
  };
  const holdersAmong = (programs: readonly OpenFiles[], path: string): readonly PortHolder[] =>
    programs
      .filter(({ files }) => files.includes(path))
      .filter(
        ({ files }) => !path.startsWith('/dev/pts/') || !files.some((file) => basename(file) === 'ptmx'),
      )
      .map(({ pid, name }) => ({ pid, name }))
      .toSorted((a, b) => a.pid - b.pid);
  return {
    async of(path, maxAgeMs = 0) {
      const real = await realpath(path).catch(() => path);
      // A program may have closed the port since, so an old list counts only when no program had it open.
      const isFresh = last !== null && performance.now() - last.atMs < maxAgeMs;
      if (isFresh && holdersAmong(last?.programs ?? [], real).length === 0) return [];
      const holders = holdersAmong(await (reading ??= read()), real);
      if (holders.length === 0) return [];
      // The program may have ended meanwhile, or be a fork that is about to start another program.
      await sleep(CONFIRM_MS);
      const confirmed = holdersAmong(await readPrograms(proc), real);
      return confirmed.filter(({ pid }) => holders.some((holder) => holder.pid === pid));
    },
  };
}

/** For people: `minicom (process 1234)`. */
export function namesOf(holders: readonly PortHolder[]): string {
  return holders.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
}

/** Programs that have any terminal open. */
async function readPrograms(proc: string): Promise<readonly OpenFiles[]> {
  const names = await readdir(proc).catch(() => []);
  const others = names.filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const programs = await Promise.all(others.map((name) => readProgram(join(proc, name), Number(name))));
  return programs.filter((program) => program !== null);
}

async function readProgram(dir: string, pid: number): Promise<OpenFiles | null> {
  const fds = await readdir(join(dir, 'fd')).catch(() => []);
  const open = await Promise.all(fds.map((fd) => readlink(join(dir, 'fd', fd)).catch(() => '')));
  const files = open.filter((file) => file.startsWith('/dev/'));
  if (files.length === 0) return null;
  const name = await readFile(join(dir, 'comm'), 'utf8').catch(() => '');
  return { pid, name: name.trim() || 'a program', files };
}

/** The fault names the programs that have the port open, where they are known. */
export function portBusy(path: string, holders: readonly PortHolder[], cause?: unknown): Fault {
  const names = namesOf(holders);
  return new Fault('port-busy', `${names === '' ? 'another program' : names} has ${path} open`, {
    hint:
      names === ''
        ? 'Close the terminal or flasher that uses it. On Linux, ModemManager holds a new adapter for half a minute.'
        : `Close ${names}.`,
    details: { port: path, ...(names === '' ? {} : { holder: names }) },
    cause,
  });
}
