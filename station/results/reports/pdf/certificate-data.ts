import { encodeDeviceQr } from '#shared/codec/qr/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { OUTCOMES } from '#shared/domain/outcome.ts';
import { normalizeChipId } from '#shared/domain/triple.ts';
import type { BirthCertificate } from '#shared/signed/index.ts';
import type { RecipeNames } from '#shared/words/index.ts';
import type { RunFiles } from './pictures/index.ts';
import type { CertificateData } from './report-data.ts';

/** A signed certificate with its file. */
export interface SignedCertificate {
  readonly document: BirthCertificate;
  readonly file: Uint8Array;
  /** Fingerprint of the key. */
  readonly keyId: string;
}

/**
 * What the PDF of a signed certificate prints: what was signed, in words, and the pictures of the run.
 *
 * @param titles of the recipe's phases and steps
 * @param files of the run, which the digest of its record covers
 */
export function certificateData(
  { document, file, keyId }: SignedCertificate,
  titles: RecipeNames,
  files: RunFiles | null,
): CertificateData {
  const { unit, identity, firmware, recipe, run, proof } = document;
  return {
    serialNumber: unit.serialNumber,
    unitId: { kind: unit.idKind ?? 'chip-id', text: unit.id },
    ...identity,
    outcome: run.outcome,
    unproven: proof.unproven,
    proof: { readBack: proof.readBack ?? 'none', online: proof.online },
    batchName: document.batch.name,
    recipe,
    firmware: firmware === null ? null : { ...firmware, name: null },
    reportedFirmware: document.reportedFirmware,
    station: run.station,
    slot: run.slot,
    operator: run.operator,
    appVersion: run.appVersion,
    runId: run.id,
    startedAtMs: Date.parse(run.startedAt),
    finishedAtMs: Date.parse(run.finishedAt),
    titles,
    measured: document.measured,
    measurements: document.measurements.map(({ outcome, ...measured }) => ({
      ...measured,
      outcome: OUTCOMES.find((known) => known === outcome) ?? 'ERROR',
    })),
    files,
    deviceCode: deviceCodeOf(document),
    signature: {
      station: document.station,
      by: document.signedBy,
      atMs: Date.parse(document.signedAt),
      keySha256: keyId,
      digest: run.recordSha256,
      file,
    },
  };
}

/** The same as on the label; `null` for a serial number that no code takes. */
function deviceCodeOf({ unit, identity }: BirthCertificate): string | null {
  const chipId = unit.idKind === 'serial-number' ? null : normalizeChipId(unit.id);
  try {
    return encodeDeviceQr({
      productId: identity.productId,
      deviceName: identity.deviceName,
      ...(unit.serialNumber === null ? {} : { serialNumber: unit.serialNumber }),
      ...(chipId === null ? {} : { chipId }),
    });
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}
