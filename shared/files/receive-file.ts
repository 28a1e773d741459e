import { Fault } from '../domain/fault.ts';
import type { Transport } from '../rpc/index.ts';
import { type Upload, type ReceiverFrame, type SenderFrame, senderFrame } from './frames.ts';
import { createReceiveBuffer } from './receive-buffer.ts';

const IDLE_MS = 60_000;

/** Stores a file while it arrives; `sizeBytes` is the announced size. The sender receives the fault that it rejects with. */
export type StoreUpload = (
  name: string,
  sizeBytes: number,
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
) => Promise<Upload>;

/**
 * Receives one file over a connection of its own. The sender closes the connection after the last frame. When it closes
 * earlier or violates the protocol, the signal of `store` fires.
 *
 * @param onDefect called for each error that is no fault; returns the correlation id that the page gets instead
 */
export function receiveUpload(
  transport: Transport,
  store: StoreUpload,
  onDefect: (error: unknown) => string,
  idleMs = IDLE_MS,
): void {
  const stop = new AbortController();
  const send = (frame: ReceiverFrame): void => transport.send(frame);
  const buffer = createReceiveBuffer((bytes) => send({ t: 'more', bytes }), idleMs, stop.signal);
  let offered = false;

  transport.onClose(() => stop.abort(new Fault('disconnected', 'the page went away')));
  transport.onMessage((message) => {
    const parsed = senderFrame.safeParse(message);
    if (!parsed.success || !accept(parsed.data)) transport.close();
  });

  /** Returns false for a frame that violates the protocol. */
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
      send({ t: 'taken', file: await store(name, sizeBytes, buffer.source, stop.signal) });
    } catch (error) {
      const { code, message, hint } =
        error instanceof Fault
          ? error
          : new Fault('internal', `something in Gongwei itself went wrong (${onDefect(error)})`);
      send({ t: 'fault', code, message, hint });
    }
  }
}
