import { type BatchState, type BatchView, MAX_BATCH_NAME_CHARACTERS } from '#shared/contract/index.ts';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import { burnsTriples, flashesFirmware, neededFirmwareFiles, type Recipe } from '#shared/recipe/index.ts';
import type { StartMode } from '#shared/domain/start-mode.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import { requireFirmwareFiles } from '../../firmware/index.ts';
import { BluetoothQuotas } from '../quotas/index.ts';
import { makeLock, type ParsedRecipe } from '../recipes/index.ts';
import type { BatchRow, WritableDatabase } from '../../core/database/index.ts';
import { SELECTED } from './selected-recipe.ts';
import { changedRecipe, readStoredRecipe } from './stored-recipe.ts';

const UNREADABLE: ReadonlySet<FaultCode> = new Set(['recipe-invalid', 'recipe-changed']);

export interface NewBatch {
  readonly recipe: ParsedRecipe;
  readonly quantity: number;
  readonly name?: string | undefined;
  /** SHA-256 of a firmware of this station, of the recipe's product. */
  readonly firmwareSha256?: string | undefined;
  /** True: the recipe is locked, a production batch. False: a trial. */
  readonly locked?: boolean | undefined;
  /** How its units are started; the setting of the station when left out. */
  readonly start?: StartMode | undefined;
}

/** The batches of the station, and the one that is selected. */
export class Batches {
  readonly #database: WritableDatabase;
  readonly #platform: Pick<Platform, 'clock' | 'random'>;
  readonly #audit: AuditTrail;
  readonly #stationStartMode: () => StartMode;
  readonly #onChange: () => void;
  /** How many Bluetooth units of a product may be made. */
  readonly quotas: BluetoothQuotas;
  // The recipe of a hash never changes, so it is read once, and its fault is stored, too. After another process wrote to
  // the database, all are read again.
  readonly #recipes = new Map<string, ParsedRecipe | Fault>();
  #dataVersion = -1;

  /**
   * @param stationStartMode start mode of a batch without one of its own
   * @param onChange called after a batch was made, selected, deselected or changed
   */
  constructor(
    database: WritableDatabase,
    platform: Pick<Platform, 'clock' | 'random'>,
    audit: AuditTrail,
    stationStartMode: () => StartMode,
    onChange: () => void,
  ) {
    this.#database = database;
    this.#platform = platform;
    this.#audit = audit;
    this.#stationStartMode = stationStartMode;
    this.#onChange = onChange;
    this.quotas = new BluetoothQuotas(database, audit, platform.clock);
  }

  /**
   * The units of the batch are flashed with the files that the firmware package has now. Faults: `not-found` for an unknown
   * firmware; `firmware-file-missing` when its package lacks a file that the recipe names; `not-configured` for none where the
   * recipe flashes one; `bad-input` for the firmware of another product, for an invalid name, and for a start on arrival of
   * units that need serial numbers; `quota-exceeded` for more Bluetooth units than the product has left; `recipe-changed` when the database holds the recipe and it was edited there.
   */
  create({ recipe, quantity, name, firmwareSha256, locked = false, start }: NewBatch, by: Actor): BatchView {
    requireStartable(recipe, start ?? null);
    const firmware = firmwareSha256 ?? recipe.recipe.firmware?.sha256 ?? null;
    requireFirmwareOf(recipe, firmware);
    if (firmware === null && flashesFirmware(recipe.recipe)) throw needsFirmware(recipe);
    if (firmware !== null) requireFirmware(this.#database, firmware, recipe.recipe);
    this.quotas.require(recipe.recipe.product, quantity);
    const batchId = this.#platform.random.id();
    const createdAtMs = this.#platform.clock.nowMs();
    const title =
      (name === undefined ? undefined : readName(name)) ??
      `${recipe.recipe.name}-${new Date(createdAtMs).toISOString().slice(0, 16).replace(/[-:T]/g, '')}`;
    this.#database.transaction(() => {
      const { name: recipeName, version, product } = recipe.recipe;
      this.#audit.record(by, 'batch.create', batchId, {
        name: title,
        quantity,
        product,
        recipe: recipeName,
        version,
        hash: recipe.hash,
        firmware,
        locked,
        ...(start === undefined ? {} : { start }),
      });
      this.#database.batches.addRecipe(
        {
          hash: recipe.hash,
          name: recipeName,
          version,
          source: recipe.source,
          files: recipe.files,
          parts: JSON.stringify(makeLock(recipe)),
        },
        createdAtMs,
        by.user,
      );
      // Fails here when the stored copy was edited; runs use that copy.
      readStoredRecipe(this.#database.batches, recipe.hash, `recipe ${recipeName}`);
      this.#database.batches.add({
        batchId,
        name: title,
        productId: product,
        quantity,
        createdAtMs,
        recipeHash: recipe.hash,
        firmwareSha256: firmware,
        lockHash: locked ? recipe.hash : null,
        startMode: start ?? null,
      });
      if (firmware !== null) this.#database.firmware.keepForBatch(batchId, firmware);
    });
    this.#onChange();
    return this.#view(this.#row(batchId));
  }

  /** Faults: `batch-missing`. */
  get(batchId: string): BatchView {
    return this.#view(this.#row(batchId));
  }

  state(): BatchState {
    const batches = this.#database.batches.list().map((batch) => this.#view(batch));
    const selectedId = this.#database.meta.get(SELECTED);
    return {
      batches,
      active: batches.find((batch) => batch.batchId === selectedId) ?? null,
      starts: this.startMode(),
    };
  }

  /** The selected batch with its recipe; `null` when none is selected. Faults: `recipe-changed`, `recipe-invalid`. */
  selected(): { readonly view: BatchView; readonly recipe: ParsedRecipe } | null {
    const row = this.#selectedRow();
    return row === null ? null : { view: this.#view(row), recipe: this.#parsed(row) };
  }

  /** Selects the batch to work on; `null` selects none. Faults: `batch-missing`, `batch-closed`, `quota-exceeded` for none left. */
  select(batchId: string | null): void {
    if (batchId !== null && this.#row(batchId).closedAtMs !== null) {
      throw new Fault('batch-closed', `batch ${this.#row(batchId).name} is closed and takes no runs`, {
        hint: 'Choose another batch, or make a new one.',
      });
    }
    if (batchId !== null) this.#requirePlace(batchId);
    this.#database.transaction(() =>
      batchId === null ? this.#database.meta.remove(SELECTED) : this.#database.meta.set(SELECTED, batchId),
    );
    this.#onChange();
  }

  /** Faults: `quota-exceeded` when the batch needs more units and its product has no place left. */
  #requirePlace(batchId: string): void {
    const { productId, quantity, passed } = this.get(batchId);
    if (passed < quantity) this.quotas.require(productId, 1);
  }

  /**
   * Closes a batch for runs, for good; `also` writes in the same transaction. The selected batch is deselected.
   * Faults: `batch-missing`, `batch-closed`.
   */
  close(batchId: string, atMs: number, by: Actor, also: () => void): void {
    const { name } = this.#row(batchId);
    this.#database.transaction(() => {
      if (!this.#database.batches.close(batchId, atMs, by.user))
        throw new Fault('batch-closed', `batch ${name} is closed already`, {
          hint: 'A new balance is made with "batch balance".',
        });
      if (this.#database.meta.get(SELECTED) === batchId) this.#database.meta.remove(SELECTED);
      also();
    });
    this.#onChange();
  }

  /** @param start `null`: the setting of the station. Faults: `batch-missing`, `bad-input` as `create` */
  setStartMode(batchId: string, start: StartMode | null, by: Actor): BatchView {
    const before = this.#row(batchId);
    if (start !== before.startMode) {
      if (start !== null) requireStartable(this.#parsed(before), start);
      this.#database.transaction(() => {
        this.#audit.record(by, 'batch.start', batchId, { from: before.startMode, to: start });
        this.#database.batches.setStartMode(batchId, start);
      });
      this.#onChange();
    }
    return this.#view(this.#row(batchId));
  }

  /** How the next unit is started: the mode of the selected batch, else that of the station, if the recipe allows it. */
  startMode(): StartMode {
    const batch = this.#selectedRow();
    // A recipe that needs serial numbers starts units by scans alone.
    if (batch === null || this.#readable(batch)?.recipe.serialNumber.optional !== true) return 'scan';
    return batch.startMode ?? this.#stationStartMode();
  }

  /** Faults: `batch-missing`; `recipe-changed` when the database does not hold what its hash says; `recipe-invalid`. */
  recipeOf(batchId: string): ParsedRecipe {
    return this.#parsed(this.#row(batchId));
  }

  /** The recipe that a run began with; `null` when it cannot be read any more. Faults: `recipe-changed`. */
  recipeOfRun({
    batchId,
    recipeHash,
  }: {
    readonly batchId: string;
    readonly recipeHash: string;
  }): ParsedRecipe | null {
    const batch = this.#database.batches.findById(batchId);
    if (batch === null || batch.recipeHash !== recipeHash) return null;
    try {
      return this.#parsed(batch);
    } catch (error) {
      // The run ends as interrupted.
      if (error instanceof Fault && error.code === 'recipe-invalid') return null;
      throw error;
    }
  }

  #parsed({ recipeHash, lockHash, name }: BatchRow): ParsedRecipe {
    const where = `recipe of batch ${name}`;
    const version = this.#database.dataVersion();
    if (version !== this.#dataVersion) this.#recipes.clear();
    this.#dataVersion = version;
    if (lockHash !== null && lockHash !== recipeHash)
      throw changedRecipe(where, 'it is not the one that was locked', { was: lockHash, now: recipeHash });
    const cached = this.#recipes.get(recipeHash);
    if (cached instanceof Fault) throw cached;
    if (cached !== undefined) return cached;
    try {
      const recipe = readStoredRecipe(this.#database.batches, recipeHash, where);
      this.#recipes.set(recipeHash, recipe);
      return recipe;
    } catch (error) {
      if (error instanceof Fault) this.#recipes.set(recipeHash, error);
      throw error;
    }
  }

  /** As `#parsed`; `null` for a recipe that this version cannot run, or that was edited in the database. */
  #readable(row: BatchRow): ParsedRecipe | null {
    try {
      return this.#parsed(row);
    } catch (error) {
      if (!(error instanceof Fault) || !UNREADABLE.has(error.code)) throw error;
      return null;
    }
  }

  #selectedRow(): BatchRow | null {
    const batchId = this.#database.meta.get(SELECTED);
    return batchId === null ? null : this.#database.batches.findById(batchId);
  }

  #row(batchId: string): BatchRow {
    const row = this.#database.batches.findById(batchId);
    if (row !== null) return row;
    throw new Fault('batch-missing', `there is no batch ${batchId}`, {
      hint: 'List them with "batch list".',
    });
  }

  /** Also for a recipe that this version cannot run, so that old batches stay visible. */
  #summaryOf(batch: BatchRow): BatchView['recipe'] {
    const { recipeHash: hash, lockHash } = batch;
    const recipe = this.#readable(batch)?.recipe;
    if (recipe === undefined) {
      const { name, version } = this.#database.batches.getRecipeName(hash);
      const title = { 'zh-CN': name, en: name };
      return { name, version, hash, title, serialExample: '', locked: lockHash !== null, burns: true };
    }
    const { name, version, title, serialNumber } = recipe;
    return {
      name,
      version,
      hash,
      title,
      serialExample: serialNumber.example,
      locked: lockHash !== null,
      burns: burnsTriples(recipe),
    };
  }

  #view(batch: BatchRow): BatchView {
    const { batchId, name, productId, quantity, createdAtMs, closedAtMs, firmwareSha256, startMode } = batch;
    const firmware = firmwareSha256 === null ? null : this.#database.firmware.findBySha256(firmwareSha256);
    return {
      batchId,
      name,
      productId,
      quantity,
      createdAtMs,
      recipe: this.#summaryOf(batch),
      firmware: firmware === null ? null : { sha256: firmware.sha256, version: firmware.version },
      start: startMode,
      closedAtMs,
      ...this.#database.batchProgress.get(batchId),
    };
  }
}

function requireStartable({ recipe }: ParsedRecipe, start: StartMode | null): void {
  if (start !== 'arrival' || recipe.serialNumber.optional) return;
  throw new Fault('bad-input', `units of recipe ${recipe.name} are started by their serial numbers alone`, {
    hint: 'Leave the start to scans, or set serialNumber.optional in the recipe.',
  });
}

function requireFirmwareOf({ recipe }: ParsedRecipe, sha256: string | null): void {
  const wanted = recipe.firmware?.sha256;
  if (wanted === undefined || wanted === sha256) return;
  throw new Fault(
    'bad-input',
    `recipe ${recipe.name} is for firmware ${wanted.slice(0, 12)}, not ${sha256?.slice(0, 12) ?? 'none'}`,
    {
      hint: 'Leave the firmware out, or change the recipe.',
    },
  );
}

function needsFirmware({ recipe }: ParsedRecipe): Fault {
  return new Fault(
    'not-configured',
    `recipe ${recipe.name} uses the firmware of its batch, and this batch names none`,
    {
      hint: 'Import the firmware, and name it when you make the batch: batch create --firmware ID (see "firmware list").',
    },
  );
}

function requireFirmware(
  database: WritableDatabase,
  sha256: string,
  recipe: Pick<Recipe, 'product' | 'phases'>,
): void {
  const firmware = database.firmware.findBySha256(sha256);
  if (firmware === null) {
    throw new Fault('not-found', `there is no firmware ${sha256}`, {
      hint: 'Import it first; list them with "firmware list".',
    });
  }
  const { product } = recipe;
  if (firmware.productId !== null && firmware.productId !== product)
    throw new Fault('bad-input', `this firmware is for ${firmware.productId}, the recipe makes ${product}`, {
      hint: 'Choose a firmware of the same product.',
    });
  requireFirmwareFiles(database, sha256, neededFirmwareFiles(recipe));
}

/** The name of a batch without blanks around it. Faults: `bad-input`. */
function readName(text: string): string {
  const name = text.trim();
  // eslint-disable-next-line no-control-regex -- refuses control characters in a name
  if (name !== '' && name.length <= MAX_BATCH_NAME_CHARACTERS && !/[\u0000-\u001f\u007f]/.test(name))
    return name;
  throw new Fault('bad-input', `"${text.slice(0, MAX_BATCH_NAME_CHARACTERS)}" is not a name for a batch`, {
    hint: `A name has 1 to ${MAX_BATCH_NAME_CHARACTERS} characters, and is one line. Left out, the recipe's name and the date are taken.`,
  });
}
