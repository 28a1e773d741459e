import { Fault } from '#shared/domain/fault.ts';
import { type IdentityName, normalizeChipId } from '#shared/domain/triple.ts';
import { type EspFile, readFlashRecord } from '#simulator';
import { auditIdentity, type RegistryClient, type Station } from '#station';
import type { SampleUnit } from '../sample-line/simulated-units.ts';
import { missingImages } from './chips.ts';

/** The units of one simulator. */
export interface ComparedUnits {
  readonly units: readonly SampleUnit[];
  readonly flashDir: string;
  /** Whether the units log in to the registry's broker. */
  readonly logIn: boolean;
  /** What the flash of each unit must hold; empty for units that are not flashed. */
  readonly images: readonly EspFile[];
}

export interface RecordComparison {
  readonly distinctIdentities: number;
  /** Number of units whose flash holds each image byte for byte. */
  readonly verifiedFlashes: number;
  /** One sentence per contradiction; empty when station, devices and registry agree. */
  readonly mismatches: readonly string[];
}

/**
 * Compares the records of the station, the flash of each device and the registry, unit by unit, and checks that every
 * triple is accounted for. The flash is read from the simulator's files, not through the station.
 */
export async function compareRecords(
  station: Station,
  registry: RegistryClient,
  all: readonly ComparedUnits[],
  signal: AbortSignal,
): Promise<RecordComparison> {
  const mismatches: string[] = [];
  const identities = station.identities();
  const names = new Set<string>();
  let verifiedFlashes = 0;
  const units = all.flatMap((group) => group.units.map((unit) => ({ ...group, unit })));
  for (const { unit, flashDir, logIn, images } of units) {
    const chipId = normalizeChipId(unit.mac) ?? '';
    const flash = readFlashRecord(flashDir, unit.mac);
    const storedIdentity = identities.find(
      (i) => i.chipId === chipId && (i.state === 'burned' || i.state === 'registered'),
    );
    const who = `unit ${unit.serialNumber} (${unit.mac})`;
    if (flash === null) mismatches.push(`${who}: it has no flash file`);
    // A unit without an identity has failed, perhaps before its flash was written.
    if (images.length > 0 && storedIdentity !== undefined) {
      const missing = missingImages(flashDir, unit.mac, images);
      if (missing.length === 0) verifiedFlashes += 1;
      else mismatches.push(`${who}: its flash does not hold ${missing.join(', ')} as packed`);
    }
    const [recorded, inFlash] = [nameOf(storedIdentity), nameOf(flash?.identity)];
    if (inFlash !== null) {
      if (names.has(inFlash)) mismatches.push(`${who}: its flash holds ${inFlash}, as another unit's does`);
      names.add(inFlash);
    }
    if (recorded !== inFlash) {
      mismatches.push(`${who}: the station says ${recorded ?? 'none'}, its flash ${inFlash ?? 'none'}`);
    } else if (
      storedIdentity !== undefined &&
      storedIdentity.secretSha256 !== flash?.identity?.secretSha256
    ) {
      mismatches.push(`${who}: its flash holds another secret than the station burned`);
    }
    if (storedIdentity === undefined) continue;
    const device = await registry.device(storedIdentity.productId, storedIdentity.deviceName, signal);
    if (device?.chipId !== chipId)
      mismatches.push(
        `${who}: the registry has ${storedIdentity.deviceName} on ${device?.chipId ?? 'no unit'}`,
      );
    else if (logIn && device.connection === 'never-seen')
      mismatches.push(`${who}: the registry never saw ${storedIdentity.deviceName} log in`);
    if (storedIdentity.state !== 'registered')
      mismatches.push(`${who}: ${storedIdentity.deviceName} is ${storedIdentity.state}, not registered`);
  }
  for (const identity of identities) {
    // A retired identity keeps its unit for the history.
    if (identity.state === 'retired') continue;
    const device = await registry.device(identity.productId, identity.deviceName, signal);
    const bound = identity.state === 'burned' || identity.state === 'registered';
    if (!bound && device?.chipId != null)
      mismatches.push(
        `the registry has ${identity.deviceName} on ${device.chipId}, the station says ${identity.state}`,
      );
  }
  const { violations, ...counts } = auditIdentity(station.database);
  mismatches.push(...violations);
  const total = Object.values(counts).reduce<number>((sum, n) => sum + (n ?? 0), 0);
  if (total === 0) throw new Fault('pool-empty', 'the station has no triples');
  return { distinctIdentities: names.size, verifiedFlashes, mismatches };
}

function nameOf(identity: IdentityName | null | undefined): string | null {
  return identity == null ? null : `${identity.productId}/${identity.deviceName}`;
}
