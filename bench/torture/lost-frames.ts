import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { createNodePlatform, restoreStation } from '#station';
import {
  openStationDatabase,
  openStationDatabaseForReading,
  readHighMark,
  type WritableDatabase,
  databaseFile,
} from '../../station/core/database/index.ts';
import type { Lane } from './station-under-test.ts';
import type { Chance } from './random-source.ts';
import { readFlash } from './unit-flash.ts';

const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const LEFT_OUT = /^station\.(?:lock|pid|spare|db-shm)$/;

/** Of a station that was just killed: what its log loses here its own files keep. */
export type DeadLane = Pick<Lane, 'name' | 'dataDir' | 'flashDir' | 'units' | 'announced'>;

export interface LossFound {
  /** The station refused to start; the bench then accepted the loss with `restore`. */
  refused: boolean;
  /** It went on without a word, or said another number than is true. */
  readonly silent: string[];
  /** It would hand out what a unit holds. */
  readonly handedOut: string[];
}

/**
 * Takes a copy of a dead station, cuts the end of the copy's write-ahead log or all of it, and opens it with the product's
 * own code. Either every run is there that the station had finished, or the start is refused with the number of missing
 * runs. After the loss is accepted, no triple that a unit holds may be available. The copy is removed afterwards.
 */
export async function loseFrames(lane: DeadLane, copy: string, chance: Chance): Promise<LossFound> {
  const found: LossFound = { refused: false, silent: [], handedOut: [] };
  copyFiles(lane.dataDir, copy);
  try {
    // What was said before the kill, and what units hold, can only grow until this is done.
    const said = new Map(lane.announced);
    const held = lane.units.flatMap((unit) => readFlash(lane, unit)?.identity ?? []);
    const mark = readHighMark(databaseFile(copy))?.progress ?? null;
    if (mark === null) {
      if (said.size > 0) found.silent.push(`${said.size} runs were announced, and there is no mark`);
      return found;
    }
    if (mark.runs < said.size)
      found.silent.push(`${said.size} runs were announced, and the mark tells of ${mark.runs}`);
    const whole = look(copy, (database) => database.readProgress());
    if (whole !== null && whole.runs < mark.runs)
      found.silent.push(`the mark tells of ${mark.runs} runs, and there never were more than ${whole.runs}`);
    const how = cut(`${databaseFile(copy)}-wal`, chance);
    const left = look(copy, (database) => database.readProgress().runs) ?? 0;
    try {
      openStationDatabase(copy).close();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const missing = Math.max(0, mark.runs - left);
      if (error.code !== 'database-corrupt' || error.details['missingRuns'] !== missing)
        found.silent.push(`${how}: ${missing} runs are missing, and it said ${error.code}: ${error.message}`);
      found.refused = true;
      await accept(copy);
      found.handedOut.push(...handedOut(copy, held, how));
      return found;
    }
    found.silent.push(...notThere(copy, said, how));
    found.handedOut.push(...handedOut(copy, held, how));
    return found;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Does that now and then, and collects what it found. */
export interface FrameLoser {
  /** To be called while the station is dead. */
  noteKill(lane: DeadLane): void;
  /** Waits for what is under way; returns how many logs were cut, and how many of those stations refused. */
  settle(findings: {
    readonly lostResults: string[];
    readonly duplicateIdentities: string[];
  }): Promise<{ readonly cut: number; readonly refused: number }>;
}

export function createFrameLoser(dir: string, share: number, chance: Chance): FrameLoser {
  const looking: Promise<void>[] = [];
  const found = { silent: [] as string[], handedOut: [] as string[] };
  let refused = 0;
  return {
    noteKill(lane) {
      if (!chance.chance(share)) return;
      const copy = join(dir, `lost-frames-${looking.length + 1}`);
      const look = async (): Promise<void> => {
        const { silent, handedOut, refused: didRefuse } = await loseFrames(lane, copy, chance);
        if (didRefuse) refused += 1;
        found.silent.push(...silent.map((text) => `${lane.name}, its log cut: ${text}`));
        found.handedOut.push(...handedOut.map((text) => `${lane.name}, its log cut: ${text}`));
      };
      looking.push(
        look().catch((error: unknown) => {
          found.silent.push(
            `${lane.name}, its log cut: ${error instanceof Error ? error.message : String(error)}`,
          );
        }),
      );
    },
    async settle(findings) {
      await Promise.all(looking);
      findings.lostResults.push(...found.silent);
      findings.duplicateIdentities.push(...found.handedOut);
      return { cut: looking.length, refused };
    },
  };
}

function copyFiles(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true }))
    if (entry.isFile() && !LEFT_OUT.test(entry.name))
      copyFileSync(join(from, entry.name), join(to, entry.name));
}

/** Null when there are no tables left to look at. */
function look<T>(dataDir: string, at: (database: WritableDatabase) => T): T | null {
  let database: WritableDatabase;
  try {
    database = openStationDatabaseForReading(dataDir);
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
  try {
    return at(database);
  } finally {
    database.close();
  }
}

/** Frames as https://www.sqlite.org/fileformat2.html section 4 lays them out. Returns what was done, in words. */
function cut(log: string, chance: Chance): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(log);
  } catch {
    return 'there was no log to lose';
  }
  if (bytes.length < LOG_HEADER_BYTES || chance.chance(0.2)) {
    rmSync(log, { force: true });
    return 'the whole log is gone';
  }
  const frameBytes = FRAME_HEADER_BYTES + bytes.readUInt32BE(8);
  const frames = Math.floor((bytes.length - LOG_HEADER_BYTES) / frameBytes);
  const lost = Math.min(
    frames,
    chance.chance(0.5) ? chance.between(1, 6) : chance.between(1, Math.max(1, frames)),
  );
  // Now and then in the middle of a frame.
  const torn = chance.chance(0.5) && lost > 0 ? chance.between(1, frameBytes - 1) : 0;
  truncateSync(log, LOG_HEADER_BYTES + (frames - lost) * frameBytes + torn);
  return `${lost} of ${frames} frames are gone`;
}

async function accept(dataDir: string): Promise<void> {
  await restoreStation(createNodePlatform(dataDir), {
    from: databaseFile(dataDir),
    reason: 'torture: the log lost its end',
    approver: 'T',
    by: { user: 'torture', role: 'support' },
  });
  openStationDatabase(dataDir).close();
}

function notThere(dataDir: string, said: ReadonlyMap<string, string>, how: string): string[] {
  const lost = look(dataDir, (database) =>
    [...said]
      .filter(([runId, outcome]) => database.runs.findById(runId)?.outcome !== outcome)
      .map(([runId]) => runId),
  );
  return (lost ?? [...said.keys()]).map((runId) => `${how}: it opened without run ${runId}`);
}

/** Triples that a unit holds and that the ledger would give to another unit. */
function handedOut(
  dataDir: string,
  held: readonly { readonly productId: string; readonly deviceName: string }[],
  how: string,
): string[] {
  const free = look(dataDir, (database) =>
    held.filter(({ productId, deviceName }) => {
      const state = database.triples.findByName(productId, deviceName)?.state;
      return state === 'available' || state === 'returned';
    }),
  );
  return (free ?? []).map(({ deviceName }) => `${how}: ${deviceName} is on a unit and free to be handed out`);
}
