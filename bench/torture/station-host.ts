/**
 * A station for the torture: the product's own core and platform, with points to die at around its commits, its
 * serial ports and its questions to the registry. Run as a process of its own; see `orders.ts`.
 */
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  auditIdentity,
  createNodePlatform,
  createStation,
  parseRecipe,
  type RunEvent,
  type Station,
  verifyAll,
  STATION_ITSELF,
} from '#station';
import { say, serveOrders } from './host-loop.ts';
import type { StationOpen, StationOrder } from './commands.ts';
import { createPoints, watchCommits } from './kill-points.ts';
import { delayIntents, forgetKeys } from './mutations.ts';
import { watchFetch, watchPorts } from './instrument-io.ts';

const BATCH = 'torture';
/** How often a restless station looks whether triples are short or messages wait. */
const RESTLESS_MS = 150;
const NEVER = new AbortController().signal;

const points = createPoints((n, kind) => say('point', { n, kind }));
watchCommits(points);

let line: { readonly station: Station; readonly batchId: string; readonly open: StationOpen['open'] } | null =
  null;

serveOrders<StationOrder>(async (order) => {
  if ('open' in order) return open(order.open);
  if ('arm' in order) return points.arm(order.arm.at, order.arm.victim);
  if ('passed' in order) return { points: points.passed };
  if (line === null) throw new Error('no station is open');
  const { station, batchId } = line;
  if ('run' in order) return run(station, batchId, order.run);
  if ('desk' in order) return desk(station, order.desk);
  if ('life' in order) return life(station, batchId, order.life);
  if ('drain' in order) return station.sync.drain(AbortSignal.timeout(10_000));
  return settle(station, batchId);
});

async function open(settings: StationOpen['open']): Promise<void> {
  points.arm(settings.dieAt, null);
  const honest = watchFetch(points, globalThis.fetch);
  globalThis.fetch = settings.sabotage === 'no-stable-key' ? forgetKeys(honest) : honest;
  const platform = createNodePlatform(settings.dataDir);
  const station = await createStation(
    { ...platform, serialPorts: watchPorts(points, platform.serialPorts) },
    {
      slots: settings.ports.map((portPath, index) => ({ slot: index + 1, portPath })),
      appVersion: 'torture',
      autoSync: settings.restless,
    },
  );
  if (settings.sabotage === 'late-intent') delayIntents(station);
  const registry = { url: settings.registryUrl, token: settings.token };
  station.settings.configure({ station: settings.station, registry }, STATION_ITSELF);
  const known = station.batches.state().batches.find((batch) => batch.name === BATCH);
  const recipe = parseRecipe(settings.recipe, 'torture');
  const batch = known ?? station.batches.create({ recipe, quantity: 100_000, name: BATCH });
  station.onRunEvent(tell);
  line = { station, batchId: batch.batchId, open: settings };
  say('station.ready', { recovery: station.recovery, batch: batch.batchId });
  if (settings.restless) void restless(station, batch.batchId, settings);
}

function tell(slot: number, event: RunEvent): void {
  if (event.kind === 'finished') {
    const { runId, outcome, failure, deviceName } = event.result;
    say('run.finished', { slot, run: runId, outcome, deviceName, failure });
  } else if (event.kind === 'phase') {
    say('run.phase', { slot, phase: event.phase.name });
  } else {
    say(`run.${event.kind}`, { slot });
  }
}

async function run(
  station: Station,
  batchId: string,
  { slot, serialNumber }: { readonly slot: number; readonly serialNumber: string },
): Promise<object> {
  const started = station.startUnit({ batchId, serialNumber, operator: 'torture', slot });
  const { outcome, failure } = await started.finished;
  station.slots.acknowledge(slot);
  return { outcome, code: failure?.code ?? null, message: failure?.message ?? null };
}

async function desk(
  station: Station,
  { slot, action }: { readonly slot: number; readonly action: 'keep' | 'reissue' },
): Promise<object> {
  const act = { slot, action, reason: 'torture', approver: 'T', person: 'T', role: 'support' } as const;
  const report = await station.returns.act(act, AbortSignal.timeout(20_000));
  return { verdict: report.verdict };
}

async function life(
  station: Station,
  batchId: string,
  order: Extract<StationOrder, { readonly life: object }>['life'],
): Promise<object> {
  const { slot, serialNumber, at, victim } = order;
  points.arm(at, victim);
  await lease(station, batchId, 1);
  const result =
    serialNumber === undefined
      ? await desk(station, { slot, action: 'reissue' })
      : await run(station, batchId, { slot, serialNumber });
  const { pending } = await station.sync.drain(AbortSignal.timeout(10_000));
  return { ...result, pending, points: points.passed };
}

/** Also asks again for what was asked before a kill: a block that was granted must not be lost with its answer. */
function lease(station: Station, batchId: string, count: number): Promise<number> {
  return station.pool.lease(
    station.batches.recipeOf(batchId).recipe.product,
    count,
    AbortSignal.timeout(10_000),
  );
}

/** Leases before it is short and sends what waits, without the patience of a product that spares a network. */
async function restless(station: Station, batchId: string, open: StationOpen['open']): Promise<void> {
  for (;;) {
    const { available } = auditIdentity(station.database);
    try {
      if (available < open.ports.length) {
        await lease(station, batchId, open.leaseBlock);
        say('station.leased');
      }
      if (station.sync.state().pending > 0) {
        await station.sync.drain(AbortSignal.timeout(10_000));
        say('station.sent');
      }
    } catch {
      // The network is meant to fail; it is asked again.
    }
    await sleep(RESTLESS_MS);
  }
}

async function settle(station: Station, batchId: string): Promise<object> {
  await lease(station, batchId, 0);
  const { pending, parked } = await station.sync.drain(AbortSignal.timeout(30_000));
  const { violations: offences, ...counts } = auditIdentity(station.database);
  const { trail, records } = await verifyAll(
    dirname(station.database.file),
    () => Promise.resolve(null),
    NEVER,
  );
  const { brokenAt } = trail;
  // The bench edits no record: any tampering that the journal finds comes from a kill, and is a defect.
  const violations = [
    ...offences,
    ...records.tampered.map(({ table, key, what }) => `${table} ${key} was ${what} by hand`),
    ...records.brokenParts.map(
      ({ from, upTo }) => `the journal of records is broken from ${from} to ${upTo}`,
    ),
    ...records.schema.map(({ type, name, what }) => `the ${type} ${name} is ${what}`),
  ];
  const identities = station.identities();
  const unfinished = station.database.runs.listUnfinished().length;
  return { pending, parked, counts, violations, auditBrokenAt: brokenAt, identities, unfinished };
}
