import { constants, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, relative, sep } from 'node:path';
import { runProgram } from '#node-kit/process/index.ts';
import { matchesFilePattern } from '#shared/domain/file-pattern.ts';
import { compilePattern } from '#shared/pattern/index.ts';

/** Lines of a program that are recorded; what comes later is only counted. */
const MAX_RECORDED_LINES = 2000;
/** The variables of this process that a program needs to run at all; others may hold secrets. */
const ENVIRONMENT =
  /^(?:PATH|HOME|USER|LANG|LC_ALL|TZ|TMPDIR|TEMP|TMP|SystemRoot|SystemDrive|windir|ComSpec|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|ProgramData|ProgramFiles|ProgramFiles\(x86\))$/i;

export interface ToolJob {
  /** The run that the program belongs to: a start of the station ends what a kill left of it. */
  readonly runId: string;
  /** Path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  /** Where the program runs; see `ToolFolder`. */
  readonly cwd: string;
  /** Sources of patterns; the one that a line matches first is `failure` of the result. */
  readonly failures: readonly string[];
  /** Its first group is a number of percent. */
  readonly progress: string | undefined;
  /** Called for each new percentage, 0 to 100. */
  readonly onPercent: (percent: number) => void;
  /** Gets the lines for the recording. */
  readonly onLine: (line: string) => void;
}

export interface ToolEnd {
  /** `null`: it was ended by a signal of the system. */
  readonly status: number | null;
  /** The pattern that a line matched; `null` when none did. */
  readonly failure: string | null;
  /** The line that matched, else the last line; empty without output. */
  readonly line: string;
}

/** Runs a program to its end, with its output in lines. Faults: those of `runProgram`. */
export async function runTool(job: ToolJob, signal: AbortSignal): Promise<ToolEnd> {
  const failures = job.failures.map((source) => ({ source, pattern: compilePattern(source) }));
  const progress = job.progress === undefined ? null : compilePattern(job.progress);
  let failure: string | null = null;
  let lastLine = '';
  let lines = 0;
  let shown = -1;
  const onLine = (line: string): void => {
    const percent = Number(progress?.first(line)?.[1] ?? Number.NaN);
    if (percent >= 0 && percent <= 100 && percent !== shown) job.onPercent((shown = percent));
    lines += 1;
    if (lines <= MAX_RECORDED_LINES) job.onLine(line);
    if (failure !== null) return;
    failure = failures.find(({ pattern }) => pattern.test(line))?.source ?? null;
    lastLine = line;
  };
  const env = Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      ENVIRONMENT.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );
  const status = await runProgram(job.program, job.args, {
    cwd: job.cwd,
    // A program in Python would keep its progress to itself until its end.
    env: { ...env, PYTHONUNBUFFERED: '1' },
    onLine,
    signal,
    mark: job.runId,
  });
  if (lines > MAX_RECORDED_LINES) job.onLine(`${lines - MAX_RECORDED_LINES} more lines were not recorded`);
  return { status, failure, line: lastLine };
}

/** A file that a program has left in its folder. */
export interface LeftFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A folder for copies of the files that a program gets; it is removed with them. Only this user can enter it. */
export class ToolFolder implements AsyncDisposable {
  readonly path: string;
  readonly #copies = new Set<string>();
  #files = 0;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(): Promise<ToolFolder> {
    return new ToolFolder(await mkdtemp(join(tmpdir(), 'gongwei-tool-')));
  }

  /** Writes a file; resolves to its path, whose end is that of `name`. */
  async add(name: string, bytes: Uint8Array): Promise<string> {
    this.#files += 1;
    const path = join(this.path, `${this.#files}-${basename(name)}`);
    await writeFile(path, bytes, { mode: 0o600 });
    this.#copies.add(path);
    return path;
  }

  /**
   * Reads the files that the program left and that match a pattern, in the order of the patterns and of their names. Links are
   * not followed, and the copies of `add` are not among them. `missing` has the patterns without a file.
   *
   * @param maxBytes of a file; a larger one is cut off after one byte more
   */
  async collect(
    patterns: readonly string[],
    maxBytes: number,
  ): Promise<{ readonly files: readonly LeftFile[]; readonly missing: readonly string[] }> {
    if (patterns.length === 0) return { files: [], missing: [] };
    const entries = await readdir(this.path, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => !this.#copies.has(path))
      .map((path) => ({ path, below: relative(this.path, path).split(sep).join('/') }))
      .toSorted((a, b) => (a.below < b.below ? -1 : 1));
    const found = new Map<string, string>();
    const missing: string[] = [];
    for (const pattern of patterns) {
      const matching = paths.filter(({ below }) => matchesFilePattern(pattern, below));
      if (matching.length === 0) missing.push(pattern);
      for (const { path, below } of matching) found.set(path, below);
    }
    const files: LeftFile[] = [];
    for (const [path, below] of found)
      files.push({ name: basename(below), bytes: await readStart(path, maxBytes + 1) });
    return { files, missing };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // On Windows a program that has just ended may still hold a file.
    await rm(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }
}

/** The program has ended, but another one of the same user may exchange a file for a link. */
async function readStart(path: string, maxBytes: number): Promise<Uint8Array> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  const { size } = await file.stat();
  const bytes = Buffer.alloc(Math.min(size, maxBytes));
  const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
  return bytes.subarray(0, bytesRead);
}
