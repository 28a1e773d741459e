import { readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Who has a port open for so long uses it. */
const AGAIN_MS = 150;

/** A program that has a port open. */
export interface PortHolder {
  readonly pid: number;
  /** Its own name, without arguments: these may hold secrets. */
  readonly name: string;
}

/** Looks who has a port open; those who ask at the same time share one look at all programs. */
export interface PortHolders {
  /**
   * Other programs than this one. Empty where nobody can tell.
   * @param maxAgeMs that nobody had it open so long ago is as good; it is looked anew when left out
   */
  of(path: string, maxAgeMs?: number): Promise<readonly PortHolder[]>;
}

interface OpenFiles extends PortHolder {
  readonly files: readonly string[];
}

/**
 * As far as this user may see (Linux, `/proc/PID/fd`; of other users' programs root alone). Whoever has the master of a
 * pseudo-terminal is its other end and no other user.
 */
export function createPortHolders(proc = '/proc'): PortHolders {
  let looking: Promise<readonly OpenFiles[]> | null = null;
  let seen: { readonly at: number; readonly programs: readonly OpenFiles[] } | null = null;
  const look = async (): Promise<readonly OpenFiles[]> => {
    const programs = await lookAtPrograms(proc);
    seen = { at: performance.now(), programs };
    looking = null;
    return programs;
  };
  const among = (programs: readonly OpenFiles[], path: string): readonly PortHolder[] =>
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
      // Who had it open then may have closed it since: only that nobody had is believed.
      const isFresh = seen !== null && performance.now() - seen.at < maxAgeMs;
      if (isFresh && among(seen?.programs ?? [], real).length === 0) return [];
      const holders = among(await (looking ??= look()), real);
      if (holders.length === 0) return [];
      // It may have ended while it was looked at, or be a copy of a program that is about to start another one.
      await sleep(AGAIN_MS);
      const still = among(await lookAtPrograms(proc), real);
      return still.filter(({ pid }) => holders.some((holder) => holder.pid === pid));
    },
  };
}

/** As people read it: `minicom (process 1234)`. */
export function namesOf(holders: readonly PortHolder[]): string {
  return holders.map(({ name, pid }) => `${name} (process ${pid})`).join(', ');
}

/** Programs that have any terminal open. */
async function lookAtPrograms(proc: string): Promise<readonly OpenFiles[]> {
  const names = await readdir(proc).catch(() => []);
  const others = names.filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  const programs = await Promise.all(others.map((name) => lookAt(join(proc, name), Number(name))));
  return programs.filter((program) => program !== null);
}

async function lookAt(dir: string, pid: number): Promise<OpenFiles | null> {
  const fds = await readdir(join(dir, 'fd')).catch(() => []);
  const open = await Promise.all(fds.map((fd) => readlink(join(dir, 'fd', fd)).catch(() => '')));
  const files = open.filter((file) => file.startsWith('/dev/'));
  if (files.length === 0) return null;
  const name = await readFile(join(dir, 'comm'), 'utf8').catch(() => '');
  return { pid, name: name.trim() || 'a program', files };
}
