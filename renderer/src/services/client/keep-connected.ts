import type { StationClient } from './station-client.ts';
import type { Dial } from './dial.ts';

const FIRST_WAIT_MS = 200;
/** A station that restarts is reachable within minutes; during this time the page dials each second. */
const SHORT_OUTAGE_MS = 600_000;
const MAX_SHORT_WAIT_MS = 1_000;
const MAX_WAIT_MS = 5_000;
/** After a connection of this length the next loss starts again with short waits. */
const STABLE_MS = 5_000;

export interface KeepConnectedOptions {
  readonly client: StationClient;
  readonly dial: Dial;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  /** Waits; ends early when the signal fires or when a new attempt is likely to succeed. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** 0 … 1; spreads the attempts of many pages. */
  readonly random: () => number;
}

/**
 * Dials, attaches the transport and waits until it is lost, repeatedly, until the signal fires. Watched topics resume.
 */
export async function keepConnected(options: KeepConnectedOptions): Promise<void> {
  const { client, dial, signal, nowMs, wait, random } = options;
  let failures = 0;
  let aloneSinceMs = nowMs();
  while (!signal.aborted) {
    const startedAtMs = nowMs();
    try {
      const transport = await dial(signal);
      const lost = untilLost(client, signal);
      client.attach(transport);
      // The connection may be closed already, before a listener was called.
      if (client.attached) await lost;
      if (nowMs() - startedAtMs >= STABLE_MS) {
        failures = 0;
        aloneSinceMs = nowMs();
      }
    } catch {
      // A failed attempt is not reported: the page shows that it is not connected.
    }
    if (signal.aborted) return;
    const isShort = nowMs() - aloneSinceMs < SHORT_OUTAGE_MS;
    const maxMs = isShort ? MAX_SHORT_WAIT_MS : MAX_WAIT_MS;
    const ceilingMs = Math.min(maxMs, FIRST_WAIT_MS * 2 ** failures);
    failures += 1;
    await wait(ceilingMs * (0.75 + 0.25 * random()), signal);
  }
}

function untilLost(client: StationClient, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      stop();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const stop = client.onAttached(() => {
      if (!client.attached) done();
    });
    signal.addEventListener('abort', done, { once: true });
  });
}
