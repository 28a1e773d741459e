import type { RunResult } from '#station';

/** Characters of a run id that are unique at a station in practice; every command accepts such a prefix. */
const ID_CHARS = 18;

/** A finished run as one line: slot, unit, outcome, DeviceName, time, run id, and the failure with what to do. An unproven unit is said to be so. */
export function formatRun(result: RunResult): string {
  const { slot, serialNumber, unitId, outcome, unproven, deviceName, ms, failure, runId } = result;
  const who = serialNumber ?? unitId?.text ?? 'unknown unit';
  const hint = failure === null || failure.hint === null || failure.hint === '' ? '' : ` — ${failure.hint}`;
  const reason = failure === null ? '' : `  ${failure.message}${hint}`;
  return `slot ${slot}  ${who}  ${outcome}${unproven ? ' (unproven)' : ''}  ${deviceName ?? '-'}  ${ms} ms  run ${runId.slice(0, ID_CHARS)}${reason}`;
}
