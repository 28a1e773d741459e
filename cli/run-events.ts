import { macOrNull } from '#shared/domain/unit-id.ts';
import type { RunResult, Station } from '#station';
import type { Output } from './output.ts';
import { TransferReports } from './run/transfer-reports.ts';

/**
 * Prints the runs of this station as JSON events: `run.started`, `run.phase`, `run.flash`, `run.finished`. docs/reports.md has
 * their fields.
 */
export function announceRuns(station: Station, out: Output): () => void {
  const transfers = new TransferReports(() => performance.now());
  return station.onRunEvent((slot, event) => {
    switch (event.kind) {
      case 'started':
        return out.event('run.started', { run: event.runId, slot });
      case 'phase': {
        const { name, index, count } = event.phase;
        return out.event('run.phase', { run: event.runId, slot, phase: name, index, count });
      }
      case 'unrecorded':
        return out.event('run.unrecorded', { run: event.runId, slot, code: event.fault.code });
      case 'finished':
        return out.event('run.finished', toEvent(event.result));
      case 'waiting':
        return out.event('run.waiting', { run: event.runId, slot, instruments: event.names });
      case 'flash':
        if (transfers.isDue(slot, event.progress))
          out.event('run.flash', { run: event.runId, slot, ...event.progress });
        return;
      case 'unit':
      case 'identity':
      case 'step':
        return;
    }
  });
}

/** The event fields of a finished run: MAC or chip id with colons, identifier with its kind, first failure as an object. */
function toEvent(result: RunResult): object {
  const { runId, slot, serialNumber, unitId, outcome, unproven, productId, deviceName, ms, failure } = result;
  const mac = macOrNull(unitId);
  return {
    run: runId,
    slot,
    serialNumber,
    mac,
    unitId,
    outcome,
    unproven,
    productId,
    deviceName,
    ms,
    firstFailure: failure,
  };
}
