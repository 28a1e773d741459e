import {
  FLASHED_CHIP,
  FLASH_EVIDENCE,
  FLASH_PROOFS,
  type FlashedFact,
  type FlashEvidence,
  type FlashProof,
  parseFlashedName,
} from './flash.ts';

/** What a step has flashed, as the measurements of its run say it. A value that a run does not have is `null`. */
export interface FlashRecord {
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly chip: string | null;
  /** Bits per second; `wantedBaudRate` is `null` when the transfer had the speed that the recipe asks for. */
  readonly baudRate: number | null;
  readonly wantedBaudRate: number | null;
  /** Of all images together. */
  readonly kbitPerSecond: number | null;
  readonly writtenBytes: number | null;
  /** How far the protocol is verified. */
  readonly evidence: readonly FlashEvidence[];
  readonly images: readonly FlashImageRecord[];
}

export interface FlashImageRecord {
  readonly name: string;
  /** Lower-case hex. */
  readonly sha256: string | null;
  readonly verifiedBy: FlashProof | null;
  /** True: the flash held the image already, and it was not written again. */
  readonly skipped: boolean;
  readonly bytes: number | null;
  readonly offset: number | null;
  readonly kbitPerSecond: number | null;
  readonly before: string | null;
}

interface Measured {
  readonly phase: string;
  readonly step: string;
  readonly attempt: number;
  readonly name: string;
  readonly value: string | number | boolean;
}

/** Size, place and speed of an image in one text: `262144 bytes at 0x10000, 812 kbit/s`. */
export function formatFlashTransfer(image: {
  readonly bytes: number;
  readonly offset: number;
  readonly kbitPerSecond: number | null;
}): string {
  const { bytes, offset, kbitPerSecond } = image;
  const speed = kbitPerSecond === null ? '' : `, ${Math.round(kbitPerSecond)} kbit/s`;
  return `${bytes} bytes at 0x${offset.toString(16)}${speed}`;
}

const TRANSFER = /^(\d+) bytes at 0x([0-9a-f]+)(?:, (\d+) kbit\/s)?$/;

/** True for a measurement that belongs to a `FlashRecord`. */
export function isFlashFact(name: string): boolean {
  return Object.hasOwn(WHOLE, name) || parseFlashedName(name) !== null;
}

/** What the flash steps of a run have flashed, in their order; empty for a run that flashed nothing. */
export function flashRecords(measurements: readonly Measured[]): FlashRecord[] {
  const places = Map.groupBy(
    measurements.filter(({ name }) => isFlashFact(name)),
    ({ phase, step, attempt }) => JSON.stringify([phase, step, attempt]),
  );
  return [...places.values()].flatMap((measured): FlashRecord[] => {
    const [first] = measured;
    if (first === undefined) return [];
    const { phase, step, attempt } = first;
    const whole: Writable<Whole> = { ...NOTHING };
    for (const { name, value } of measured) if (isWhole(name)) WHOLE[name](whole, value);
    return [{ phase, step, attempt, ...whole, images: imagesOf(measured) }];
  });
}

type Whole = Pick<
  FlashRecord,
  'chip' | 'baudRate' | 'wantedBaudRate' | 'kbitPerSecond' | 'writtenBytes' | 'evidence'
>;
type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Put = (record: Writable<Whole>, value: Measured['value']) => void;

const NOTHING: Whole = {
  chip: null,
  baudRate: null,
  wantedBaudRate: null,
  kbitPerSecond: null,
  writtenBytes: null,
  evidence: [],
};
/** The measurements about all images together. The chip id is that of the run. */
const WHOLE = {
  'flash-chip': (record, value) => void (record.chip = String(value)),
  [FLASHED_CHIP]: () => undefined,
  'flash-baud-rate': (record, value) => void (record.baudRate = Number(value)),
  'flash-wanted-baud-rate': (record, value) => void (record.wantedBaudRate = Number(value)),
  'flash-speed': (record, value) => void (record.kbitPerSecond = Number(value)),
  'flash-written': (record, value) => void (record.writtenBytes = Number(value)),
  'flash-protocol-verified-by': (record, value) => {
    const named = String(value).split(', ');
    record.evidence = FLASH_EVIDENCE.filter((one) => named.includes(one));
  },
} as const satisfies Record<string, Put>;

function isWhole(name: string): name is keyof typeof WHOLE {
  return Object.hasOwn(WHOLE, name);
}

function imagesOf(measured: readonly Measured[]): FlashImageRecord[] {
  const facts = new Map<string, Partial<Record<FlashedFact, string>>>();
  for (const { name, value } of measured) {
    const parsed = parseFlashedName(name);
    if (parsed !== null)
      facts.set(parsed.image, { ...facts.get(parsed.image), [parsed.fact]: String(value) });
  }
  return [...facts].map(([name, { sha256 = null, proof = '', transfer = '', before = null }]) => {
    const [verifiedBy, ...more] = proof.split(', ');
    const [, bytes, offset, speed] = TRANSFER.exec(transfer) ?? [];
    return {
      name,
      sha256,
      verifiedBy: FLASH_PROOFS.find((one) => one === verifiedBy) ?? null,
      skipped: more.length > 0,
      bytes: bytes === undefined ? null : Number(bytes),
      offset: offset === undefined ? null : Number.parseInt(offset, 16),
      kbitPerSecond: speed === undefined ? null : Number(speed),
      before,
    };
  });
}
