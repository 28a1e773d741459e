import type { RunResult } from '#station';

/** Characters of a run's id that tell it from the others of its station, nearly always; any command takes them. */
const ID_CHARS = 18;

/** A finished run as one line: slot, unit, outcome, DeviceName, time, why, and the run's id for other commands. */
export function describeRun(result: RunResult): string {
  const { slot, serialNumber, unitId, outcome, deviceName, ms, failure, runId } = result;
  const who = serialNumber ?? unitId?.text ?? 'unknown unit';
  const why = failure === null ? '' : `  ${failure.message}`;
  return `slot ${slot}  ${who}  ${outcome}  ${deviceName ?? '-'}  ${ms} ms  run ${runId.slice(0, ID_CHARS)}${why}`;
}
