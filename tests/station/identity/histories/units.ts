import { expect } from 'vitest';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Triple } from '#shared/domain/triple.ts';
import type { DeviceSession } from '../../../../station/devices/protocols/index.ts';
import type { WritableDatabase } from '../../../../station/core/database/index.ts';

/** How a device behaves when an identity is written to it, and what happens to its cable, fixture and station then. */
export const WRITE_BEHAVIOURS = [
  'stores',
  'refuses',
  'stores, reply lost',
  'says OK, stores nothing',
  'stores another secret',
  'cable out before',
  'cable out after',
  'station dies before',
  'station dies after',
  'another unit put there before',
  'another unit put there while writing',
] as const;
export type WriteBehaviour = (typeof WRITE_BEHAVIOURS)[number];

/** Simulates the end of the station's process. */
export class Crash extends Error {}

/** A physical unit: its label, its chip and the identity in its flash. Only the device writes its flash. */
export interface PhysicalUnit {
  readonly serialNumber: string;
  readonly chipId: string;
  held: Triple | null;
}

/** The devices of one history. The last two are a unit and its clone: two serial numbers, one MAC. */
export function createUnits(history: number): readonly PhysicalUnit[] {
  const unit = (n: number, mac: number): PhysicalUnit => ({
    serialNumber: `S${history}-${n}`,
    chipId: `A${history.toString(16).toUpperCase().padStart(10, '0')}${mac}`,
    held: null,
  });
  return [unit(1, 1), unit(2, 2), unit(3, 3), unit(4, 3)];
}

/**
 * A session with the unit on a fixture, as the protocols of the station provide it. `otherUnit` replaces the unit at the
 * moment that `write` defines.
 */
export function createFakeSession(
  database: WritableDatabase,
  unit: PhysicalUnit,
  otherUnit: PhysicalUnit,
  write: WriteBehaviour,
): DeviceSession {
  let onFixture = unit;
  let isConnected = true;
  const lost = (): never => {
    isConnected = false;
    throw new Fault('port-lost', 'the cable is out');
  };
  const requireConnected = (): void => {
    if (!isConnected) lost();
  };
  const notExpected = (): never => {
    throw new Error('not part of a burn');
  };
  return {
    readBack: 'full',
    goOnline: notExpected,
    goOffline: notExpected,
    command: notExpected,
    eraseIdentity: notExpected,
    checkWritable: () => undefined,
    async identify() {
      requireConnected();
      return { chipId: onFixture.chipId, model: null, firmwareVersion: null };
    },
    async prepareWrite() {
      requireConnected();
      if (write === 'another unit put there before') onFixture = otherUnit;
    },
    async readIdentity(expected): Promise<IdentityReading> {
      requireConnected();
      const { held } = onFixture;
      if (held === null) return { kind: 'none' };
      const secretMatches = expected === null ? null : expected.deviceSecret === held.deviceSecret;
      return { kind: 'holds', name: held, secretMatches };
    },
    async writeIdentity(triple) {
      requireConnected();
      // The intent for this unit is durable before the first byte of an identity is sent.
      const row = database.triples.findByName(triple.productId, triple.deviceName);
      expect(row).toMatchObject({ state: 'burning', unitId: database.units.findByChip(unit.chipId)?.unitId });
      switch (write) {
        case 'refuses':
          throw new Fault('device-rejected', '207');
        case 'says OK, stores nothing':
          return;
        case 'cable out before':
          return lost();
        case 'station dies before':
          throw new Crash();
        case 'another unit put there while writing':
          onFixture = otherUnit;
          break;
        default:
          break;
      }
      const deviceSecret = write === 'stores another secret' ? 'other' : triple.deviceSecret;
      onFixture.held = { ...triple, deviceSecret };
      if (write === 'stores, reply lost') throw new Fault('device-silent', 'no answer');
      if (write === 'cable out after') lost();
      if (write === 'station dies after') throw new Crash();
    },
  } as Partial<DeviceSession> as DeviceSession;
}
