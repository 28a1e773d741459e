import { sha256Hex } from '#node-kit/crypto/index.ts';
import type { RecipeDraftDetails, RecipeDraftView, RecipeCheckView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { RecipeDraftRow, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import {
  type CheckedRecipe,
  ContentChecker,
  isFileName,
  issueViews,
  type RecipeFiles,
  recipeFault,
  writtenRecipe,
} from '../recipes/index.ts';
import { contentOf, fileViews } from './recipe-content.ts';
import { filesRefused, importText, requireOtherCase } from './import-texts.ts';
import { RemovedDrafts } from './removed-drafts.ts';
import { renameInText } from './rename-in-text.ts';

/** What a draft is made of. */
export interface DraftContent {
  readonly source: string;
  readonly files: RecipeFiles;
  /** Name for a text that says none. */
  readonly fileName: string;
  readonly baseHash: string | null;
}

/** After this time the trail names another save by the page. */
const RECORD_AGAIN_AFTER_MS = 600_000;

interface DraftSave {
  readonly draftId: string;
  readonly revision: number;
  readonly source: string;
  readonly byPage?: boolean | undefined;
}
interface FileSave {
  readonly draftId: string;
  readonly name: string;
  /** Hash of the content that was edited; `null`: the file is new. */
  readonly sha256: string | null;
  readonly text: string;
}

/** Drafts of recipes: texts that engineers edit, with their files. */
export class RecipeDrafts {
  readonly #database: WritableDatabase;
  readonly #platform: Pick<Platform, 'clock' | 'random'>;
  readonly #audit: AuditTrail;
  readonly #checker = new ContentChecker();
  readonly #removed = new RemovedDrafts();

  constructor(database: WritableDatabase, platform: Pick<Platform, 'clock' | 'random'>, audit: AuditTrail) {
    this.#database = database;
    this.#platform = platform;
    this.#audit = audit;
  }

  list(): RecipeDraftView[] {
    return this.#database.recipeDrafts.list().map((row) => this.#viewOf(row));
  }

  /** Faults: `not-found`. */
  get(draftId: string): RecipeDraftDetails {
    const row = this.row(draftId);
    return {
      ...this.#viewOf(row),
      source: row.source,
      files: fileViews(this.filesOf(draftId), writtenRecipe(row.source)),
    };
  }

  /** Faults: `not-found`. */
  row(draftId: string): RecipeDraftRow {
    const row = this.#database.recipeDrafts.findById(draftId);
    if (row !== null) return row;
    throw noDraft(draftId);
  }

  filesOf(draftId: string): RecipeFiles {
    return this.#database.recipeDrafts.getFiles(draftId);
  }

  /** Makes a draft. Faults: `tool-missing`, the signal's reason. */
  async add(
    { source, files, fileName, baseHash }: DraftContent,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeDraftDetails> {
    const issues = await this.#countIssues(source, files, signal);
    const draftId = this.#platform.random.id();
    const row: RecipeDraftRow = {
      draftId,
      ...namesIn(source, fileName),
      source,
      baseHash,
      revision: 1,
      issues,
      createdBy: by.user,
      savedBy: by.user,
      savedAtMs: this.#platform.clock.nowMs(),
    };
    this.#database.transaction(() => {
      this.#audit.record(by, 'recipe.draft', draftId, { recipe: row.name, version: row.version });
      this.#database.recipeDrafts.put(row);
      for (const [name, content] of files) this.#database.recipeDrafts.putFile(draftId, name, content);
    });
    return this.get(draftId);
  }

  /** Checks a text with the files of a draft. Faults: `not-found`, `tool-missing`, the signal's reason. */
  async check(draftId: string, source: string, signal: AbortSignal): Promise<RecipeCheckView> {
    const files = this.filesOf(this.row(draftId).draftId);
    const { parsed, issues } = await this.#checker.check(source, files, signal);
    return {
      hash: parsed?.hash ?? null,
      content: parsed === null ? null : contentOf(parsed),
      issues: issueViews(issues),
      unused: issueViews(await this.#checker.checkUnused(source, files, signal)),
    };
  }

  /** Faults: `not-found`; `draft-changed` for a revision that is not the newest; those of `check`. */
  async save(
    { draftId, revision, source, byPage = false }: DraftSave,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeDraftDetails> {
    this.requireRevision(draftId, revision);
    const { savedBy, savedAtMs } = this.row(draftId);
    const isRecorded =
      !byPage || savedBy !== by.user || this.#platform.clock.nowMs() - savedAtMs > RECORD_AGAIN_AFTER_MS;
    return this.#change(
      draftId,
      { source, files: this.filesOf(draftId), revision, isRecorded },
      by,
      signal,
      () => undefined,
    );
  }

  /** Adds files, or replaces those of the same names. Faults: `not-found`, `recipe-files-invalid`, those of `check`. */
  async putFiles(
    draftId: string,
    added: RecipeFiles,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeDraftDetails> {
    const { source, revision } = this.row(draftId);
    const before = this.filesOf(draftId);
    requireOtherCase(before.keys(), [...added.keys()]);
    const files = new Map([...before, ...added]);
    return this.#change(draftId, { source, files, revision }, by, signal, () => {
      for (const [name, content] of added) this.#database.recipeDrafts.putFile(draftId, name, content);
    });
  }

  /** Writes a text file. Faults: `not-found`, `recipe-files-invalid`, `draft-changed`, those of `check`. */
  async saveFile(
    { draftId, name, sha256, text }: FileSave,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeDraftDetails> {
    requireFileName(name);
    requireOtherCase(this.filesOf(draftId).keys(), [name]);
    const { savedBy } = this.row(draftId);
    const now = this.filesOf(draftId).get(name);
    if ((now === undefined ? null : sha256Hex(now)) !== sha256) throw changedBy(savedBy, name);
    return this.putFiles(draftId, new Map([[name, Buffer.from(text)]]), by, signal);
  }

  /** Gives a file another name, also in the text. Faults: `not-found`, `recipe-files-invalid`, those of `check`. */
  async renameFile(
    { draftId, name, to }: { readonly draftId: string; readonly name: string; readonly to: string },
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeDraftDetails> {
    requireFileName(to);
    const { source, revision } = this.row(draftId);
    const files = new Map(this.filesOf(draftId));
    const content = files.get(name);
    if (content === undefined) throw noFile(name);
    if (files.has(to))
      throw filesRefused(importText('file-taken', to), 'Choose another name, or remove that file first.');
    files.delete(name);
    requireOtherCase(files.keys(), [to]);
    files.set(to, content);
    const renamed = { source: renameInText(source, name, to), files, revision };
    return this.#change(draftId, renamed, by, signal, () => {
      this.#database.recipeDrafts.removeFile(draftId, name);
      this.#database.recipeDrafts.putFile(draftId, to, content);
    });
  }

  /** Faults: `not-found`, those of `check`. */
  async removeFile(
    draftId: string,
    name: string,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeDraftDetails> {
    const { source, revision } = this.row(draftId);
    const files = new Map(this.filesOf(draftId));
    const content = files.get(name);
    if (content === undefined) throw noFile(name);
    files.delete(name);
    this.#removed.keepFile(draftId, name, content);
    return this.#change(draftId, { source, files, revision }, by, signal, () =>
      this.#database.recipeDrafts.removeFile(draftId, name),
    );
  }

  /** Faults: `not-found`. */
  discard(draftId: string, by: Actor): void {
    const row = this.row(draftId);
    const { name, version } = row;
    this.#removed.keepDraft(row, this.filesOf(draftId));
    this.#database.transaction(() => {
      this.#audit.record(by, 'recipe.discard', draftId, { recipe: name, version });
      this.#database.recipeDrafts.remove(draftId);
    });
  }

  /** Brings back a draft that was discarded, or with a name a file that was removed. Faults: `not-found`, those of `check`. */
  async restore(
    draftId: string,
    name: string | null,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeDraftDetails> {
    if (name !== null) {
      const content = this.#removed.file(draftId, name);
      if (content === null || this.filesOf(draftId).has(name)) throw noFile(name);
      return this.putFiles(draftId, new Map([[name, content]]), by, signal);
    }
    const kept = this.#removed.draft(draftId);
    if (kept === null || this.#database.recipeDrafts.findById(draftId) !== null) throw noDraft(draftId);
    const { row, files } = kept;
    this.#database.transaction(() => {
      this.#audit.record(by, 'recipe.draft', draftId, { recipe: row.name, version: row.version });
      this.#database.recipeDrafts.put({ ...row, revision: row.revision + 1 });
      for (const [file, content] of files) this.#database.recipeDrafts.putFile(draftId, file, content);
    });
    return this.get(draftId);
  }

  /** The recipe of a draft. Faults: `not-found`, `recipe-invalid`, those of `check`. */
  async parsed(draftId: string, signal: AbortSignal): Promise<NonNullable<CheckedRecipe['parsed']>> {
    const { source, name } = this.row(draftId);
    const { parsed, issues } = await this.#checker.check(source, this.filesOf(draftId), signal);
    if (parsed === null) throw recipeFault(name, issues);
    return parsed;
  }

  /** Faults: `not-found`, `draft-changed`. */
  requireRevision(draftId: string, revision: number): void {
    const row = this.row(draftId);
    if (row.revision === revision) return;
    throw changedBy(row.savedBy, 'this draft');
  }

  async #change(
    draftId: string,
    {
      source,
      files,
      revision,
      isRecorded = true,
    }: {
      readonly source: string;
      readonly files: RecipeFiles;
      readonly revision: number;
      readonly isRecorded?: boolean;
    },
    by: Actor,
    signal: AbortSignal,
    write: () => void,
  ): Promise<RecipeDraftDetails> {
    const issues = await this.#countIssues(source, files, signal);
    this.#database.transaction(() => {
      // Somebody may have saved while the text was checked.
      this.requireRevision(draftId, revision);
      const before = this.row(draftId);
      const names = namesIn(source, before.name);
      if (isRecorded)
        this.#audit.record(by, 'recipe.save', draftId, {
          recipe: names.name,
          version: names.version,
          issues,
        });
      this.#database.recipeDrafts.put({
        ...before,
        ...names,
        source,
        issues,
        revision: revision + 1,
        savedBy: by.user,
        savedAtMs: this.#platform.clock.nowMs(),
      });
      write();
    });
    return this.get(draftId);
  }

  #viewOf({ source: _source, ...row }: RecipeDraftRow): RecipeDraftView {
    const { name, version, draftId } = row;
    // Ids of drafts are in the order in which they were made.
    const earlier = this.#database.recipeDrafts
      .list()
      .filter((other) => other.name === name && other.version === version && other.draftId < draftId);
    return { ...row, copy: earlier.length + 1 };
  }

  async #countIssues(source: string, files: RecipeFiles, signal: AbortSignal): Promise<number> {
    return (await this.#checker.check(source, files, signal)).issues.length;
  }
}

function noDraft(draftId: string): Fault {
  return new Fault('not-found', `there is no draft ${draftId}`, {
    hint: 'It was locked or discarded. Go back to the list of recipes.',
  });
}

function changedBy(user: string, what: string): Fault {
  return new Fault('draft-changed', `${user} has changed ${what} meanwhile`, {
    hint: 'Look at both texts, and choose which one stays.',
    details: { savedBy: user },
  });
}

function requireFileName(name: string): void {
  if (isFileName(name)) return;
  throw filesRefused(
    importText('file-name', name),
    'Use letters, digits, dots, hyphens and underscores, and / between folders.',
  );
}

export function noFile(name: string): Fault {
  return new Fault('not-found', `the recipe has no file ${name}`, {
    hint: 'Choose one of its list of files.',
  });
}

/** Name and version that a text says, whether it is a recipe or not. */
function namesIn(source: string, fileName: string): { readonly name: string; readonly version: string } {
  const data = writtenRecipe(source);
  const field = (key: string): string | null => {
    const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[key] : null;
    return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 64) : null;
  };
  return { name: field('name') ?? fileName, version: field('version') ?? '' };
}
