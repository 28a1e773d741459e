/** Chips whose flash a recipe can write, as a step names them; `auto` is any chip of the ESP32 family. */
export const FLASH_CHIPS = [
  'auto',
  'esp32',
  'esp32s2',
  'esp32s3',
  'esp32c2',
  'esp32c3',
  'esp32c6',
  'esp32h2',
  'su-03t',
  'ci130x',
  'bl602',
] as const;
export type FlashChip = (typeof FLASH_CHIPS)[number];

/**
 * What the writing of a flash does at a time, in this order; a protocol may leave some out. `running`: a program of another
 * vendor does all of it. `downloading`, `restarting`: the unit installs an update from the network by itself.
 */
export const FLASH_STAGES = [
  'connecting',
  'reading',
  'erasing',
  'writing',
  'verifying',
  'running',
  'downloading',
  'restarting',
] as const;
export type FlashStage = (typeof FLASH_STAGES)[number];

/** Largest flash that is written: offsets have 24 bits. */
export const FLASH_MAX_BYTES = 16 * 1024 * 1024;

/** True for the chips of the ESP32 family, whose flash has addresses and is erased in sectors of 4096 bytes. */
export function isEspressif(chip: FlashChip): boolean {
  return chip === 'auto' || chip.startsWith('esp32');
}

/** How far the protocol of a chip is verified: against an independent program, a simulated chip, or a real one. */
export const FLASH_EVIDENCE = ['foreign-program', 'emulator', 'hardware'] as const;
export type FlashEvidence = (typeof FLASH_EVIDENCE)[number];

/** How it was proven that the flash holds an image. `acknowledged`: the unit acknowledged the transfer, no more. */
export const FLASH_PROOFS = ['read-back', 'md5', 'sha256', 'crc', 'acknowledged'] as const;
export type FlashProof = (typeof FLASH_PROOFS)[number];

const EVIDENCE: Readonly<Record<'su-03t' | 'ci130x' | 'bl602' | 'espressif', readonly FlashEvidence[]>> = {
  'su-03t': ['foreign-program', 'emulator'],
  ci130x: ['emulator'],
  bl602: ['emulator'],
  espressif: ['emulator'],
};

export function flashEvidenceOf(chip: FlashChip): readonly FlashEvidence[] {
  return EVIDENCE[chip === 'su-03t' || chip === 'ci130x' || chip === 'bl602' ? chip : 'espressif'];
}

/** True for chips that run a program of their vendor from their RAM while they are flashed, which the recipe brings. */
export function needsUpdater(chip: FlashChip): boolean {
  return chip === 'ci130x' || chip === 'bl602';
}

/** True for chips that take one file, which holds its own addresses. */
export function takesOneFile(chip: FlashChip): boolean {
  return chip === 'su-03t' || chip === 'ci130x';
}

/** What a run records of each image that it has flashed, as measurements whose names end with that of the image. */
/** Name of the measurement that has the chip id of a flashed unit. */
export const FLASHED_CHIP = 'flash-chip-id';

const FLASHED_FACTS = ['sha256', 'proof', 'transfer', 'before'] as const;
export type FlashedFact = (typeof FLASHED_FACTS)[number];

/** Name of the measurement. */
export function flashedName(fact: FlashedFact, image: string): string {
  return `flash-${fact}:${image}`;
}

/** The fact and the image of a measurement; `null` for another one. */
export function parseFlashedName(
  name: string,
): { readonly fact: FlashedFact; readonly image: string } | null {
  const colon = name.indexOf(':');
  const fact = FLASHED_FACTS.find((one) => name.slice(0, colon) === `flash-${one}`);
  return fact === undefined ? null : { fact, image: name.slice(colon + 1) };
}

/** What an image has replaced, in one English text; `null` when it was not written, or what was there is not known. */
export function describeFlashed(image: {
  readonly skipped: boolean;
  readonly md5Before: string | null;
  readonly appBefore?: {
    readonly project: string;
    readonly version: string;
    readonly elfSha256: string | null;
  } | null;
}): string | null {
  const { skipped, md5Before, appBefore = null } = image;
  if (skipped) return null;
  if (appBefore === null) return md5Before === null ? null : `MD5 ${md5Before}`;
  const { project, version, elfSha256 } = appBefore;
  const digest = elfSha256 === null ? md5Before : elfSha256;
  const kind = elfSha256 === null ? 'MD5' : 'SHA-256 of its program';
  return digest === null ? `${project} ${version}` : `${project} ${version}, ${kind} ${digest}`;
}
