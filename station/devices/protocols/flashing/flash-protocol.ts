import type { FlashChip, FlashProof, FlashStage } from '#shared/domain/flash.ts';
import type { Clock, DevicePort } from '../../../core/platform/index.ts';

/** Bytes for the flash of a unit. */
export interface FlashImage {
  /** The name of its file, for people. */
  readonly name: string;
  /** Where it begins in the flash, bytes; 0 where the protocol has no addresses. */
  readonly offset: number;
  readonly bytes: Uint8Array;
}

export interface FlashJob {
  readonly chip: FlashChip;
  /** In the order in which they are written; each has its own sectors, see `requireSeparate`. */
  readonly images: readonly FlashImage[];
  /** A program of the vendor that some chips run from their RAM while they are flashed; null when the step names none. */
  readonly updater: Omit<FlashImage, 'offset'> | null;
  /** Highest speed of the transfer, bits per second; a protocol falls back to lower ones after errors. */
  readonly baudRate: number;
  /** Speed of the port before the job; the protocol sets it again at the end, however the job ends. */
  readonly portBaudRate: number;
  /** `auto`: the quickest proof of the protocol. `read-back`: every byte is read back too, where the protocol can read. */
  readonly verify: 'auto' | 'read-back';
  /** True: the loader is used again, so that a port that cannot start it leaves it running. Default false. */
  readonly keepLoader?: boolean;
  /**
   * The unit that the job is for, as a protocol that tells a chip id tells it; no other unit is written. Any unit when left out or
   * null.
   */
  readonly chipId?: string | null | undefined;
  /** Called with the chip id, where the protocol tells one, before the unit starts its application; not in a replay. */
  readonly onChip?: ((chipId: string) => Promise<void>) | undefined;
  /** Real time. */
  readonly clock: Clock;
  /** Gets lines about the protocol for the recording, without image bytes and without secrets. */
  readonly trace: (line: string) => void;
}

export interface FlashProgress {
  readonly stage: FlashStage;
  /** The name of the image; null where the stage concerns all. */
  readonly image: string | null;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Image bytes per time since the writing began, times 8; null before. */
  readonly kbitPerSecond: number | null;
  /** With the stage `running` only: what the program says of its progress, 0 … 100. The bytes are not known then, and are 0. */
  readonly percent?: number;
}

/** What an application says of itself. */
export interface FlashedApp {
  readonly project: string;
  readonly version: string;
  /** SHA-256 of the program that the image was made of, lower-case hex; `null` when the image does not say it. */
  readonly elfSha256: string | null;
}

export interface FlashedImage {
  readonly name: string;
  readonly offset: number;
  readonly bytes: number;
  /** SHA-256 of the image, lower-case hex. */
  readonly sha256: string;
  /** True: the flash held exactly these bytes before, and nothing was written. */
  readonly skipped: boolean;
  /** How it was proven that the flash holds the image. */
  readonly verifiedBy: FlashProof;
  /** MD5 of the same region before the writing, lower-case hex; null when it was not asked. */
  readonly md5Before: string | null;
  /** The application that the region held before, where the protocol can read it; absent or null when there was none. */
  readonly appBefore?: FlashedApp | null;
  readonly ms: number;
  /** Null when nothing was written. */
  readonly kbitPerSecond: number | null;
}

export interface FlashResult {
  /** The chip as it named itself: `ESP32-C3`. */
  readonly chip: string;
  /** MAC or chip id in upper-case hex; null when the protocol does not tell it. */
  readonly chipId: string | null;
  /** Speed of the transfer that succeeded. */
  readonly baudRate: number;
  readonly images: readonly FlashedImage[];
}

/** A protocol that writes the flash of a unit over a port that has no other user. */
export interface FlashProtocol {
  /**
   * Writes all images and proves each of them; the unit starts its application afterwards where the protocol can do that. The
   * signal ends it within a second, and leaves the port with its speed and without listener. Faults: `bad-input` for images
   * that the chip does not take and for images that share a sector, `identity-conflict` for another unit than the one that the
   * job is for or began with, `device-silent`, `device-rejected`, `device-garbled`, `device-locked`,
   * `flash-mismatch`, `timeout`, `port-lost`, the signal's reason.
   */
  flash(
    port: DevicePort,
    job: FlashJob,
    onProgress: (progress: FlashProgress) => void,
    signal: AbortSignal,
  ): Promise<FlashResult>;
}

/** The flash of a unit whose loader is running. All offsets and lengths are bytes. Faults: those of `FlashProtocol`. */
export interface FlashMemory {
  readonly chip: string;
  /** MAC in upper-case hex. */
  readonly chipId: string;
  readonly flashBytes: number;
  /** False: the port cannot start the loader again. */
  readonly hasLines: boolean;
  read(offset: number, length: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Erases what it writes, writes, and proves it. */
  write(
    image: FlashImage,
    onProgress: (progress: FlashProgress) => void,
    signal: AbortSignal,
  ): Promise<FlashedImage>;
  /** MD5 of a region, lower-case hex. */
  md5(offset: number, length: number, signal: AbortSignal): Promise<string>;
  /** Erases whole sectors; faults `bad-input` where offset and length are not multiples of a sector. */
  erase(offset: number, length: number, signal: AbortSignal): Promise<void>;
}
