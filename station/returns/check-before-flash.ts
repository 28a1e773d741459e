import { Fault } from '#shared/domain/fault.ts';
import type { WritableDatabase } from '../core/database/index.ts';
import type { Platform } from '../core/platform/index.ts';
import type { DeviceSession } from '../devices/protocols/index.ts';
import { type Ledger, readIdentity } from '../identity/index.ts';
import { cannotErase, requireAllowed } from './require-allowed.ts';
import { compileUnitReport, type UnitReportOptions } from './unit-report.ts';

export interface CheckBeforeFlashOptions extends UnitReportOptions {
  readonly database: WritableDatabase;
  readonly ledger: Ledger;
  readonly platform: Pick<Platform, 'clock'>;
}

/**
 * Identifies a unit that is to be flashed, and checks that its verdict allows the action that follows. Returns its chip id;
 * `null` for a unit that does not answer, which its new firmware may repair. Faults: `bad-input` when the verdict does not allow
 * the action; those of the station.
 *
 * @param action `null`: the firmware alone
 */
export async function checkBeforeFlash(
  options: CheckBeforeFlashOptions,
  action: 'keep' | 'reissue' | 'retire' | null,
  device: DeviceSession,
  signal: AbortSignal,
): Promise<string | null> {
  const { database, ledger, platform } = options;
  let known: string | null = null;
  try {
    const info = await device.identify(signal);
    const { chipId, model, firmwareVersion, id = null } = info;
    const unit = database.transaction(() =>
      database.units.recordSeen(chipId, model, firmwareVersion, platform.clock.nowMs(), id),
    );
    known = chipId;
    if (action === null) return known;
    if (action === 'retire' && !device.abilities.erase) throw cannotErase();
    const bound = ledger.boundTo(unit.unitId);
    const reading = await readIdentity(ledger, device, bound, signal);
    const answer = { info, reading, readBack: device.readBack };
    requireAllowed(action, await compileUnitReport(options, unit, answer, {}, signal), bound);
    return known;
  } catch (error) {
    if (error instanceof Fault && error.class === 'unit') return known;
    throw error;
  }
}
