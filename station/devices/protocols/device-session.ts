import type { TextEncodingName } from '#shared/codec/text-encoding.ts';
import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import type { UnitIdKind } from '#shared/domain/unit-id.ts';
import type { Triple } from '#shared/domain/triple.ts';
import type { ByteLink, Clock } from '../../core/platform/index.ts';

/** What a unit says it is. */
export interface UnitInfo {
  /**
   * MAC or chip id, normalised: upper case hex without separators. The serial number of a terminal stands here by its
   * bytes, and then never has the 12 digits of a MAC.
   */
  readonly chipId: string;
  readonly model: string | null;
  readonly firmwareVersion: string | null;
  /** What kind of identifier that is, and how the unit said it; a MAC or a chip id by its length when left out. */
  readonly id?: { readonly kind: UnitIdKind; readonly text: string | null } | undefined;
}

/** How much of a secret the station sees when it reads an identity back: all of it, eight bits, nothing. */
export type ReadBackStrength = 'full' | 'bcc8' | 'none';

/**
 * A conversation with the unit on a slot. Every method ends by its own timeout or by the signal, whichever is
 * first; faults are of the classes `unit` (device-silent, device-unreadable, device-rejected, device-garbled, not-online) or
 * `port-lost`.
 */
export interface DeviceSession {
  readonly readBack: ReadBackStrength;
  identify(signal: AbortSignal): Promise<UnitInfo>;
  /** Asks the device which identity it holds; `expected` is compared as far as the protocol can see. */
  readIdentity(expected: Triple | null, signal: AbortSignal): Promise<IdentityReading>;
  /** Faults with `bad-input` when this device could never take such a triple (lengths, alphabet). Sends nothing. */
  checkWritable(triple: Triple): void;
  /** Brings the device into a state in which it takes an identity. Sends nothing of the identity. */
  prepareWrite(signal: AbortSignal): Promise<void>;
  /** Writes. A fault says nothing about what the device holds: only reading back does. */
  writeIdentity(triple: Triple, signal: AbortSignal): Promise<void>;
  /** Makes the device forget its identity; it may restart. Reading back says whether it did. */
  eraseIdentity(signal: AbortSignal): Promise<void>;
  /** The device logs in to the cloud with what it holds. Faults: `not-online`. */
  goOnline(signal: AbortSignal): Promise<void>;
  goOffline(signal: AbortSignal): Promise<void>;
  /** One line of the device's own command language; the lines it answered. For recipes. */
  command(line: string, options: { readonly timeoutMs: number }, signal: AbortSignal): Promise<string[]>;
}

export interface SessionOptions {
  readonly clock: Clock;
  readonly commandTimeoutMs: number;
  readonly region: string | null;
  /** How the unit writes its text; UTF-8 when left out. */
  readonly encoding?: TextEncodingName;
  /** Told of a secret before it is sent, so that recordings mask it in every form it is sent in. */
  readonly protect: (forms: readonly string[]) => void;
}

export type OpenSession = (link: ByteLink, options: SessionOptions) => DeviceSession;
