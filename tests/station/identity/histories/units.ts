import { expect } from 'vitest';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Triple } from '#shared/domain/triple.ts';
import type { DeviceSession } from '../../../../station/devices/protocols/index.ts';
import type { WritableDatabase } from '../../../../station/core/database/index.ts';

/** What a device may do with an identity that is written to it, and what may happen around it meanwhile. */
export const WRITES = [
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
export type Write = (typeof WRITES)[number];

/** The process ends here. */
export class Crash extends Error {}

/** A physical unit: what is printed on it, what its chip says, what its flash holds. Only the device writes its flash. */
export interface Physical {
  readonly serialNumber: string;
  readonly chipId: string;
  held: Triple | null;
}

/** The devices of one history. The last two are a unit and its clone: two serial numbers, one MAC. */
export function createUnits(history: number): readonly Physical[] {
  const unit = (n: number, mac: number): Physical => ({
    serialNumber: `S${history}-${n}`,
    chipId: `A${history.toString(16).toUpperCase().padStart(10, '0')}${mac}`,
    held: null,
  });
  return [unit(1, 1), unit(2, 2), unit(3, 3), unit(4, 3)];
}

/**
 * The unit on a fixture, spoken to as the protocols of the station do. `instead` is what lies there from the moment on
 * that `write` tells.
 */
export function talkTo(
  database: WritableDatabase,
  unit: Physical,
  instead: Physical,
  write: Write,
): DeviceSession {
  let there = unit;
  let cable = true;
  const lost = (): never => {
    cable = false;
    throw new Fault('port-lost', 'the cable is out');
  };
  const use = (): void => {
    if (!cable) lost();
  };
  const unused = (): never => {
    throw new Error('not part of a burn');
  };
  return {
    readBack: 'full',
    goOnline: unused,
    goOffline: unused,
    command: unused,
    eraseIdentity: unused,
    checkWritable: () => undefined,
    async identify() {
      use();
      return { chipId: there.chipId, model: null, firmwareVersion: null };
    },
    async prepareWrite() {
      use();
      if (write === 'another unit put there before') there = instead;
    },
    async readIdentity(expected): Promise<IdentityReading> {
      use();
      const { held } = there;
      if (held === null) return { kind: 'none' };
      const secretMatches = expected === null ? null : expected.deviceSecret === held.deviceSecret;
      return { kind: 'holds', name: held, secretMatches };
    },
    async writeIdentity(triple) {
      use();
      // Not one byte of an identity leaves before its intent is durable, for this unit and no other.
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
          there = instead;
          break;
        default:
          break;
      }
      const deviceSecret = write === 'stores another secret' ? 'other' : triple.deviceSecret;
      there.held = { ...triple, deviceSecret };
      if (write === 'stores, reply lost') throw new Fault('device-silent', 'no answer');
      if (write === 'cable out after') lost();
      if (write === 'station dies after') throw new Crash();
    },
  } as Partial<DeviceSession> as DeviceSession;
}
