import type { RunEvent } from '#station';

type Transfer = NonNullable<Extract<RunEvent, { kind: 'flash' }>['progress']>;

/** Pause between two reports of one stage of one image. A station reports ten a second, which is too much for a log. */
const REPORT_EVERY_MS = 1000;

/** Decides which progress of a transfer becomes an event: the first and the last of each stage and image, else one a second. */
export class TransferReports {
  readonly #nowMs: () => number;
  readonly #last = new Map<
    number,
    { readonly key: string; readonly atMs: number; readonly ended: boolean }
  >();

  /** @param nowMs monotonic */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** True when this progress is to be reported. `null`: the transfer of the slot has ended. */
  isDue(slot: number, progress: Transfer | null): progress is Transfer {
    if (progress === null) {
      this.#last.delete(slot);
      return false;
    }
    const { stage, image, doneBytes, totalBytes, percent = 0 } = progress;
    const key = `${stage} ${image ?? ''}`;
    const ended = percent >= 100 || (totalBytes > 0 && doneBytes >= totalBytes);
    const last = this.#last.get(slot);
    const atMs = this.#nowMs();
    const isSame = last?.key === key && last.ended === ended;
    if (isSame && (ended || atMs - last.atMs < REPORT_EVERY_MS)) return false;
    this.#last.set(slot, { key, atMs, ended });
    return true;
  }
}

/** A transfer as a person at a terminal reads it: `writing app.bin 62 % 790 kbit/s`. */
export function formatTransfer(transfer: Transfer): string {
  const { stage, image, doneBytes, totalBytes, kbitPerSecond, percent } = transfer;
  const ofBytes = totalBytes === 0 ? null : (100 * doneBytes) / totalBytes;
  const whole = percent ?? ofBytes;
  const share = whole === null ? null : `${Math.min(100, Math.floor(whole))} %`;
  const speed = kbitPerSecond === null ? null : `${Math.round(kbitPerSecond)} kbit/s`;
  return [stage, image, share, speed].filter((part) => part !== null).join(' ');
}
