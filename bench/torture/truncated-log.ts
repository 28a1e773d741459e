import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { createNodePlatform, restoreStation } from '#station';
import {
  openStationDatabase,
  openStationDatabaseForReading,
  readHighMark,
  type ReadableDatabase,
  databaseFile,
} from '../../station/core/database/index.ts';
import type { StationUnderTest } from './station-under-test.ts';
import type { RandomSource } from '../lib/random-source.ts';
import { readFlashRecord } from '#simulator';

const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const LEFT_OUT = /^station\.(?:lock|pid|spare|db-shm)$/;

/** A killed station; the log is truncated in a copy only. */
export type KilledStation = Pick<StationUnderTest, 'name' | 'dataDir' | 'flashDir' | 'units' | 'announced'>;

export interface TruncationFindings {
  /** The copy refused to start; the torture then accepted the loss with `restore`. */
  refused: boolean;
  /** The copy started without a fault, or reported a wrong number. */
  readonly unreported: string[];
  /** Triples that a unit holds and that the copy would give to another unit. */
  readonly handedOut: string[];
}

/**
 * Copies the data directory of a killed station, truncates or removes the write-ahead log of the copy, and opens it with
 * the product's code. Either all finished runs are there, or the start is refused with the number of missing runs. After
 * the loss is accepted, no triple that a unit holds may be available. A copy whose tables and indexes disagree after the cut must be
 * refused, and its loss cannot be accepted. The copy is removed afterwards.
 */
export async function checkTruncatedLog(
  sut: KilledStation,
  copy: string,
  random: RandomSource,
): Promise<TruncationFindings> {
  const found: TruncationFindings = { refused: false, unreported: [], handedOut: [] };
  copyFiles(sut.dataDir, copy);
  try {
    // Announced runs and held identities can only grow during the check.
    const announced = new Map(sut.announced);
    const identities = sut.units.flatMap((unit) => readFlashRecord(sut.flashDir, unit.mac)?.identity ?? []);
    const mark = readHighMark(databaseFile(copy))?.progress ?? null;
    if (mark === null) {
      if (announced.size > 0)
        found.unreported.push(`${announced.size} runs were announced, and there is no mark`);
      return found;
    }
    if (mark.runs < announced.size)
      found.unreported.push(`${announced.size} runs were announced, and the mark has ${mark.runs}`);
    const whole = look(copy, (database) => database.readProgress());
    if (whole !== null && whole.runs < mark.runs)
      found.unreported.push(`the mark has ${mark.runs} runs, and there never were more than ${whole.runs}`);
    const how = cut(`${databaseFile(copy)}-wal`, random);
    const remainingRuns = look(copy, (database) => database.readProgress().runs) ?? 0;
    try {
      openStationDatabase(copy).close();
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      found.refused = true;
      const isAccepted = await accept(copy);
      const missing = Math.max(0, mark.runs - remainingRuns);
      // A damaged file need not say how many runs it lacks.
      const isCounted = !isAccepted || error.details['missingRuns'] === missing;
      if (error.code !== 'database-corrupt' || !isCounted)
        found.unreported.push(
          `${how}: ${missing} runs are missing, and it said ${error.code}: ${error.message}`,
        );
      if (!isAccepted) return found;
      found.handedOut.push(...handedOut(copy, identities, how));
      return found;
    }
    found.unreported.push(...runsNotFound(copy, announced, how));
    found.handedOut.push(...handedOut(copy, identities, how));
    return found;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Checks a share of the kills and collects the findings. */
export interface LogTruncator {
  /** To be called between the kill and the restart of the station. */
  noteKill(sut: KilledStation): void;
  /** Waits for running checks. Returns the number of truncated logs and of refused starts. */
  settle(findings: {
    readonly lostResults: string[];
    readonly duplicateIdentities: string[];
  }): Promise<{ readonly cut: number; readonly refused: number }>;
}

export function createLogTruncator(dir: string, share: number, random: RandomSource): LogTruncator {
  const looking: Promise<void>[] = [];
  const found = { unreported: [] as string[], handedOut: [] as string[] };
  let refused = 0;
  return {
    noteKill(sut) {
      if (!random.chance(share)) return;
      const copy = join(dir, `lost-frames-${looking.length + 1}`);
      const look = async (): Promise<void> => {
        const { unreported, handedOut, refused: didRefuse } = await checkTruncatedLog(sut, copy, random);
        if (didRefuse) refused += 1;
        found.unreported.push(...unreported.map((text) => `${sut.name}, its log cut: ${text}`));
        found.handedOut.push(...handedOut.map((text) => `${sut.name}, its log cut: ${text}`));
      };
      looking.push(
        look().catch((error: unknown) => {
          found.unreported.push(
            `${sut.name}, its log cut: ${error instanceof Error ? error.message : String(error)}`,
          );
        }),
      );
    },
    async settle(findings) {
      await Promise.all(looking);
      findings.lostResults.push(...found.unreported);
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

/** Null when the database has no tables any more. */
function look<T>(dataDir: string, at: (database: ReadableDatabase) => T): T | null {
  let database: ReadableDatabase;
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

/** Removes frames (https://www.sqlite.org/fileformat2.html, section 4). Returns a description. */
function cut(log: string, random: RandomSource): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(log);
  } catch {
    return 'there was no log to lose';
  }
  if (bytes.length < LOG_HEADER_BYTES || random.chance(0.2)) {
    rmSync(log, { force: true });
    return 'the whole log is gone';
  }
  const frameBytes = FRAME_HEADER_BYTES + bytes.readUInt32BE(8);
  const frames = Math.floor((bytes.length - LOG_HEADER_BYTES) / frameBytes);
  const lost = Math.min(
    frames,
    random.chance(0.5) ? random.between(1, 6) : random.between(1, Math.max(1, frames)),
  );
  // In half of the cases in the middle of a frame.
  const torn = random.chance(0.5) && lost > 0 ? random.between(1, frameBytes - 1) : 0;
  truncateSync(log, LOG_HEADER_BYTES + (frames - lost) * frameBytes + torn);
  return `${lost} of ${frames} frames are gone`;
}

/**
 * Accepts the loss. False when that is refused because the file is damaged: pages of a commit whose frames were cut are in it already.
 * SQLite syncs the log before it copies pages of it, so that a power cut never loses such frames.
 */
async function accept(dataDir: string): Promise<boolean> {
  try {
    await restoreStation(createNodePlatform(dataDir), {
      from: databaseFile(dataDir),
      reason: 'torture: the log lost its end',
      approver: 'T',
      by: { user: 'torture', role: 'support' },
    });
  } catch (error) {
    if (error instanceof Fault && error.code === 'database-corrupt') return false;
    throw error;
  }
  openStationDatabase(dataDir).close();
  return true;
}

function runsNotFound(dataDir: string, announced: ReadonlyMap<string, string>, how: string): string[] {
  const lost = look(dataDir, (database) =>
    [...announced]
      .filter(([runId, outcome]) => database.runs.findById(runId)?.outcome !== outcome)
      .map(([runId]) => runId),
  );
  return (lost ?? [...announced.keys()]).map((runId) => `${how}: it opened without run ${runId}`);
}

/** Triples that a unit holds and that the ledger would give to another unit. */
function handedOut(
  dataDir: string,
  identities: readonly { readonly productId: string; readonly deviceName: string }[],
  how: string,
): string[] {
  const free = look(dataDir, (database) =>
    identities.filter(({ productId, deviceName }) => {
      const state = database.triples.findByName(productId, deviceName)?.state;
      return state === 'available' || state === 'returned';
    }),
  );
  return (free ?? []).map(({ deviceName }) => `${how}: ${deviceName} is on a unit and free to be handed out`);
}
