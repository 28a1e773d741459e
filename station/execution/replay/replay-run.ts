import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import { serialMatches } from '#shared/recipe/index.ts';
import { createAuditTrail } from '../../core/audit-log/index.ts';
import { createNodePlatform } from '../../devices/drivers/node/index.ts';
import { createInstruments } from '../../devices/instruments/index.ts';
import { createLedger, createVault, openKeyRing } from '../../identity/index.ts';
import type { Log, Platform } from '../../core/platform/index.ts';
import type { FileJson, Header, Recording } from '../recording/index.ts';
import type { RegistryClient } from '../../registry-sync/client/index.ts';
import { type RunResult, runUnit, toResumePoint } from '../executor/index.ts';
import { parseRecipe, type ParsedRecipe } from '../recipes/index.ts';
import { createFontBook } from '../../results/labels/index.ts';
import { Scripts } from '../scripts/index.ts';
import { openStationDatabase } from '../../core/database/index.ts';
import { type Comparison, compare } from './compare.ts';
import { createSurroundingsClock } from './replay-clock.ts';
import { recordedManner } from './recorded-manner.ts';
import { ReplayIo } from './replay-io.ts';
import { ledgerFacts, seedLedger } from './seed-ledger.ts';

export interface ReplayOptions {
  /** Another recipe than the recorded one. */
  readonly recipe?: ParsedRecipe | undefined;
}

const BATCH = 'replay';
/** Linux keeps this directory in memory. */
const MEMORY = '/dev/shm';

/**
 * Runs a recipe against a recording, with a ledger in a temporary directory; ports, Bluetooth, registry, answers of the
 * operator and time come from the recording. Needs no unit, no network, no secret and no station. Faults: `bad-input` for
 * a recording that cannot be replayed, `recipe-changed` as `recordedRecipe`, `serial-malformed` for a recipe of other
 * units, the signal's reason.
 */
export async function replayRun(
  recording: Recording,
  options: ReplayOptions,
  signal: AbortSignal,
): Promise<Comparison> {
  const { header } = recording;
  const recipe = options.recipe ?? recordedRecipe(recording);
  const serialNumber = header.serialNumber ?? null;
  if (serialNumber !== null && !serialMatches(recipe.recipe, serialNumber)) {
    throw new Fault('serial-malformed', `"${serialNumber}" is not a serial number of this recipe`, {
      hint: `It looks like ${recipe.recipe.serialNumber.example}.`,
      details: { serialNumber, example: recipe.recipe.serialNumber.example },
    });
  }
  using dir = temporaryDir();
  const node = createNodePlatform(dir.path);
  using io = new ReplayIo(recording, node.clock);
  const platform = platformOf(node, io, header);
  const database = openStationDatabase(dir.path);
  try {
    const vault = createVault(await openKeyRing(database, platform), platform.random);
    const ledger = createLedger(database, vault, platform.clock, createAuditTrail(database, platform.clock));
    const { hash, source, files, recipe: parsed } = recipe;
    database.transaction(() => {
      database.batches.addRecipe({ hash, name: parsed.name, version: parsed.version, source, files }, 0);
      database.batches.add({
        batchId: BATCH,
        name: header.batchName ?? BATCH,
        productId: parsed.product,
        quantity: 1,
        createdAtMs: 0,
        recipeHash: hash,
        firmwareSha256: null,
        lockHash: null,
      });
    });
    const slot = header.slot ?? 1;
    const portPath = header.port ?? 'recording';
    const { station = 'replay', appVersion = '' } = header;
    const earlier = {
      runId: `${BATCH}-earlier`,
      batchId: BATCH,
      slot,
      portPath,
      serialNumber: null,
      station,
      operator: '',
      appVersion,
      recipeHash: hash,
      startedAtMs: 0,
    };
    seedLedger(
      { database, vault, random: platform.random, earlier, productId: parsed.product, serialNumber },
      ledgerFacts(recording),
    );
    const resume = header.resume === undefined ? undefined : toResumePoint(header.resume);
    // The ledger has the interrupted run without its steps.
    if (resume !== undefined) database.runs.add({ ...earlier, runId: resume.runId, serialNumber });
    const running = runUnit(
      {
        platform,
        database,
        ledger,
        // The replies of the registry are in the recording.
        reportsLogins: header.reportsLogins ?? false,
        registry: () => (header.hasRegistry === false ? null : ({} as RegistryClient)),
        station,
        appVersion,
        reserveUnit: () => ({ [Symbol.dispose]: () => undefined }),
        ask: () => Promise.reject(new Fault('not-configured', 'a replay has no operator')),
        askPhoto: () => Promise.reject(new Fault('not-configured', 'a replay has no operator')),
        // A replay stores nothing: the recording has what the run has stored.
        attachments: { store: () => Promise.resolve(), settle: () => undefined },
        relayBoards: { use: () => Promise.reject(new Fault('not-configured', 'a replay has no board')) },
        instruments: createInstruments(() => [], platform.clock),
        instrumentManner: recordedManner(recording),
        scripts: new Scripts(platform.paths.dataDir),
        fonts: createFontBook(),
        // What a transfer returned is in the recording.
        baudRates: { limit: (_slot, _place, wanted) => wanted, remember: () => undefined },
        tools: { find: () => Promise.reject(new Fault('not-configured', 'a replay runs no program')) },
        firmware: {
          readOfBatch: () => Promise.reject(new Fault('not-configured', 'a replay has no firmware')),
        },
        io,
      },
      {
        batchId: BATCH,
        recipe,
        slot,
        portPath,
        boardPath: header.boardPort ?? null,
        serialNumber,
        operator: '',
        resume,
      },
      () => undefined,
      signal,
    );
    await playToEnd(io, running);
    throwIfAborted(signal);
    return compare(recording, io.result);
  } finally {
    database.close();
  }
}

/** Plays until the run has ended. */
async function playToEnd(io: ReplayIo, running: Promise<RunResult>): Promise<void> {
  let ended = false;
  const done = running.finally(() => (ended = true));
  done.catch(() => undefined);
  await io.scheduler.run(() => ended);
  await done;
}

/** The recipe in a recording. Faults: `bad-input`; `recipe-changed` when its hash is not the one in the header. */
export function recordedRecipe({ header, replayable }: Recording): ParsedRecipe {
  if (replayable && header.recipeSource !== undefined) {
    const parsed = parseRecipe(header.recipeSource, 'the recorded recipe', filesOf(header), {
      acceptedBefore: true,
      numbered: header.numbersSteps === true,
    });
    const hash = header.recipeHash ?? parsed.hash;
    // The hash covers the recipe's pictures, which are not recorded: with a picture it cannot be checked.
    const isVerifiable = Object.values(header.recipeFiles ?? {}).every((file) => file !== null);
    if (isVerifiable && hash !== parsed.hash) {
      throw new Fault(
        'recipe-changed',
        'the recipe in this recording is not the one that the run was made with',
        {
          hint: 'The recording was edited; "recording show" reads it still.',
          details: { locked: hash.slice(0, 12), now: parsed.hash.slice(0, 12) },
        },
      );
    }
    return { ...parsed, hash };
  }
  throw new Fault('bad-input', 'this recording cannot be replayed', {
    hint: 'It is of an older version of Gongwei, or of a return. "recording show" reads it.',
  });
}

function filesOf({ recipeFiles: files = {} }: Header): ReadonlyMap<string, Uint8Array> {
  return new Map(Object.entries(files).map(([name, file]) => [name, bytesOf(file)]));
}

function bytesOf(file: FileJson): Uint8Array {
  if (file === null) return new Uint8Array();
  return typeof file === 'string' ? Buffer.from(file) : Buffer.from(file.base64, 'base64');
}

function platformOf(node: Platform, io: ReplayIo, header: Header): Platform {
  return {
    ...node,
    clock: createSurroundingsClock(io.scheduler, header.startedAtMs ?? 0, node.clock),
    log: SILENT,
  };
}

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function temporaryDir(): { readonly path: string } & Disposable {
  // The directory is removed after the replay and need not reach a disk.
  const parent = existsSync(MEMORY) ? MEMORY : tmpdir();
  const path = mkdtempSync(join(parent, 'gongwei-replay-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
