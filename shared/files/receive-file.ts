import { Fault } from '../domain/fault.ts';
import type { Transport } from '../rpc/index.ts';
import { type Upload, type ReceiverFrame, type SenderFrame, senderFrame } from './frames.ts';
import { createReceiveBuffer } from './receive-buffer.ts';

const IDLE_MS = 60_000;

/** Takes a file as it comes; `sizeBytes` is what was announced. What it rejects with is told to the sender. */
export type StoreUpload = (
  name: string,
  sizeBytes: number,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
) => Promise<Upload>;

/**
 * Receives one file over a wire that is there for it alone. The sender hangs up when it has heard how it ended; one
 * that goes away before, or sends what it may not, ends it: then `take`'s signal fires.
 *
 * @param onDefect told of everything but faults; returns the correlation id that the page is shown instead
 */
export function receiveUpload(
  wire: Transport,
  take: StoreUpload,
  onDefect: (error: unknown) => string,
  idleMs = IDLE_MS,
): void {
  const stop = new AbortController();
  const say = (frame: ReceiverFrame): void => wire.send(frame);
  const buffer = createReceiveBuffer((bytes) => say({ t: 'more', bytes }), idleMs, stop.signal);
  let offered = false;

  wire.onClose(() => stop.abort(new Fault('disconnected', 'the page went away')));
  wire.onMessage((message) => {
    const parsed = senderFrame.safeParse(message);
    if (!parsed.success || !accept(parsed.data)) wire.close();
  });

  /** False for what a sender that keeps to the rules does not say. */
  function accept(frame: SenderFrame): boolean {
    switch (frame.t) {
      case 'offer':
        if (offered) return false;
        offered = true;
        void run(frame.name, frame.sizeBytes);
        return true;
      case 'bytes':
        return buffer.push(frame.bytes);
      case 'end':
        buffer.end();
        return offered;
    }
  }

  async function run(name: string, sizeBytes: number): Promise<void> {
    try {
      say({ t: 'taken', file: await take(name, sizeBytes, buffer.source, stop.signal) });
    } catch (error) {
      const { code, message, hint } =
        error instanceof Fault
          ? error
          : new Fault('internal', `something in Gongwei itself went wrong (${onDefect(error)})`);
      say({ t: 'fault', code, message, hint });
    }
  }
}
