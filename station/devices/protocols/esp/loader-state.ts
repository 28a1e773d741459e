import type { EspChip } from './chips.ts';
import type { EspLink } from './link.ts';

/** A loader that is ready: the flash is attached, and its size is known. */
export interface ReadyLoader {
  readonly link: EspLink;
  readonly chip: EspChip;
  readonly isStub: boolean;
  readonly flashBytes: number;
  /** Speed of the line now. */
  readonly baudRate: number;
  readonly trace: (line: string) => void;
}
