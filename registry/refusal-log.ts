import { maskSecret } from '#shared/codec/mask.ts';
import type { RefusalReason, RefusedAct } from '#shared/domain/mqtt-refusal.ts';
import type { RegistryLog } from './platform.ts';
import type { CountIncrement, RefusalRow, Store } from './store/index.ts';

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

/**
 * Logs and stores refusals. The first of a kind is logged at once; repetitions are counted, and logged and stored once in
 * `WINDOW_MS`. Beyond `MAX_LOGGED` entries in a window only their number is logged. Log and database do not grow with the
 * number of attempts, and unknown clients cannot hide the refusals of a known device.
 */
export class RefusalLog {
  readonly #store: Pick<Store, 'refusals'>;
  readonly #nowMs: () => number;
  readonly #log: RegistryLog;
  readonly #episodes = new Map<string, Episode>();
  readonly #detailsOf = new Map<string, number>();
  #logged = { unknown: 0, devices: 0 };
  /** Refusals of this window that were not logged. */
  #unlogged = 0;
  /** Of those, refusals without an episode. */
  #unrecorded = 0;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(store: Pick<Store, 'refusals'>, nowMs: () => number, log: RegistryLog) {
    this.#store = store;
    this.#nowMs = nowMs;
    this.#log = log;
  }

  record(refusal: Refusal): void {
    if (this.#isClosed) return;
    this.#timer ??= setTimeout(() => this.flush(), WINDOW_MS).unref();
    const atMs = this.#nowMs();
    const { deviceId, act, reason } = refusal;
    // The client id of a known device is not a secret, also when it looks like one.
    const knownClientId = deviceId === null ? '' : refusal.clientId;
    const [clientId, address] = [sanitize(refusal.clientId, knownClientId), sanitize(refusal.address)];
    const detail = sanitize(refusal.detail ?? '', knownClientId);
    const kind = JSON.stringify([act, reason, clientId, address]);
    const key = `${kind} ${detail}`;
    if (this.#extend(key, atMs, 1)) return;
    const hasTooManyDetails = (this.#detailsOf.get(kind) ?? 0) >= MAX_DETAILS;
    const overflowKey = `${kind} …`;
    if (hasTooManyDetails && this.#extend(overflowKey, atMs, 1)) return;
    const row = {
      clientId,
      deviceId,
      address,
      act,
      reason,
      detail: hasTooManyDetails ? '' : detail,
      count: 1,
      firstAtMs: atMs,
      lastAtMs: atMs,
    };
    if (this.#writeLog(row, 1)) this.#begin(hasTooManyDetails ? overflowKey : key, kind, row);
    else this.#unrecorded += 1;
  }

  /** Logs and stores the counts. */
  flush(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const atMs = this.#nowMs();
    this.#logged = { unknown: 0, devices: 0 };
    if (this.#unrecorded > 0 && !this.#extend(FLOOD, atMs, this.#unrecorded))
      this.#begin(FLOOD, FLOOD, { ...FLOOD_ROW, count: this.#unrecorded, firstAtMs: atMs, lastAtMs: atMs });
    this.#writeCounts([...this.#episodes]);
    if (this.#unlogged > 0)
      this.#log({ level: 'warn', event: 'mqtt.refusals-counted', details: { count: this.#unlogged } });
    this.#logged = { unknown: 0, devices: 0 };
    this.#unlogged = 0;
    this.#unrecorded = 0;
  }

  /** Flushes; records nothing afterwards. */
  close(): void {
    if (!this.#isClosed) this.flush();
    this.#isClosed = true;
  }

  /** Logs a failing write: a refusal does not depend on the disk. */
  #tryWrite<T>(write: () => T): T | null {
    try {
      return write();
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#log({ level: 'error', event: 'mqtt.refusal-not-kept', details: { cause } });
      return null;
    }
  }

  /** False beyond the limit of the window. */
  #writeLog({ deviceId, act, reason, clientId, address, detail }: RefusalRow, count: number): boolean {
    const origin = deviceId === null ? 'unknown' : 'devices';
    if (this.#logged[origin] >= MAX_LOGGED[origin]) {
      this.#unlogged += count;
      return false;
    }
    this.#logged[origin] += 1;
    this.#log({
      level: 'warn',
      event: 'mqtt.refused',
      details: { act, reason, clientId, address, detail, count },
    });
    return true;
  }

  #begin(key: string, kind: string, row: RefusalRow): void {
    const [oldest] = this.#episodes;
    if (this.#episodes.size >= MAX_EPISODES && oldest !== undefined) {
      this.#writeCounts([oldest]);
      this.#remove(oldest[0]);
    }
    this.#episodes.set(key, {
      row,
      kind,
      id: this.#tryWrite(() => this.#store.refusals.add(row)),
      unwritten: 0,
      lastAtMs: row.lastAtMs,
    });
    this.#detailsOf.set(kind, (this.#detailsOf.get(kind) ?? 0) + 1);
  }

  #remove(key: string): void {
    const episode = this.#episodes.get(key);
    if (episode === undefined) return;
    this.#episodes.delete(key);
    const left = (this.#detailsOf.get(episode.kind) ?? 1) - 1;
    if (left === 0) this.#detailsOf.delete(episode.kind);
    else this.#detailsOf.set(episode.kind, left);
  }

  /** Adds to an existing episode; false without one. */
  #extend(key: string, atMs: number, count: number): boolean {
    const episode = this.#episodes.get(key);
    if (episode === undefined) return false;
    if (Math.abs(atMs - episode.lastAtMs) >= EPISODE_MS) {
      this.#writeCounts([[key, episode]]);
      this.#remove(key);
      return false;
    }
    episode.unwritten += count;
    episode.lastAtMs = atMs;
    // Moved to the end: the first entry is the longest unused.
    this.#episodes.delete(key);
    this.#episodes.set(key, episode);
    return true;
  }

  /** Logs and stores the counts of episodes; removes those that have ended. */
  #writeCounts(some: readonly (readonly [string, Episode])[]): void {
    const atMs = this.#nowMs();
    const increments: CountIncrement[] = [];
    for (const [key, episode] of some) {
      const { id, unwritten, lastAtMs } = episode;
      if (unwritten > 0) {
        if (key !== FLOOD) this.#writeLog(episode.row, unwritten);
        if (id !== null) increments.push({ id, increment: unwritten, lastAtMs });
        episode.unwritten = 0;
      }
      if (Math.abs(atMs - lastAtMs) >= EPISODE_MS) this.#remove(key);
    }
    this.#tryWrite(() => this.#store.refusals.addCounts(increments));
  }
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

/** Base64 with padding, including preceding topic levels, because base64 may contain slashes; 32 hex digits; a provisioning token. */
const MAY_BE_SECRET =
  /v3_[0-9A-Za-z]{8,}|[A-Za-z0-9+/_-]{4,}={1,2}|(?<![0-9A-Fa-f])[0-9A-Fa-f]{32}|[0-9A-Fa-f]{32}(?![0-9A-Fa-f])/g;

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
