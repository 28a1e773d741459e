import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { openRegistryStore } from '#registry';
import { stationHeaders } from '#shared/registry-api/index.ts';
import type { RandomSource } from './random-source.ts';
import { PRODUCT } from './recipe.ts';

const NAME = 'impostor';
const PAUSE_MS = 40;
const ANSWER_TIMEOUT_MS = 2000;

export interface ImpostorParts {
  readonly dataDir: string;
  /** Current address of the registry. */
  readonly url: () => string;
  /** The enrolment token. */
  readonly shared: string;
  readonly random: RandomSource;
  /** Called with a sentence for each attempt that got through. */
  readonly found: (violation: string) => void;
}

/** A station of the same registry that poses as another one. */
export interface Impostor extends AsyncDisposable {
  /** Number of refused attempts. */
  readonly refused: () => number;
  /** Makes one attempt. Null when no station has enrolled or the registry did not answer. */
  attempt(): Promise<'refused' | 'got through' | null>;
}

interface Victim {
  readonly station: string;
  readonly deviceName: string;
  readonly requestId: string;
  readonly count: number;
}

interface Attack {
  readonly what: string;
  readonly path: string;
  readonly body: unknown;
  /** Sent under its own name, and checked event by event; else sent in the name of the other station. */
  readonly ownName: boolean;
}

/**
 * Poses as stations that have a token of their own, with the enrolment token or with its own token. It knows everything
 * in the registry except tokens and secrets.
 */
export function createImpostor(parts: ImpostorParts): Impostor {
  const { dataDir, random } = parts;
  const ownedToken = ownToken(dataDir);
  let refused = 0;

  async function attempt(): Promise<'refused' | 'got through' | null> {
    const victim = chooseVictim(dataDir, random);
    if (victim === null) return null;
    const attack = random.pick(attacksOn(victim).map((one) => [1, one] as const));
    const token = attack.ownName || random.chance(0.5) ? ownedToken : parts.shared;
    const answer = await ask(parts.url(), token, attack.ownName ? NAME : victim.station, attack);
    if (answer === null) return null;
    const { status, results } = answer;
    const gotThrough = status < 300 && (results === null || results.some((one) => one !== 'rejected'));
    if (gotThrough) parts.found(`an impostor ${attack.what} of ${victim.station} (${victim.deviceName})`);
    // A status of 500 or more is no refusal: the registry was being killed.
    else if (status < 500) refused += 1;
    return gotThrough ? 'got through' : 'refused';
  }

  return { refused: () => refused, attempt, async [Symbol.asyncDispose]() {} };
}

/** Makes attempts until it is disposed of. */
export function startImpostor(parts: ImpostorParts): Impostor {
  const impostor = createImpostor(parts);
  const ended = new AbortController();
  async function pose(): Promise<void> {
    while (!ended.signal.aborted) {
      await impostor.attempt();
      await sleep(PAUSE_MS);
    }
  }
  const posing = pose();
  posing.catch((error: unknown) => parts.found(`the impostor broke: ${String(error)}`));
  return {
    ...impostor,
    async [Symbol.asyncDispose]() {
      ended.abort();
      await posing.catch(() => undefined);
    },
  };
}

function attacksOn({ station, deviceName, requestId, count }: Victim): Attack[] {
  const identity = {
    productId: PRODUCT,
    deviceName,
    state: 'burned',
    proof: { readBack: 'bcc8', online: 'registry' },
  };
  const event = (kind: string, payload: object): object => ({
    events: [{ key: `impostor:${randomUUID()}`, kind, lane: 'impostor', atMs: 1, payload }],
  });
  const run = (name: string): object => ({
    runId: `impostor-${randomUUID()}`,
    station: name,
    batchId: 'b',
    batchName: 'b',
    recipeHash: 'h',
    appVersion: '0',
    operator: 'impostor',
    serialNumber: 'SN999999',
    chipId: 'FFFFFFFFFFFF',
    outcome: 'PASS',
    startedAtMs: 1,
    finishedAtMs: 2,
    firstFailure: null,
    identity,
  });
  const retirement = { productId: PRODUCT, deviceName, chipId: null, reason: 'impostor', approver: 'CEO' };
  const underOtherName = { ownName: false } as const;
  const underOwnName = { ownName: true, path: '/v1/events' } as const;
  const lease = { requestId, productId: PRODUCT, count };
  const claim = { head: { seq: 1, hash: 'f'.repeat(64) }, seen: null };
  return [
    { ...underOtherName, what: 'got the secrets of a lease', path: '/v1/leases', body: lease },
    {
      ...underOtherName,
      what: 'leased in the name',
      path: '/v1/leases',
      body: { ...lease, requestId: randomUUID() },
    },
    { ...underOtherName, what: 'broke the audit trail', path: '/v1/audit', body: claim },
    {
      ...underOtherName,
      what: 'told in the name',
      path: '/v1/events',
      body: event('run.finished', run(station)),
    },
    {
      ...underOtherName,
      what: 'retired, posing, an identity',
      path: '/v1/events',
      body: event('identity.retired', retirement),
    },
    { ...underOwnName, what: 'told what was done', body: event('run.finished', run(station)) },
    { ...underOwnName, what: 'bound an identity', body: event('run.finished', run(NAME)) },
    { ...underOtherName, what: 'took the name', path: '/v1/enrol', body: { tokenSha256: 'e'.repeat(64) } },
    { ...underOwnName, what: 'retired an identity', body: event('identity.retired', retirement) },
  ];
}

function ownToken(dataDir: string): string {
  using database = openRegistryStore(dataDir);
  return database.addStation(NAME, []);
}

/** A triple of a station that has a token of its own, and the lease request that brought it. */
function chooseVictim(dataDir: string, random: RandomSource): Victim | null {
  const db = new Database(join(dataDir, 'registry.db'), { readonly: true });
  try {
    const victims = db
      .prepare<[string], Victim>(
        `SELECT l.station, d.device_name AS deviceName, l.request_id AS requestId, l.count
         FROM devices d JOIN lease_devices h ON h.device_id = d.id JOIN leases l ON l.lease_id = h.lease_id
         WHERE d.state IN ('leased', 'bound') AND h.returned_ms IS NULL
           AND l.station IN (SELECT name FROM stations WHERE revoked_ms IS NULL AND name <> ?)`,
      )
      .all(NAME);
    return victims[random.between(0, Math.max(0, victims.length - 1))] ?? null;
  } finally {
    db.close();
  }
}

async function ask(
  url: string,
  token: string,
  station: string,
  { path, body }: Attack,
): Promise<{ readonly status: number; readonly results: readonly string[] | null } | null> {
  try {
    const response = await fetch(url + path, {
      method: 'POST',
      headers: { ...stationHeaders(token, station), 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    });
    const reply = (await response.json()) as { results?: readonly { status: string }[] };
    return { status: response.status, results: reply.results?.map(({ status }) => status) ?? null };
  } catch {
    // The registry was killed during the request.
    return null;
  }
}
