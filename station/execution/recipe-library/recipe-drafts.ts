import type { RecipeDraftDetails, RecipeDraftView, RecipeCheckView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { RecipeDraftRow, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import {
  type CheckedRecipe,
  ContentChecker,
  issueViews,
  type RecipeFiles,
  recipeFault,
  writtenRecipe,
} from '../recipes/index.ts';
import { contentOf, fileViews } from './recipe-content.ts';

/** What a draft is made of. */
export interface DraftContent {
  readonly source: string;
  readonly files: RecipeFiles;
  /** Name for a text that says none. */
  readonly fileName: string;
  readonly baseHash: string | null;
}

/** Drafts of recipes: texts that engineers edit, with their files. */
export class RecipeDrafts {
  readonly #database: WritableDatabase;
  readonly #platform: Pick<Platform, 'clock' | 'random'>;
  readonly #audit: AuditTrail;
  readonly #checker = new ContentChecker();

  constructor(database: WritableDatabase, platform: Pick<Platform, 'clock' | 'random'>, audit: AuditTrail) {
    this.#database = database;
    this.#platform = platform;
    this.#audit = audit;
  }

  list(): RecipeDraftView[] {
    return this.#database.recipeDrafts.list().map(viewOf);
  }

  /** Faults: `not-found`. */
  get(draftId: string): RecipeDraftDetails {
    const row = this.row(draftId);
    return {
      ...viewOf(row),
      source: row.source,
      files: fileViews(this.filesOf(draftId), writtenRecipe(row.source)),
    };
  }

  /** Faults: `not-found`. */
  row(draftId: string): RecipeDraftRow {
    const row = this.#database.recipeDrafts.findById(draftId);
    if (row !== null) return row;
    throw new Fault('not-found', `there is no draft ${draftId}`, {
      hint: 'It was locked or discarded. Go back to the list of recipes.',
    });
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
    const { parsed, issues } = await this.#checker.check(
      source,
      this.filesOf(this.row(draftId).draftId),
      signal,
    );
    return {
      hash: parsed?.hash ?? null,
      content: parsed === null ? null : contentOf(parsed),
      issues: issueViews(issues),
    };
  }

  /** Faults: `not-found`; `draft-changed` for a revision that is not the newest; those of `check`. */
  async save(
    {
      draftId,
      revision,
      source,
    }: { readonly draftId: string; readonly revision: number; readonly source: string },
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeDraftDetails> {
    this.requireRevision(draftId, revision);
    return this.#change(
      draftId,
      { source, files: this.filesOf(draftId), revision },
      by,
      signal,
      () => undefined,
    );
  }

  /** Adds files, or replaces those of the same names. Faults: `not-found`, those of `check`. */
  async putFiles(
    draftId: string,
    added: RecipeFiles,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeDraftDetails> {
    const { source, revision } = this.row(draftId);
    const files = new Map([...this.filesOf(draftId), ...added]);
    return this.#change(draftId, { source, files, revision }, by, signal, () => {
      for (const [name, content] of added) this.#database.recipeDrafts.putFile(draftId, name, content);
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
    if (!files.delete(name)) throw noFile(name);
    return this.#change(draftId, { source, files, revision }, by, signal, () =>
      this.#database.recipeDrafts.removeFile(draftId, name),
    );
  }

  /** Faults: `not-found`. */
  discard(draftId: string, by: Actor): void {
    const { name, version } = this.row(draftId);
    this.#database.transaction(() => {
      this.#audit.record(by, 'recipe.discard', draftId, { recipe: name, version });
      this.#database.recipeDrafts.remove(draftId);
    });
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
    throw new Fault('draft-changed', `${row.savedBy} has changed this draft meanwhile`, {
      hint: 'Open it again: copy your text first, and put your changes into the newest one.',
    });
  }

  async #change(
    draftId: string,
    {
      source,
      files,
      revision,
    }: { readonly source: string; readonly files: RecipeFiles; readonly revision: number },
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
      this.#audit.record(by, 'recipe.save', draftId, { recipe: names.name, version: names.version, issues });
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

  async #countIssues(source: string, files: RecipeFiles, signal: AbortSignal): Promise<number> {
    return (await this.#checker.check(source, files, signal)).issues.length;
  }
}

export function noFile(name: string): Fault {
  return new Fault('not-found', `the recipe has no file ${name}`, {
    hint: 'Choose one of its list of files.',
  });
}

function viewOf({ source: _source, ...row }: RecipeDraftRow): RecipeDraftView {
  return row;
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
