import { maskSecret } from '#shared/codec/mask.ts';
import type { RefusalReason, RefusedAct } from '#shared/domain/mqtt-refusal.ts';
import type { RegistryLog } from '../log.ts';
import type { Counted, RefusalRow, Store } from '../store/index.ts';

/** A refused login, packet or connection. It contains no secret. */
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
 * Logs and stores refusals. The first of a kind is logged at once; repetitions are counted, and logged and stored once in
 * `WINDOW_MS`. Beyond `MAX_LOGGED` entries in a window only their number is logged. Log and database do not grow with the
 * number of attempts, and unknown clients cannot hide the refusals of a known device.
 */
export interface RefusalLog {
  record(refusal: Refusal): void;
  /** Logs and stores the counts. */
  flush(): void;
  /** Flushes; records nothing afterwards. */
  close(): void;
}

const WINDOW_MS = 10_000;
/** A repetition within this time belongs to the same entry. */
const EPISODE_MS = 10 * 60_000;
const MAX_LOGGED = { unknown: 100, devices: 400 };
const MAX_EPISODES = 1000;
/** Different details of one client and reason; further ones are counted together. */
const MAX_DETAILS = 8;
const MAX_TEXT = 120;
/** Longer than the stored text, so that a secret is masked before it is cut. */
const MAX_INPUT = 400;

/** Repeated refusals of one client for one reason. */
interface Episode {
  readonly row: RefusalRow;
  readonly id: number | null;
  /** Key of client, act and reason. */
  readonly kind: string;
  /** Count since the last write. */
  unwritten: number;
  lastAtMs: number;
}

export function createRefusalLog(
  store: Pick<Store, 'refusals'>,
  now: () => number,
  log: RegistryLog,
): RefusalLog {
  const episodes = new Map<string, Episode>();
  const detailsOf = new Map<string, number>();
  let logged = { unknown: 0, devices: 0 };
  /** Refusals of this window that were not logged. */
  let unlogged = 0;
  /** Of those, refusals without an episode. */
  let unrecorded = 0;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  /** Logs a failing write: a refusal does not depend on the disk. */
  function tryWrite<T>(write: () => T): T | null {
    try {
      return write();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      log({ level: 'error', event: 'mqtt.refusal-not-kept', details: { cause } });
      return null;
    }
  }

  /** False beyond the limit of the window. */
  function writeLog(
    { deviceId, act, reason, clientId, address, detail }: RefusalRow,
    count: number,
  ): boolean {
    const origin = deviceId === null ? 'unknown' : 'devices';
    if (logged[origin] >= MAX_LOGGED[origin]) {
      unlogged += count;
      return false;
    }
    logged[origin] += 1;
    log({
      level: 'warn',
      event: 'mqtt.refused',
      details: { act, reason, clientId, address, detail, count },
    });
    return true;
  }

  function begin(key: string, kind: string, row: RefusalRow): void {
    const [oldest] = episodes;
    if (episodes.size >= MAX_EPISODES && oldest !== undefined) {
      writeCounts([oldest]);
      remove(oldest[0]);
    }
    episodes.set(key, {
      row,
      kind,
      id: tryWrite(() => store.refusals.add(row)),
      unwritten: 0,
      lastAtMs: row.lastAtMs,
    });
    detailsOf.set(kind, (detailsOf.get(kind) ?? 0) + 1);
  }

  function remove(key: string): void {
    const episode = episodes.get(key);
    if (episode === undefined) return;
    episodes.delete(key);
    const left = (detailsOf.get(episode.kind) ?? 1) - 1;
    if (left === 0) detailsOf.delete(episode.kind);
    else detailsOf.set(episode.kind, left);
  }

  /** Adds to an existing episode; false without one. */
  function extend(key: string, atMs: number, count: number): boolean {
    const episode = episodes.get(key);
    if (episode === undefined) return false;
    if (Math.abs(atMs - episode.lastAtMs) >= EPISODE_MS) {
      writeCounts([[key, episode]]);
      remove(key);
      return false;
    }
    episode.unwritten += count;
    episode.lastAtMs = atMs;
    // Moved to the end: the first entry is the longest unused.
    episodes.delete(key);
    episodes.set(key, episode);
    return true;
  }

  /** Logs and stores the counts of episodes; removes those that have ended. */
  function writeCounts(some: readonly (readonly [string, Episode])[]): void {
    const nowMs = now();
    const changes: Counted[] = [];
    for (const [key, episode] of some) {
      const { id, unwritten, lastAtMs } = episode;
      if (unwritten > 0) {
        if (key !== FLOOD) writeLog(episode.row, unwritten);
        if (id !== null) changes.push({ id, more: unwritten, lastAtMs });
        episode.unwritten = 0;
      }
      if (Math.abs(nowMs - lastAtMs) >= EPISODE_MS) remove(key);
    }
    tryWrite(() => store.refusals.count(changes));
  }

  function flush(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const atMs = now();
    logged = { unknown: 0, devices: 0 };
    if (unrecorded > 0 && !extend(FLOOD, atMs, unrecorded))
      begin(FLOOD, FLOOD, { ...FLOOD_ROW, count: unrecorded, firstAtMs: atMs, lastAtMs: atMs });
    writeCounts([...episodes]);
    if (unlogged > 0) log({ level: 'warn', event: 'mqtt.refusals-counted', details: { count: unlogged } });
    logged = { unknown: 0, devices: 0 };
    unlogged = 0;
    unrecorded = 0;
  }

  return {
    record(refusal) {
      if (isClosed) return;
      timer ??= setTimeout(flush, WINDOW_MS).unref();
      const atMs = now();
      const { deviceId, act, reason } = refusal;
      // The client id of a known device is not a secret, also when it looks like one.
      const known = deviceId === null ? '' : refusal.clientId;
      const [clientId, address] = [sanitize(refusal.clientId, known), sanitize(refusal.address)];
      const detail = sanitize(refusal.detail ?? '', known);
      const kind = JSON.stringify([act, reason, clientId, address]);
      const key = `${kind} ${detail}`;
      if (extend(key, atMs, 1)) return;
      const hasTooManyDetails = (detailsOf.get(kind) ?? 0) >= MAX_DETAILS;
      const rest = `${kind} …`;
      if (hasTooManyDetails && extend(rest, atMs, 1)) return;
      const at = { count: 1, firstAtMs: atMs, lastAtMs: atMs };
      const row = {
        clientId,
        deviceId,
        address,
        act,
        reason,
        detail: hasTooManyDetails ? '' : detail,
        ...at,
      };
      if (writeLog(row, 1)) begin(hasTooManyDetails ? rest : key, kind, row);
      else unrecorded += 1;
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

/** Base64 with padding, including preceding topic levels, because base64 may contain slashes; 32 hex digits. */
const MAY_BE_SECRET =
  /[A-Za-z0-9+/_-]{4,}={1,2}|(?<![0-9A-Fa-f])[0-9A-Fa-f]{32}|[0-9A-Fa-f]{32}(?![0-9A-Fa-f])/g;

/**
 * Text of an unknown client for log and database: printable ASCII, with possible secrets masked. A device whose triple was
 * written in the wrong order sends its secret as a name.
 */
function sanitize(text: string, known = ''): string {
  return text
    .replace(/[^\x20-\x7e]/g, '?')
    .slice(0, MAX_INPUT)
    .replace(MAY_BE_SECRET, (piece) => (known.includes(piece) ? piece : maskSecret(piece)))
    .slice(0, MAX_TEXT);
}
