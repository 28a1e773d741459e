import { Fault } from '#shared/domain/fault.ts';
import type { LabelTemplate } from '#shared/label/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { LabelTemplateRow, ReadableDatabase, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { createFontBook, type FontBook } from './fonts/font-book.ts';
import { type NamedTemplate, requireTemplate, templateHash } from './named-template.ts';
import { readTemplate } from './templates/index.ts';
import { readShippedTemplates } from './templates/shipped.ts';

/** A template with where it comes from. */
export interface StoredTemplate {
  readonly name: string;
  readonly source: string;
  readonly sha256: string;
  /** `null` for one that ships with this program. */
  readonly saved: Pick<LabelTemplateRow, 'version' | 'savedBy' | 'savedAtMs'> | null;
}

/** A recipe that has a template among its files. */
export interface TemplateUse {
  readonly recipeHash: string;
  readonly recipe: string;
  readonly recipeVersion: string;
  readonly file: string;
  readonly sha256: string;
}

/** Templates of a station: those that ship with this program, and those that engineers saved, in all their versions. */
export class LabelLibrary {
  readonly #database: ReadableDatabase | null;
  readonly #dir: string | undefined;
  #shipped: Promise<ReadonlyMap<string, string>> | null = null;

  /**
   * @param database `null`: there is no station, so that only the shipped ones exist
   * @param dir folder of the shipped templates; `undefined`: there are none
   */
  constructor(database: ReadableDatabase | null, dir: string | undefined) {
    this.#database = database;
    this.#dir = dir;
  }

  /** The latest version of each, by name. A saved one hides the shipped one of the same name. */
  async list(): Promise<StoredTemplate[]> {
    const saved = (this.#database?.labelTemplates.listLatest() ?? []).map(storedOf);
    const names = new Set(saved.map(({ name }) => name));
    const shipped = [...(await this.#readShipped())]
      .filter(([name]) => !names.has(name))
      .map(([name, source]) => shippedOf(name, source));
    return [...saved, ...shipped].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All versions of a template, the latest first; a shipped one of this name is the last. None of one that was removed. */
  async versions(name: string): Promise<StoredTemplate[]> {
    const shipped = (await this.#readShipped()).get(name);
    const saved = this.#database?.labelTemplates.listVersions(name) ?? [];
    const isRemoved =
      saved[0] !== undefined && this.#database?.labelTemplates.isRemoved(name, saved[0].version) === true;
    return [
      ...(isRemoved ? [] : saved.map(storedOf)),
      ...(shipped === undefined ? [] : [shippedOf(name, shipped)]),
    ];
  }

  /** Faults: `not-found`. */
  async get(name: string): Promise<StoredTemplate> {
    const [latest] = await this.versions(name);
    if (latest !== undefined) return latest;
    const names = (await this.list()).map((one) => one.name);
    throw new Fault('not-found', `there is no label template ${name}`, {
      hint: `There are ${names.join(', ')}. A file is named with its path, as ./${name}.yaml.`,
    });
  }

  /** Faults: `not-found`, `bad-input` for one that this version cannot read. */
  async require(name: string): Promise<NamedTemplate & { readonly template: LabelTemplate }> {
    return requireTemplate((await this.get(name)).source, name);
  }

  /** Stored recipes that have a version of a template among their files, the newest first. */
  async usesOf(name: string): Promise<TemplateUse[]> {
    const hashes = new Set((await this.versions(name)).map(({ sha256 }) => sha256));
    const decoder = new TextDecoder();
    return (this.#database?.labelTemplates.listRecipeFiles() ?? []).flatMap((one) => {
      const sha256 = templateHash(decoder.decode(one.content));
      if (!hashes.has(sha256)) return [];
      return [{ recipeHash: one.hash, recipe: one.name, recipeVersion: one.version, file: one.file, sha256 }];
    });
  }

  #readShipped(): Promise<ReadonlyMap<string, string>> {
    return (this.#shipped ??= readShippedTemplates(this.#dir));
  }
}

/** Saves templates of labels at a station. */
export class LabelTemplates extends LabelLibrary {
  /** For what pages show; a Chinese font has tens of megabytes and is read once. */
  readonly fonts: FontBook = createFontBook();
  readonly #writable: WritableDatabase;
  readonly #audit: AuditTrail;
  readonly #clock: Platform['clock'];

  constructor(
    database: WritableDatabase,
    { audit, clock, dir }: { audit: AuditTrail; clock: Platform['clock']; dir: string | undefined },
  ) {
    super(database, dir);
    this.#writable = database;
    this.#audit = audit;
    this.#clock = clock;
  }

  /**
   * Saves the text as the next version of the template that it names; the text of the latest version is not saved again.
   * Faults: `bad-input` with line and column for a template with mistakes.
   */
  save(source: string, by: Actor): StoredTemplate {
    const { template, sha256 } = requireTemplate(source, 'the template');
    const { name } = template;
    return this.#writable.transaction(() => {
      const { labelTemplates } = this.#writable;
      const [latest] = labelTemplates.listVersions(name);
      // One that was removed comes back as its next version.
      if (latest?.sha256 === sha256 && !labelTemplates.isRemoved(name, latest.version))
        return storedOf(latest);
      const version = (latest?.version ?? 0) + 1;
      const row = { name, version, sha256, source, savedBy: by.user, savedAtMs: this.#clock.nowMs() };
      this.#audit.record(by, 'label.template', name, { version, hash: sha256 });
      this.#writable.labelTemplates.add(row);
      return storedOf(row);
    });
  }

  /**
   * Removes a template from the lists of this station; its versions stay in the records. One of the same name that ships with the
   * program is shown again. Faults: `not-found`; `bad-input` for a shipped one; `template-in-use` while a locked recipe or a batch
   * that is not closed has a version of it.
   */
  async remove(name: string, by: Actor): Promise<void> {
    const stored = await this.get(name);
    if (stored.saved === null) {
      throw new Fault('bad-input', `${name} ships with the program and cannot be removed`, {
        hint: 'A template that you save under this name hides it.',
      });
    }
    const { version } = stored.saved;
    const users = await this.#usersOf(name);
    if (users.recipes.length + users.batches.length > 0) {
      const named = [
        ...users.recipes.map((recipe) => `recipe ${recipe}`),
        ...users.batches.map((batch) => `batch ${batch}`),
      ];
      throw new Fault('template-in-use', `the label template ${name} is in use: ${named.join(', ')}`, {
        hint: 'Close these batches, or withdraw these recipes, first.',
        details: {
          ...(users.recipes.length > 0 && { recipes: users.recipes.join(', ') }),
          ...(users.batches.length > 0 && { batches: users.batches.join(', ') }),
        },
      });
    }
    this.#writable.transaction(() => {
      this.#audit.record(by, 'label.template-remove', name, { version });
      this.#writable.labelTemplates.remove(name, version, by.user, this.#clock.nowMs());
    });
  }

  /** Locked recipes that were not withdrawn, and batches that are not closed, with a version of a template. */
  async #usersOf(name: string): Promise<{ readonly recipes: string[]; readonly batches: string[] }> {
    const { batches, recipeVersions } = this.#writable;
    const uses = await this.usesOf(name);
    const hashes = new Set(uses.map(({ recipeHash }) => recipeHash));
    const locked = uses.filter(({ recipeHash }) => {
      const row = recipeVersions.findByHash(recipeHash);
      return row?.lockedAtMs != null && row.withdrawnAtMs === null;
    });
    const open = batches.list().filter((row) => row.closedAtMs === null && hashes.has(row.recipeHash));
    return {
      recipes: locked.map(({ recipe, recipeVersion }) => `${recipe} ${recipeVersion}`),
      batches: open.map((row) => row.name),
    };
  }
}

/** The template of a stored text; `null` for one that this version cannot read. */
export function templateOf({ source }: StoredTemplate): LabelTemplate | null {
  return readTemplate(source).template;
}

function storedOf({ name, source, sha256, version, savedBy, savedAtMs }: LabelTemplateRow): StoredTemplate {
  return { name, source, sha256, saved: { version, savedBy, savedAtMs } };
}

function shippedOf(name: string, source: string): StoredTemplate {
  return { name, source, sha256: templateHash(source), saved: null };
}
