import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { asFileFault } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';

/** Key in the table `meta`; persisted. */
const KEY = 'tools.programs';
/** A station uses a few; the page shows them all. */
const MAX_TOOLS = 32;
const MAX_PROGRAM_BYTES = 1024 ** 3;

const storedTool = z.object({ name: z.string(), path: z.string(), sha256: z.string() });
/** A program that recipes may run, with the SHA-256 of its file when it was listed. */
export type Tool = z.infer<typeof storedTool>;

/** The listed programs of a data directory, by name. */
export function readTools(database: ReadableDatabase): readonly Tool[] {
  const text = database.meta.get(KEY);
  return text === null ? [] : (z.array(storedTool).safeParse(JSON.parse(text)).data ?? []);
}

/** The programs of other vendors that recipes may run at this station. */
export class Tools {
  readonly #database: WritableDatabase;
  readonly #audit: AuditTrail;

  constructor(database: WritableDatabase, audit: AuditTrail) {
    this.#database = database;
    this.#audit = audit;
  }

  /** By name. */
  all(): readonly Tool[] {
    return readTools(this.#database);
  }

  /**
   * Lists a program, or lists it again after an update. Faults: `bad-input` for a path that is none or a file that cannot be
   * run without a shell; `file-missing`, `file-denied`.
   */
  async add(name: string, path: string, by: Actor): Promise<Tool> {
    if (!isAbsolute(path) || /\.(?:bat|cmd|ps1)$/i.test(path))
      throw new Fault('bad-input', `${path} is not the whole path of a program`, {
        hint: 'Name the program itself, such as /usr/bin/openocd or C:\\tools\\esptool.exe; a script of a shell does not run.',
      });
    const tool = { name, path, sha256: await hashOf(path) };
    const others = this.all().filter((one) => one.name !== name);
    if (others.length >= MAX_TOOLS)
      throw new Fault('bad-input', `this station has ${MAX_TOOLS} programs already`, {
        hint: 'Remove one that no recipe uses.',
      });
    this.#write([...others, tool], by, name, { path, sha256: tool.sha256 });
    return tool;
  }

  /** Faults: `tool-missing`. */
  remove(name: string, by: Actor): void {
    const all = this.all();
    const others = all.filter((one) => one.name !== name);
    if (others.length === all.length) throw unlisted(name, all);
    this.#write(others, by, name, { path: null });
  }

  /**
   * The program of this name, whose file is as it was listed. Faults: `tool-missing` when it is not listed, `tool-changed`
   * when its file is another one, `file-missing`, `file-denied`.
   *
   * @param allowed SHA-256 values that the recipe allows; empty: any that is listed
   */
  async find(name: string, allowed: readonly string[]): Promise<Tool> {
    const tool = this.all().find((one) => one.name === name);
    if (tool === undefined) throw unlisted(name, this.all());
    const sha256 = await hashOf(tool.path);
    if (sha256 !== tool.sha256)
      throw new Fault('tool-changed', `${tool.path} is no longer the program that was listed as ${name}`, {
        hint: 'Check where the change comes from, then list the program again in the settings of the station.',
        details: { tool: name },
      });
    if (allowed.length > 0 && !allowed.includes(sha256))
      throw new Fault('tool-changed', `the recipe does not allow this version of ${name}`, {
        hint: `Install the version that the recipe names, or add ${sha256} to the recipe.`,
        details: { tool: name },
      });
    return tool;
  }

  #write(all: readonly Tool[], by: Actor, name: string, details: Record<string, string | null>): void {
    this.#database.transaction(() => {
      this.#audit.record(by, 'settings.tool', name, details);
      this.#database.meta.set(
        KEY,
        JSON.stringify(all.toSorted((a, b) => a.name.localeCompare(b.name, 'en'))),
      );
    });
  }
}

function unlisted(name: string, all: readonly Tool[]): Fault {
  const names = all.map((tool) => tool.name).join(', ');
  return new Fault('tool-missing', `this station has no program ${name}`, {
    hint: `List it in the settings of the station${names === '' ? '' : `; it has ${names}`}.`,
    details: { tool: name },
  });
}

/** SHA-256 of a file that can be run, lower-case hex. */
async function hashOf(path: string): Promise<string> {
  try {
    const { size } = await stat(path).then((facts) => {
      if (facts.isFile()) return facts;
      throw new Fault('bad-input', `${path} is not a file`, { hint: 'Name the program itself.' });
    });
    if (size > MAX_PROGRAM_BYTES)
      throw new Fault('bad-input', `${path} is larger than a program`, { hint: 'Name the program itself.' });
    await access(path, constants.X_OK);
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw asFileFault(error, path, 'read');
  }
}
