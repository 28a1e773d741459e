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
 * in `WINDOW_MS`. More lines in a window than `MOST_TOLD` are told as one number. So neither output nor disk grows with the
 * number of tries, and no number of strangers hides what a known device was refused.
 */
export interface RefusalLog {
  note(refusal: Refusal): void;
  /** Tells and writes what is only counted yet. */
  flush(): void;
  /** Flushes; nothing is kept after this. */
  close(): void;
}

const WINDOW_MS = 10_000;
/** The same thing again within this time is the same entry. */
const EPISODE_MS = 10 * 60_000;
const MOST_TOLD = { strangers: 100, devices: 400 };
const MOST_EPISODES = 1000;
/** Topics or methods of one client that are told apart; what else it tries for the same reason is one number. */
const MOST_DETAILS = 8;
const LONGEST_TEXT = 120;
/** Longer than what is shown, so that no secret is cut before it is known as one. */
const MOST_READ = 400;

/** What one client was refused for one reason, over some time. */
interface Episode {
  readonly row: RefusalRow;
  readonly id: number | null;
  /** What it has in common with the others of its client, act and reason. */
  readonly kind: string;
  more: number;
  lastAtMs: number;
}

export function createRefusalLog(
  store: Pick<Store, 'refusals'>,
  now: () => number,
  log: RegistryLog,
): RefusalLog {
  const episodes = new Map<string, Episode>();
  const detailsOf = new Map<string, number>();
  let told = { strangers: 0, devices: 0 };
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

  function tell({ deviceId, act, reason, clientId, address, detail }: RefusalRow, count: number): boolean {
    const who = deviceId === null ? 'strangers' : 'devices';
    if (told[who] >= MOST_TOLD[who]) {
      untold += count;
      return false;
    }
    told[who] += 1;
    log({
      level: 'warn',
      event: 'mqtt.refused',
      details: { act, reason, clientId, address, detail, count },
    });
    return true;
  }

  function begin(key: string, kind: string, row: RefusalRow): void {
    const [oldest] = episodes;
    if (episodes.size >= MOST_EPISODES && oldest !== undefined) {
      settle([oldest]);
      forget(oldest[0]);
    }
    episodes.set(key, {
      row,
      kind,
      id: kept(() => store.refusals.add(row)),
      more: 0,
      lastAtMs: row.lastAtMs,
    });
    detailsOf.set(kind, (detailsOf.get(kind) ?? 0) + 1);
  }

  function forget(key: string): void {
    const episode = episodes.get(key);
    if (episode === undefined) return;
    episodes.delete(key);
    const left = (detailsOf.get(episode.kind) ?? 1) - 1;
    if (left === 0) detailsOf.delete(episode.kind);
    else detailsOf.set(episode.kind, left);
  }

  /** True when it is counted on an entry that there is. */
  function goOn(key: string, atMs: number, more: number): boolean {
    const episode = episodes.get(key);
    if (episode === undefined) return false;
    if (Math.abs(atMs - episode.lastAtMs) >= EPISODE_MS) {
      settle([[key, episode]]);
      forget(key);
      return false;
    }
    episode.more += more;
    episode.lastAtMs = atMs;
    // The one that was quiet the longest is the first to go.
    episodes.delete(key);
    episodes.set(key, episode);
    return true;
  }

  /** Tells and writes what episodes have counted; forgets those that are over. */
  function settle(some: readonly (readonly [string, Episode])[]): void {
    const nowMs = now();
    const changes: Counted[] = [];
    for (const [key, episode] of some) {
      const { id, more, lastAtMs } = episode;
      if (more > 0) {
        if (key !== FLOOD) tell(episode.row, more);
        if (id !== null) changes.push({ id, more, lastAtMs });
        episode.more = 0;
      }
      if (Math.abs(nowMs - lastAtMs) >= EPISODE_MS) forget(key);
    }
    kept(() => store.refusals.count(changes));
  }

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const atMs = now();
    told = { strangers: 0, devices: 0 };
    if (unkept > 0 && !goOn(FLOOD, atMs, unkept))
      begin(FLOOD, FLOOD, { ...FLOOD_ROW, count: unkept, firstAtMs: atMs, lastAtMs: atMs });
    settle([...episodes]);
    if (untold > 0) log({ level: 'warn', event: 'mqtt.refusals-counted', details: { count: untold } });
    told = { strangers: 0, devices: 0 };
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
      const kind = JSON.stringify([act, reason, clientId, address]);
      const key = `${kind} ${detail}`;
      if (goOn(key, atMs, 1)) return;
      const isOneOfMany = (detailsOf.get(kind) ?? 0) >= MOST_DETAILS;
      const rest = `${kind} …`;
      if (isOneOfMany && goOn(rest, atMs, 1)) return;
      const at = { count: 1, firstAtMs: atMs, lastAtMs: atMs };
      const row = { clientId, deviceId, address, act, reason, detail: isOneOfMany ? '' : detail, ...at };
      if (tell(row, 1)) begin(isOneOfMany ? rest : key, kind, row);
      else unkept += 1;
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
