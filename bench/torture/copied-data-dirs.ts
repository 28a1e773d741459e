import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { readFlashRecord, startSimulator } from '#simulator';
import { createNodePlatform, createStation, type Station } from '#station';
import type { Findings } from './findings.ts';
import { profileOf } from './devices.ts';
import type { StationUnderTest } from './station-under-test.ts';
import type { RandomSource } from '../lib/random-source.ts';

/** Each copy costs a directory and, at the end, two runs. */
const MAX_COPIES = 6;
const UNITS_PER_COPY = 2;
const SLOT = 99;

interface Copy {
  readonly sut: StationUnderTest;
  readonly dataDir: string;
}

export interface CopiesOptions {
  readonly dir: string;
  readonly seed: string;
  /** Share of kills of stations after which the data directory is copied. */
  readonly share: number;
  readonly mqttUrl: () => string;
  readonly gatewayUrl: () => string;
}

/** Copies data directories after a kill, and tries to give one identity to two units with them. */
export interface Copies {
  /** To be called between the kill and the restart of the station. */
  noteKill(sut: StationUnderTest): void;
  /**
   * To be called when the stations have finished and the registry still runs: an approver wrongly confirms each copy, and it
   * runs units of its own. Returns the number of copies.
   */
  settle(findings: Findings): Promise<number>;
}

export function createCopies(
  { dir, seed, share, mqttUrl, gatewayUrl }: CopiesOptions,
  random: RandomSource,
): Copies {
  const copies: Copy[] = [];
  const opening: Promise<string | null>[] = [];
  return {
    noteKill(sut) {
      if (copies.length >= MAX_COPIES || !random.chance(share)) return;
      const dataDir = join(dir, `copy-${copies.length + 1}`);
      execFileSync('cp', ['-a', sut.dataDir, dataDir]);
      copies.push({ sut, dataDir });
      opening.push(opensUnasked(sut.name, dataDir));
    },
    async settle(findings) {
      for (const violation of await Promise.all(opening))
        if (violation !== null) findings.duplicateIdentities.push(violation);
      if (copies.length > 0) await runAll();
      return copies.length;

      async function runAll(): Promise<void> {
        /** DeviceName to the serial number of the unit that holds it. */
        const passed = new Map(copies.flatMap(({ sut }) => heldOn(sut)));
        for (const [index, copy] of copies.entries()) {
          await using simulator = await startSimulator({
            profile: profileOf(copy.sut.device),
            count: UNITS_PER_COPY,
            slots: 1,
            startEmpty: true,
            stateDir: join(dir, `units-of-copy-${index + 1}`),
            mqttUrl: mqttUrl(),
            gatewayUrl: gatewayUrl(),
            seed: `${seed}-copy-${index + 1}`,
            serialStart: 900_001 + index * UNITS_PER_COPY,
            timeScale: 0.1,
          });
          await using station = await openVouched(copy, simulator.fixtures[0]?.path ?? '');
          for (const { unit, serialNumber } of simulator.units) {
            await simulator.place(1, unit);
            const { outcome, deviceName } = await runUnit(station, copy.sut.batchId(), serialNumber);
            if (outcome !== 'PASS' || deviceName === null) continue;
            const other = passed.get(deviceName);
            if (other !== undefined)
              findings.duplicateIdentities.push(
                `${deviceName} passed in ${other}, and at a copy of ${copy.sut.name} in ${serialNumber}`,
              );
            passed.set(deviceName, serialNumber);
          }
        }
      }
    },
  };
}

/** The violation, or null when the copy refuses to open. */
async function opensUnasked(name: string, dataDir: string): Promise<string | null> {
  try {
    await (await createStation(createNodePlatform(dataDir), { slots: [], appVersion: 'torture' })).close();
    return `a copy of ${name} opened as if it were at home`;
  } catch (error) {
    const refused =
      error instanceof Fault && error.code === 'data-busy' && error.details['because'] === 'directory';
    if (refused) return null;
    throw error;
  }
}

function heldOn(sut: StationUnderTest): [string, string][] {
  return sut.units.flatMap((unit): [string, string][] => {
    const identity = readFlashRecord(sut.flashDir, unit.mac)?.identity ?? null;
    return identity === null ? [] : [[identity.deviceName, unit.serialNumber]];
  });
}

async function openVouched({ dataDir }: Copy, portPath: string): Promise<Station & AsyncDisposable> {
  const by = { user: 'torture', role: 'support' } as const;
  const station = await createStation(createNodePlatform(dataDir), {
    // At a slot of its own: the labels that slots of the station wait for stay where its printer is.
    slots: [{ slot: SLOT, portPath }],
    appVersion: 'torture',
    autoSync: false,
    moved: { reason: 'torture: it is said that the first is gone', approver: 'T', by },
  });
  return Object.assign(station, { [Symbol.asyncDispose]: () => station.close() });
}

async function runUnit(
  station: Station,
  batchId: string,
  serialNumber: string,
): Promise<{ readonly outcome: string; readonly deviceName: string | null }> {
  const command = { batchId, serialNumber, operator: 'torture', slot: SLOT };
  const { outcome, deviceName } = await station.startUnit(command).finished;
  station.slots.acknowledge(SLOT);
  return { outcome, deviceName };
}
