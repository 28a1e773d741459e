import { INSTRUMENT_MANNER } from '../../devices/instruments/index.ts';
import { type FileJson, type Json, Recorder, recordingFile } from '../recording/index.ts';
import { filesOf, isBinary, isRaw } from '../recipes/index.ts';
import type { ResumePoint } from './resume.ts';
import type { ActiveRun, RunServices } from './run-request.ts';

/** Begins the recording of a run, with everything in it that a replay needs. */
export function recordRun(services: RunServices, run: ActiveRun): Recorder {
  const { platform, database, station, appVersion } = services;
  const { runId, baseAtMs, request, resume } = run;
  const { slot, portPath, boardPath, serialNumber, batchId, recipe } = request;
  const { encoding } = recipe.recipe.device.serial;
  const batch = database.batches.findById(batchId);
  const files = filesOf(recipe.recipe);
  const sent = new Set(files.flatMap((file) => (file.sent ? [file.name] : [])));
  // A replay writes no flash and runs no program.
  const flashed = new Set(files.flatMap((file) => (isRaw(file) ? [file.name] : [])));
  return new Recorder(
    // The recording from before the crash stays as it is.
    recordingFile(platform.paths.dataDir, resume === null ? runId : `${runId}.${resume.times}`),
    {
      runId,
      slot,
      port: portPath,
      boardPort: boardPath,
      serialNumber,
      station,
      appVersion,
      batchId,
      batchName: batch?.name ?? null,
      firmwareSha256: batch?.firmwareSha256 ?? null,
      hasRegistry: services.registry() !== null,
      reportsLogins: true,
      numbersSteps: true,
      instrumentManner: INSTRUMENT_MANNER,
      startedAtMs: baseAtMs,
      recipeHash: recipe.hash,
      ...(encoding === 'utf-8' ? {} : { encoding }),
      recipeSource: recipe.source,
      recipeFiles: Object.fromEntries(
        [...recipe.files].map(([name, bytes]) => [
          name,
          flashed.has(name) ? null : fileJson(name, bytes, sent.has(name)),
        ]),
      ),
      ...(resume === null ? {} : { resume: resumeJson(resume) }),
    },
    platform.clock,
  );
}

function fileJson(name: string, bytes: Uint8Array, sent: boolean): FileJson {
  // Pictures for the operator would be most of every recording.
  if (isBinary(name) && !sent) return null;
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : { base64: Buffer.from(bytes).toString('base64') };
}

function resumeJson(point: ResumePoint): Json {
  return { ...point, done: [...point.done], variables: [...point.variables] } as unknown as Json;
}

/** Reads a resume point of a recording. */
export function toResumePoint(json: Json): ResumePoint {
  const { done, variables, ...rest } = json as unknown as Omit<
    ResumePoint,
    'done' | 'variables' | 'reachedAt' | 'flashedChip'
  > & {
    readonly reachedAt?: number;
    readonly flashedChip?: string | null;
    readonly done: readonly string[];
    readonly variables: readonly (readonly [string, string])[];
  };
  // Recordings of old versions have neither.
  return {
    ...rest,
    reachedAt: rest.reachedAt ?? rest.startedAt,
    flashedChip: rest.flashedChip ?? null,
    done: new Set(done),
    variables: new Map(variables),
  };
}
