import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { Fault } from '#shared/domain/fault.ts';
import { startBench } from '#simulator';
import { createNodePlatform, createStation, type Station } from '#station';
import type { Findings } from './check-invariants.ts';
import type { Lane } from './station-under-test.ts';
import type { Chance } from './random-source.ts';
import { readFlash } from './unit-flash.ts';

/** Each costs a directory and, at the end, two runs. */
const MOST_COPIES = 6;
const UNITS_PER_COPY = 2;

interface Copy {
  readonly lane: Lane;
  readonly dataDir: string;
}

export interface CopiesOptions {
  readonly dir: string;
  readonly seed: string;
  /** Of the kills of stations, so many are followed by a copy. */
  readonly share: number;
  readonly mqttUrl: () => string;
}

/** Copies data directories as they lie after a kill, and tries to make two units with one identity of them. */
export interface Copies {
  /** To be called while the station is dead. */
  noteKill(lane: Lane): void;
  /**
   * While the registry still answers and the stations themselves have done everything: each copy is vouched for, wrongly,
   * and runs units of its own. Returns how many copies there were.
   */
  settle(findings: Findings): Promise<number>;
}

export function createCopies({ dir, seed, share, mqttUrl }: CopiesOptions, chance: Chance): Copies {
  const copies: Copy[] = [];
  const opening: Promise<string | null>[] = [];
  return {
    noteKill(lane) {
      if (copies.length >= MOST_COPIES || !chance.chance(share)) return;
      const dataDir = join(dir, `copy-${copies.length + 1}`);
      execFileSync('cp', ['-a', lane.dataDir, dataDir]);
      copies.push({ lane, dataDir });
      opening.push(opensUnasked(lane.name, dataDir));
    },
    async settle(findings) {
      for (const offence of await Promise.all(opening))
        if (offence !== null) findings.duplicateIdentities.push(offence);
      if (copies.length > 0) await runAll();
      return copies.length;

      async function runAll(): Promise<void> {
        await using bench = await startBench({
          profile: 'at-module',
          count: copies.length * UNITS_PER_COPY,
          slots: 1,
          startEmpty: true,
          stateDir: join(dir, 'units-of-copies'),
          mqttUrl: mqttUrl(),
          seed: `${seed}-copies`,
          serialStart: 900_001,
          timeScale: 0.1,
        });
        /** DeviceName to the unit that passed with it, of copies and of stations. */
        const passed = new Map(copies.flatMap(({ lane }) => heldOn(lane)));
        for (const [index, copy] of copies.entries()) {
          const units = bench.units.slice(index * UNITS_PER_COPY, (index + 1) * UNITS_PER_COPY);
          await using station = await openVouched(copy, bench.fixtures[0]?.path ?? '');
          for (const { unit, serialNumber } of units) {
            await bench.place(1, unit);
            const { outcome, deviceName } = await runUnit(station, copy.lane.batchId(), serialNumber);
            if (outcome !== 'PASS' || deviceName === null) continue;
            const other = passed.get(deviceName);
            if (other !== undefined)
              findings.duplicateIdentities.push(
                `${deviceName} passed in ${other}, and at a copy of ${copy.lane.name} in ${serialNumber}`,
              );
            passed.set(deviceName, serialNumber);
          }
        }
      }
    },
  };
}

/** The offence, or null when the copy refuses to work beside its original. */
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

function heldOn(lane: Lane): [string, string][] {
  return lane.units.flatMap((unit): [string, string][] => {
    const identity = readFlash(lane, unit)?.identity ?? null;
    return identity === null ? [] : [[identity.deviceName, unit.serialNumber]];
  });
}

async function openVouched({ dataDir }: Copy, portPath: string): Promise<Station & AsyncDisposable> {
  const by = { user: 'torture', role: 'support' };
  const station = await createStation(createNodePlatform(dataDir), {
    slots: [{ slot: 1, portPath }],
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
  const order = { batchId, serialNumber, operator: 'torture', slot: 1 };
  const { outcome, deviceName } = await station.startUnit(order).finished;
  station.slots.acknowledge(1);
  return { outcome, deviceName };
}
