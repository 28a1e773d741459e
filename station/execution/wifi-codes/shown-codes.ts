import type { SlotView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Platform } from '../../core/platform/index.ts';

/** A Wi-Fi code that a run shows to its unit. Secret: it contains the password of the network and the token. */
export interface WifiCode {
  readonly ssid: string;
  /** The text of the code. */
  readonly payload: string;
  /** How long it is shown at most, in milliseconds. */
  readonly withinMs: number;
}

/** What the state of a slot says of its code: nothing that is secret. */
export type CodeAtSlot = NonNullable<NonNullable<SlotView['run']>['code']>;

/** Called with the code that a slot shows now, without its content; `null` when it shows none any more. */
export type CodeWatcher = (slot: number, code: CodeAtSlot | null) => void;

/**
 * The Wi-Fi codes that are shown at the slots now. They are in memory alone, and a page gets one by a call of its own while it is
 * shown, so that no state, log or record contains it.
 */
export class ShownCodes {
  readonly #platform: Pick<Platform, 'clock' | 'random'>;
  readonly #onChange: (slot: number) => void;
  readonly #watchers = new Set<CodeWatcher>();
  readonly #codes = new Map<number, CodeAtSlot & Pick<WifiCode, 'ssid' | 'payload'>>();

  /** @param onChange called with the slot whose code has changed */
  constructor(platform: Pick<Platform, 'clock' | 'random'>, onChange: (slot: number) => void) {
    this.#platform = platform;
    this.#onChange = onChange;
  }

  /** Shows a code at a slot until it is disposed of. */
  show(slot: number, { ssid, payload, withinMs }: WifiCode): Disposable {
    const shownAtMs = this.#platform.clock.nowMs();
    const code = {
      codeId: this.#platform.random.id(),
      shownAtMs,
      endsAtMs: shownAtMs + withinMs,
      ssid,
      payload,
    };
    this.#codes.set(slot, code);
    this.#changed(slot);
    return {
      [Symbol.dispose]: () => {
        if (this.#codes.get(slot) !== code) return;
        this.#codes.delete(slot);
        this.#changed(slot);
      },
    };
  }

  /** Calls `watcher` for each code that is shown or taken away; returns the function that ends this. */
  watch(watcher: CodeWatcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  /** The code of a slot without its content; `null` when none is shown. */
  at(slot: number): CodeAtSlot | null {
    const code = this.#codes.get(slot);
    if (code === undefined) return null;
    const { codeId, shownAtMs, endsAtMs } = code;
    return { codeId, shownAtMs, endsAtMs };
  }

  /** Faults: `not-found` when this code is shown no more. */
  read(slot: number, codeId: string): Pick<WifiCode, 'ssid' | 'payload'> {
    const code = this.#codes.get(slot);
    if (code?.codeId === codeId) return { ssid: code.ssid, payload: code.payload };
    throw new Fault('not-found', `slot ${slot} does not show this code any more`, {
      hint: 'Look at the slot: its unit was provisioned, or the time is over.',
    });
  }

  #changed(slot: number): void {
    this.#onChange(slot);
    for (const watcher of this.#watchers) watcher(slot, this.at(slot));
  }
}
