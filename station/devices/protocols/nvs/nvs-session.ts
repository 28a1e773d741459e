import { Fault } from '#shared/domain/fault.ts';
import { isBlankChipId } from '#shared/domain/triple.ts';
import type { UnitInfo, DeviceSession } from '../device-session.ts';
import type { NvsIdentity } from '#shared/recipe/index.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';
import { type FlashMemory, unitExchanged } from '../flashing/index.ts';
import { changePartition } from './change-partition.ts';
import { readPartition, readTable, unreadable, type UnitPartition } from './find-partition.ts';
import { readingFromJson, type ReadingJson, readingToJson } from './reading-json.ts';
import { changesFor, checkTriple, concealSecretIn, removalOf, tripleIn } from './triple-in-nvs.ts';
import { visitLoader, type VisitOptions } from './visit-loader.ts';

export interface NvsSessionOptions extends Pick<VisitOptions, 'visitFlash' | 'onChip'> {
  readonly nvs: NvsIdentity;
  readonly region: string | null;
  readonly portBaudRate: number;
  readonly clock: Clock;
  /** Gets each secret before it is written or compared. */
  readonly mask: SecretMask;
}

/** The part of a session that goes through the flash of the unit. */
export type FlashPart = Pick<
  DeviceSession,
  | 'readBack'
  | 'identify'
  | 'readIdentity'
  | 'checkWritable'
  | 'prepareWrite'
  | 'writeIdentity'
  | 'eraseIdentity'
  | 'leaveLoader'
>;

/**
 * A unit whose identity is in its NVS. Each method is one visit to the boot loader of the chip, after which the application is
 * started. A visit that reads or writes finds the chip of the visits before, so that nothing is written into a unit that was
 * exchanged. Faults: those of `visitLoader` and of `FlashMemory`, `flash-unreadable`, `flash-mismatch`, `identity-conflict` for
 * another chip.
 */
export function openNvs(port: DevicePort, options: NvsSessionOptions): FlashPart {
  const { nvs, region, mask } = options;
  const visit: VisitOptions = { ...options, chip: nvs.chip, baudRate: nvs.baudRate };

  /** The chip that was identified, or else read, last; `null` before, and in a replay. */
  let chip: string | null = null;

  function requireSameChip({ chipId }: FlashMemory): void {
    if (chip !== null && chip !== chipId) throw unitExchanged(chip, chipId);
    chip = chipId;
  }

  /** The last reading found a partition that can take an identity. */
  let isChecked = false;
  /** The loader was left running, because the port cannot start it again. */
  let isLeft = false;

  /** `null` when the flash is erased at the partition table. */
  async function find(memory: FlashMemory, signal: AbortSignal): Promise<UnitPartition | null> {
    requireSameChip(memory);
    const table = await readTable(memory, nvs.tableOffset, signal);
    if (table === null) return null;
    const partitions = table.filter(({ kind }) => kind === 'nvs');
    const partition = partitions.find(({ label }) => label === nvs.partition);
    if (partition !== undefined) return readPartition(memory, partition, signal);
    const others = partitions.map(({ label }) => label).join(', ');
    const but = others === '' ? '' : `, but ${others}`;
    throw unreadable('no-partition', `its partition table has no NVS partition "${nvs.partition}"${but}`, {
      hint: 'Correct device.identity.nvs.partition in the recipe, or flash the firmware of this recipe.',
    });
  }

  async function findForWriting(memory: FlashMemory, signal: AbortSignal): Promise<UnitPartition> {
    const found = await find(memory, signal);
    if (found !== null) return found;
    throw unreadable('no-table', 'it is erased and has no partition table', {
      hint: 'Flash the firmware with its partition table first.',
    });
  }

  return {
    readBack: 'full',
    async identify(signal) {
      const { isLoaderLeft, ...info } = await identifyByFlash(port, visit, signal);
      isLeft = isLoaderLeft;
      chip = info.chipId;
      return info;
    },
    async leaveLoader(signal) {
      if (!isLeft) return;
      isLeft = false;
      await visitLoader(port, { ...visit, isLast: true }, 'nvs leave', () => Promise.resolve(null), signal);
    },
    async readIdentity(expected, signal) {
      if (expected !== null) mask.protect([expected.deviceSecret]);
      const work = async (memory: FlashMemory, until: AbortSignal): Promise<ReadingJson> => {
        const found = await find(memory, until);
        if (found === null) return readingToJson({ kind: 'none' }, false);
        concealSecretIn(found.reading.content, nvs, mask);
        return readingToJson(tripleIn(found.reading.content, nvs, expected), true);
      };
      isChecked = false;
      const reading = await visitLoader(port, visit, 'nvs read', work, signal);
      isChecked = reading.takesIdentity;
      return readingFromJson(reading);
    },
    checkWritable: checkTriple,
    async prepareWrite(signal) {
      // Nothing is intended before the partition is known to take an identity. The last reading has shown it already.
      if (isChecked) return;
      const work = async (memory: FlashMemory, until: AbortSignal): Promise<null> => {
        await findForWriting(memory, until);
        return null;
      };
      await visitLoader(port, visit, 'nvs check', work, signal);
    },
    async writeIdentity(triple, signal) {
      mask.protect([triple.deviceSecret]);
      isChecked = false;
      const work = async (memory: FlashMemory, until: AbortSignal): Promise<null> => {
        const found = await findForWriting(memory, until);
        await changePartition(memory, found, nvs.namespace, changesFor(triple, nvs, region), until);
        return null;
      };
      await visitLoader(port, visit, 'nvs write', work, signal);
    },
    async eraseIdentity(signal) {
      const work = async (memory: FlashMemory, until: AbortSignal): Promise<null> => {
        const found = await find(memory, until);
        if (found !== null) await changePartition(memory, found, nvs.namespace, removalOf(nvs), until);
        return null;
      };
      await visitLoader(port, visit, 'nvs erase', work, signal);
    },
  };
}

/** The MAC and the name of the chip, and whether its loader keeps running. */
export async function identifyByFlash(
  port: DevicePort,
  visit: VisitOptions,
  signal: AbortSignal,
): Promise<UnitInfo & { readonly isLoaderLeft: boolean }> {
  const {
    chip,
    chipId,
    hasLines = true,
  } = await visitLoader<Identified>(
    port,
    { ...visit, useStub: false },
    'nvs identify',
    ({ chip, chipId, hasLines }) => Promise.resolve({ chip, chipId, ...(hasLines ? {} : { hasLines }) }),
    signal,
  );
  // Many units may have it, and would get one identity.
  if (isBlankChipId(chipId))
    throw new Fault('device-garbled', `the chip on ${port.path} has no address: its MAC is ${chipId}`, {
      hint: 'Try once more; when it stays so, sort the unit out: it cannot be told from others.',
      details: { port: port.path },
    });
  const id = { kind: 'mac', text: null } as const;
  return { chipId, model: chip, firmwareVersion: null, id, isLoaderLeft: !hasLines };
}

/** As a recording has it; older ones never have `hasLines`. */
type Identified = {
  readonly chip: string;
  readonly chipId: string;
  readonly hasLines?: boolean;
};
