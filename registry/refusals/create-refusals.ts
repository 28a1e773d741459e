import { maskSecret } from '#shared/codec/mask.ts';
import type { RefusalReason, RefusedAct } from '#shared/domain/refusal.ts';
import type { RegistryLog } from '../log.ts';
import type { Counted, RefusalRow, Store } from '../store/index.ts';

/** One thing that was refused. Never a secret in any of it. */
export interface Refusal {
  readonly clientId: string;
  readonly deviceId: number | null;
  readonly address: string;
  readonly act: RefusedAct;
  readonly reason: RefusalReason;
  /** A topic, a method, a protocol version. */
  readonly detail?: string;
}

/**
 * Tells and keeps what is refused. The first of a kind is told at once; what repeats is counted, and told and written once
 * in `WINDOW_MS`. More than `MOST_TOLD` lines in a window are told as one number. So neither output nor disk grows with the
 * number of tries.
 */
export interface Refusals {
  note(refusal: Refusal): void;
  /** Tells and writes what is only counted yet. */
  flush(): void;
  /** Flushes; nothing is kept after this. */
  close(): void;
}

const WINDOW_MS = 10_000;
/** The same thing again within this time is the same entry. */
const EPISODE_MS = 10 * 60_000;
const MOST_TOLD = 20;
const MOST_EPISODES = 1000;
const LONGEST_TEXT = 120;
/** Longer than what is shown, so that no secret is cut before it is known as one. */
const MOST_READ = 400;

/** What one client was refused for one reason, over some time. */
interface Episode {
  readonly row: RefusalRow;
  readonly id: number | null;
  more: number;
  lastAtMs: number;
  detail: string;
}

export function createRefusals(
  store: Pick<Store, 'refusals'>,
  now: () => number,
  log: RegistryLog,
): Refusals {
  const episodes = new Map<string, Episode>();
  let told = 0;
  let untold = 0;
  /** Of those, what is in no entry. */
  let unkept = 0;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  /** A failing disk must not keep anybody from being refused. */
  function kept<T>(write: () => T): T | null {
    try {
      return write();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      log({ level: 'error', event: 'mqtt.refusal-not-kept', details: { cause } });
      return null;
    }
  }

  function tell({ act, reason, clientId, address, detail }: RefusalRow, count: number): void {
    if (told >= MOST_TOLD) {
      untold += count;
      return;
    }
    told += 1;
    log({
      level: 'warn',
      event: 'mqtt.refused',
      details: { act, reason, clientId, address, detail, count },
    });
  }

  function begin(key: string, row: RefusalRow): void {
    const [oldest] = episodes;
    if (episodes.size >= MOST_EPISODES && oldest !== undefined) {
      settle([oldest]);
      episodes.delete(oldest[0]);
    }
    const { lastAtMs, detail } = row;
    episodes.set(key, { row, id: kept(() => store.refusals.add(row)), more: 0, lastAtMs, detail });
  }

  /** True when it is counted on an entry that there is. */
  function goOn(key: string, atMs: number, detail: string, more: number): boolean {
    const episode = episodes.get(key);
    if (episode === undefined) return false;
    if (Math.abs(atMs - episode.lastAtMs) >= EPISODE_MS) {
      settle([[key, episode]]);
      episodes.delete(key);
      return false;
    }
    episode.more += more;
    episode.lastAtMs = atMs;
    episode.detail = detail;
    return true;
  }

  /** Tells and writes what episodes have counted; forgets those that are over. */
  function settle(some: readonly (readonly [string, Episode])[]): void {
    const nowMs = now();
    const changes: Counted[] = [];
    for (const [key, episode] of some) {
      const { id, more, lastAtMs, detail } = episode;
      if (more > 0) {
        if (key !== FLOOD) tell({ ...episode.row, detail }, more);
        if (id !== null) changes.push({ id, more, lastAtMs, detail });
        episode.more = 0;
      }
      if (Math.abs(nowMs - lastAtMs) >= EPISODE_MS) episodes.delete(key);
    }
    kept(() => store.refusals.count(changes));
  }

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const atMs = now();
    told = 0;
    if (unkept > 0 && !goOn(FLOOD, atMs, '', unkept))
      begin(FLOOD, { ...FLOOD_ROW, count: unkept, firstAtMs: atMs, lastAtMs: atMs });
    settle([...episodes]);
    if (untold > 0) log({ level: 'warn', event: 'mqtt.refusals-counted', details: { count: untold } });
    told = 0;
    untold = 0;
    unkept = 0;
  }

  return {
    note(refusal) {
      if (isClosed) return;
      timer ??= setTimeout(flush, WINDOW_MS).unref();
      const atMs = now();
      const { deviceId, act, reason } = refusal;
      // What the registry knows as the name of a device is no secret, also when it looks like one.
      const known = deviceId === null ? '' : refusal.clientId;
      const [clientId, address] = [shown(refusal.clientId, known), shown(refusal.address)];
      const detail = shown(refusal.detail ?? '', known);
      const key = JSON.stringify([act, reason, clientId, address]);
      if (goOn(key, atMs, detail, 1)) return;
      const isFlood = told >= MOST_TOLD;
      const at = { count: 1, firstAtMs: atMs, lastAtMs: atMs };
      const row = { clientId, deviceId, address, act, reason, detail, ...at };
      tell(row, 1);
      if (isFlood) unkept += 1;
      else begin(key, row);
    },
    flush,
    close() {
      if (!isClosed) flush();
      isClosed = true;
    },
  };
}

const FLOOD = 'flood';
const FLOOD_ROW = {
  clientId: '',
  deviceId: null,
  address: '',
  act: 'connection',
  reason: 'flood',
  detail: '',
} as const;

/** Base64 with its padding, with the levels before it in a topic, because it may have slashes; 32 hex digits. */
const MAY_BE_SECRET =
  /[A-Za-z0-9+/_-]{4,}={1,2}|(?<![0-9A-Fa-f])[0-9A-Fa-f]{32}|[0-9A-Fa-f]{32}(?![0-9A-Fa-f])/g;

/**
 * What a stranger sent, fit for a line: printable ASCII, and without what may be a secret, as a device sends it whose
 * triple was written in the wrong order.
 */
function shown(text: string, known = ''): string {
  return text
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, MOST_READ)
    .replace(MAY_BE_SECRET, (piece) => (known.includes(piece) ? piece : maskSecret(piece)))
    .slice(0, LONGEST_TEXT);
}
