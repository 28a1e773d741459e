import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '#shared/domain/fault.ts';

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

/** Open files that are read in one turn of the event loop: a millisecond. */
const FILES_PER_TURN = 256;

/**
 * Programs that have any terminal open. The calls do not wait for a disk, and block: through the pool of threads, each
 * would wake one of its many threads, which takes ten times as much of the processor.
 */
async function readPrograms(proc: string): Promise<readonly OpenFiles[]> {
  const programs: OpenFiles[] = [];
  let inTurn = 0;
  for (const pid of namesIn(proc)) {
    if (!/^\d+$/.test(pid) || pid === String(process.pid)) continue;
    const dir = `${proc}/${pid}`;
    const files: string[] = [];
    for (const fd of namesIn(`${dir}/fd`)) {
      const file = orEmpty(() => readlinkSync(`${dir}/fd/${fd}`));
      if (file.startsWith('/dev/')) files.push(file);
      if (++inTurn % FILES_PER_TURN === 0) await nextTurn();
    }
    if (files.length === 0) continue;
    const name = orEmpty(() => readFileSync(`${dir}/comm`, 'utf8'));
    programs.push({ pid: Number(pid), name: name.trim() || 'a program', files });
  }
  return programs;
}

/** Nothing for a folder that is gone or that this user may not read. */
function namesIn(dir: string): readonly string[] {
  try {
    return readdirSync(dir);
  } catch {
    return [];
  }
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    // The program has ended, or has closed the file.
    return '';
  }
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
