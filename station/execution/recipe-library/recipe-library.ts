import type { RecipeState, RecipeVersionDetails, RecipeVersionView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Recipe } from '#shared/recipe/index.ts';
import type { Actor } from '#shared/rpc/index.ts';
import { type Approve, type ApproverCredentials, requireReasonOfPage } from '../../core/approval/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { RecipeVersionRow, WritableDatabase } from '../../core/database/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { readStoredRecipe } from '../batches/index.ts';
import { makeLock, type ParsedRecipe, type RecipeFiles, writtenRecipe } from '../recipes/index.ts';
import { contentOf, fileViews } from './recipe-content.ts';
import type { RecipeDrafts } from './recipe-drafts.ts';

export interface RecipeLibraryOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock'>;
  readonly audit: AuditTrail;
  readonly approve: Approve;
  readonly drafts: RecipeDrafts;
}

/** Versions of recipes: their content, and who locked, released and withdrew them. */
export class RecipeLibrary {
  readonly #options: RecipeLibraryOptions;
  /** Title and product of each version, which never change; `null` for one that this Gongwei cannot read. */
  readonly #read = new Map<string, Pick<Recipe, 'title' | 'product'> | null>();

  constructor(options: RecipeLibraryOptions) {
    this.#options = options;
  }

  list(): RecipeVersionView[] {
    return this.#options.database.recipeVersions.list().map((row) => this.#view(row));
  }

  /** Faults: `not-found`. */
  get(hash: string): RecipeVersionDetails {
    const { database } = this.#options;
    const row = this.#row(hash);
    const source = database.batches.getRecipeSource(hash);
    const parsed = this.#parsedOrNull(hash);
    return {
      ...this.#view(row),
      source,
      files: fileViews(this.filesOf(hash), writtenRecipe(source)),
      content: parsed === null ? null : contentOf(parsed),
      usedBy: database.recipeVersions.listBatches(hash),
    };
  }

  filesOf(hash: string): RecipeFiles {
    return this.#options.database.batches.getRecipeFiles(hash);
  }

  /**
   * The recipe of a version, for a new batch, with whether it is released. Faults: `not-found`; `recipe-state` for a
   * withdrawn one; `recipe-changed` when the database was edited; `recipe-invalid`.
   */
  forBatch(hash: string): { readonly recipe: ParsedRecipe; readonly locked: boolean } {
    const row = this.#row(hash);
    if (row.withdrawnBy !== null)
      throw new Fault(
        'recipe-state',
        `${row.name} ${row.version} was withdrawn: ${row.withdrawnReason ?? ''}`,
        {
          hint: 'Take another version of this recipe.',
        },
      );
    return { recipe: this.#parsed(hash), locked: row.releasedBy !== null };
  }

  /** The recipe of a version. Faults: `not-found`, `recipe-changed`, `recipe-invalid`. */
  parsed(hash: string): ParsedRecipe {
    return this.#parsed(this.#row(hash).hash);
  }

  /** Locks a draft, which becomes a version. Faults: as the call `recipes.lock`. */
  async lockDraft(
    draftId: string,
    revision: number,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeVersionView> {
    const { drafts, database, platform } = this.#options;
    drafts.requireRevision(draftId, revision);
    const parsed = await drafts.parsed(draftId, signal);
    const { hash, source, files, recipe } = parsed;
    database.transaction(() => {
      drafts.requireRevision(draftId, revision);
      const { name, version } = recipe;
      database.batches.addRecipe(
        { hash, name, version, source, files, parts: JSON.stringify(makeLock(parsed)) },
        platform.clock.nowMs(),
        by.user,
      );
      this.#lock(hash, parsed, by);
      database.recipeDrafts.remove(draftId);
    });
    return this.#view(this.#row(hash));
  }

  /** Locks the version of a trial. Faults: as the call `recipes.lock`. */
  lock(hash: string, by: Actor): RecipeVersionView {
    const parsed = this.parsed(hash);
    this.#options.database.transaction(() => this.#lock(hash, parsed, by));
    return this.#view(this.#row(hash));
  }

  /** Releases a locked version. Faults: as the call `recipes.release`. */
  async release(
    hash: string,
    credentials: ApproverCredentials | null,
    by: Actor,
    signal: AbortSignal,
  ): Promise<RecipeVersionView> {
    const { database, audit, approve, platform } = this.#options;
    const { lockedBy } = this.#requireState(hash, ['locked'], 'released');
    const isSame = lockedBy === null || sameName(lockedBy, by.user);
    if (isSame && credentials === null) throw needsSecond(by.user);
    const approval = credentials === null ? null : await approve(credentials, by, signal);
    const releasedBy = approval?.approver ?? by.user;
    if (lockedBy === null || sameName(lockedBy, releasedBy)) throw needsSecond(releasedBy);
    database.transaction(() => {
      const { name, version } = this.#requireState(hash, ['locked'], 'released');
      audit.record(by, 'recipe.release', hash, { recipe: name, version, lockedBy, releasedBy, ...approval });
      database.recipeVersions.release(hash, releasedBy, platform.clock.nowMs());
    });
    return this.#view(this.#row(hash));
  }

  /** Withdraws a version. Faults: as the call `recipes.withdraw`. */
  withdraw(hash: string, text: string, by: Actor): RecipeVersionView {
    const { database, audit, platform } = this.#options;
    const reason = requireReasonOfPage(text);
    database.transaction(() => {
      const { name, version } = this.#requireState(hash, ['locked', 'released'], 'withdrawn');
      audit.record(by, 'recipe.withdraw', hash, { recipe: name, version, reason });
      database.recipeVersions.withdraw(hash, by.user, platform.clock.nowMs(), reason);
    });
    return this.#view(this.#row(hash));
  }

  /** In a transaction. */
  #lock(hash: string, { recipe }: ParsedRecipe, by: Actor): void {
    const { database, audit, platform } = this.#options;
    const { name, version } = recipe;
    const own = this.#row(hash);
    if (own.lockedBy !== null)
      throw new Fault(
        'recipe-state',
        `${name} ${version} with this content was locked by ${own.lockedBy} before`,
        {
          hint: 'Use that version, or change the recipe.',
        },
      );
    const other = database.recipeVersions
      .list()
      .find((row) => row.name === name && row.version === version && row.lockedBy !== null);
    if (other !== undefined)
      throw new Fault(
        'recipe-version-taken',
        `version ${version} of ${name} was locked with another content before`,
        {
          hint: 'Give this recipe a higher version, and lock it then.',
        },
      );
    audit.record(by, 'recipe.lock', hash, { recipe: name, version });
    database.recipeVersions.lock(hash, by.user, platform.clock.nowMs());
  }

  #requireState(hash: string, states: readonly RecipeState[], act: string): RecipeVersionRow {
    const row = this.#row(hash);
    const state = recipeStateOf(row);
    if (states.includes(state)) return row;
    throw new Fault('recipe-state', `${row.name} ${row.version} is ${state}, and cannot be ${act}`, {
      hint: `Only a recipe that is ${states.join(' or ')} can be ${act}.`,
    });
  }

  #row(hash: string): RecipeVersionRow {
    const row = this.#options.database.recipeVersions.findByHash(hash);
    if (row !== null) return row;
    throw new Fault('not-found', `there is no recipe ${hash.slice(0, 12)}`, {
      hint: 'Go back to the list of recipes.',
    });
  }

  #parsed(hash: string): ParsedRecipe {
    return readStoredRecipe(this.#options.database.batches, hash, `recipe ${hash.slice(0, 12)}`);
  }

  #parsedOrNull(hash: string): ParsedRecipe | null {
    try {
      return this.#parsed(hash);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      return null;
    }
  }

  #view(row: RecipeVersionRow): RecipeVersionView {
    const read = this.#titleOf(row.hash);
    return {
      ...row,
      title: read?.title ?? { 'zh-CN': row.name, en: row.name },
      productId: read?.product ?? '',
      state: recipeStateOf(row),
    };
  }

  #titleOf(hash: string): Pick<Recipe, 'title' | 'product'> | null {
    const known = this.#read.get(hash);
    if (known !== undefined) return known;
    const recipe = this.#parsedOrNull(hash)?.recipe;
    const read = recipe === undefined ? null : { title: recipe.title, product: recipe.product };
    this.#read.set(hash, read);
    return read;
  }
}

/** The state of a stored recipe. */
export function recipeStateOf({ lockedBy, releasedBy, withdrawnBy }: RecipeVersionRow): RecipeState {
  if (withdrawnBy !== null) return 'withdrawn';
  if (releasedBy !== null) return 'released';
  return lockedBy === null ? 'trial' : 'locked';
}

function sameName(one: string, other: string): boolean {
  return one.normalize('NFC').toLowerCase() === other.trim().normalize('NFC').toLowerCase();
}

function needsSecond(name: string): Fault {
  return new Fault('approver-refused', `${name} cannot release this recipe: ${name} has locked it`, {
    hint: 'Another engineer releases it, or approves it here with their PIN.',
    details: { approver: name },
  });
}
