/**
 * A station as a process of the torture: the product's core and platform, with kill points around its commits, its serial
 * ports and its requests to the registry. See `commands.ts`.
 */
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  auditIdentity,
  createNodePlatform,
  createStation,
  parseRecipe,
  type RunEvent,
  STATION_ITSELF,
  type Station,
  verifyAll,
} from '#station';
import { NEVER_ABORTED } from '../lib/never-aborted.ts';
import { emit, serveCommands } from './host-process.ts';
import type { StationOpen, StationCommand } from './commands.ts';
import { createKillPoints, instrumentCommits } from './kill-points.ts';
import { delayIntents, dropStableKeys } from './mutations.ts';
import { instrumentFetch, instrumentPorts } from './instrument-io.ts';
import { followLinks } from './linked-ports.ts';
import { StationOutputs } from './outputs/station-outputs.ts';

const BATCH = 'torture';
/** Interval at which an autonomous station leases triples and sends its outbox. */
const AUTONOMOUS_MS = 150;

const points = createKillPoints((n, kind) => emit('point', { n, kind }));
instrumentCommits(points);

let opened: {
  readonly station: Station;
  readonly batchId: string;
  readonly outputs: StationOutputs | null;
} | null = null;

serveCommands<StationCommand>(async (command) => {
  if ('open' in command) return open(command.open);
  if ('arm' in command) return points.arm(command.arm.at, command.arm.victim);
  if ('passed' in command) return { points: points.passed };
  if (opened === null) throw new Error('no station is open');
  const { station, batchId, outputs } = opened;
  if ('run' in command) return run(station, outputs, batchId, command.run);
  if ('return' in command) return actOnReturn(station, command.return);
  if (outputs !== null) {
    if ('label' in command) return outputs.answer(command.label);
    if ('reprint' in command) return outputs.reprint(command.reprint.serialNumber);
    if ('openLabels' in command) return outputs.open();
  }
  if ('fullCycle' in command) return fullCycle(station, batchId, command.fullCycle);
  if ('drain' in command) return station.sync.drain(AbortSignal.timeout(10_000));
  return settle(station, outputs, batchId);
});

async function open(settings: StationOpen['open']): Promise<void> {
  points.arm(settings.dieAt, null);
  const instrumented = instrumentFetch(points, globalThis.fetch);
  globalThis.fetch = settings.mutation === 'no-stable-key' ? dropStableKeys(instrumented) : instrumented;
  const platform = createNodePlatform(settings.dataDir);
  const station = await createStation(
    { ...platform, devicePorts: instrumentPorts(points, followLinks(platform.devicePorts)) },
    {
      slots: settings.ports.map((portPath, index) => ({ slot: index + 1, portPath })),
      appVersion: 'torture',
      autoSync: settings.autonomous,
    },
  );
  if (settings.mutation === 'late-intent') delayIntents(station);
  const registry = { url: settings.registryUrl, token: settings.token };
  station.settings.configure({ station: settings.station, registry }, STATION_ITSELF);
  const known = station.batches.state().batches.find((batch) => batch.name === BATCH);
  const recipe = parseRecipe(settings.recipe, 'torture');
  const batch = known ?? station.batches.create({ recipe, quantity: 100_000, name: BATCH }, STATION_ITSELF);
  station.onRunEvent(emitRunEvent);
  const outputs = settings.outputs === null ? null : new StationOutputs(station, settings.outputs);
  opened = { station, batchId: batch.batchId, outputs };
  emit('station.ready', { recovery: station.recovery, batch: batch.batchId });
  if (outputs !== null) await outputs.start();
  if (settings.autonomous) void autonomous(station, batch.batchId, settings);
}

function emitRunEvent(slot: number, event: RunEvent): void {
  if (event.kind === 'finished') {
    const { runId, outcome, failure, deviceName } = event.result;
    emit('run.finished', { slot, run: runId, outcome, deviceName, failure });
  } else if (event.kind === 'phase') {
    emit('run.phase', { slot, phase: event.phase.name });
  } else {
    emit(`run.${event.kind}`, { slot });
  }
}

async function run(
  station: Station,
  outputs: StationOutputs | null,
  torture: string,
  { slot, serialNumber }: { readonly slot: number; readonly serialNumber: string },
): Promise<object> {
  // A unit leaves its slot with its label.
  await station.labels.whenSettled(slot, NEVER_ABORTED, false);
  station.slots.acknowledge(slot);
  const batchId = outputs?.batchFor(serialNumber) ?? torture;
  const started = station.startUnit({ batchId, serialNumber, operator: 'torture', slot });
  const { outcome, failure } = await started.finished;
  await station.labels.whenSettled(slot, NEVER_ABORTED, false);
  station.slots.acknowledge(slot);
  return { outcome, code: failure?.code ?? null, message: failure?.message ?? null };
}

async function actOnReturn(
  station: Station,
  { slot, action }: { readonly slot: number; readonly action: 'keep' | 'reissue' },
): Promise<object> {
  const request = { slot, action, reason: 'torture', approver: 'T' };
  const by = { user: 'T', role: 'support' } as const;
  const report = await station.returns.act(request, by, AbortSignal.timeout(60_000));
  return { verdict: report.verdict };
}

async function fullCycle(
  station: Station,
  batchId: string,
  command: Extract<StationCommand, { readonly fullCycle: object }>['fullCycle'],
): Promise<object> {
  const { slot, serialNumber, at, victim } = command;
  points.arm(at, victim);
  await lease(station, batchId, 1);
  const result =
    serialNumber === undefined
      ? await actOnReturn(station, { slot, action: 'reissue' })
      : await run(station, null, batchId, { slot, serialNumber });
  const { pending } = await station.sync.drain(AbortSignal.timeout(10_000));
  return { ...result, pending, points: points.passed };
}

/** Also repeats a lease request of before a kill, so that a granted block is not lost with its response. */
function lease(station: Station, batchId: string, count: number): Promise<number> {
  return station.pool.lease(
    station.batches.recipeOf(batchId).recipe.product,
    count,
    STATION_ITSELF,
    AbortSignal.timeout(10_000),
  );
}

/** Leases before triples run out and sends the outbox, more often than the product does. */
async function autonomous(station: Station, batchId: string, open: StationOpen['open']): Promise<void> {
  for (;;) {
    const { available } = auditIdentity(station.database);
    try {
      if (available < open.ports.length) {
        await lease(station, batchId, open.leaseBlock);
        emit('station.leased');
      }
      if (station.sync.state().pending > 0) {
        await station.sync.drain(AbortSignal.timeout(10_000));
        emit('station.sent');
      }
    } catch {
      // Network faults are expected; the next interval tries again.
    }
    await sleep(AUTONOMOUS_MS);
  }
}

async function settle(station: Station, outputs: StationOutputs | null, batchId: string): Promise<object> {
  await lease(station, batchId, 0);
  const { pending, parked } = await station.sync.drain(AbortSignal.timeout(30_000));
  const left = await outputs?.settle();
  const { violations: violationsFound, ...counts } = auditIdentity(station.database);
  const { trail, records, attachments } = await verifyAll(
    dirname(station.database.file),
    () => Promise.resolve(null),
    NEVER_ABORTED,
  );
  const { brokenAt } = trail;
  // The torture edits no record, so that each tampering that the journal finds is a defect.
  const violations = [
    ...violationsFound,
    ...records.tampered.map(({ table, key, what }) => `${table} ${key} was ${what} by hand`),
    ...records.brokenParts.map(
      ({ from, upTo }) => `the journal of records is broken from ${from} to ${upTo}`,
    ),
    ...records.schema.map(({ type, name, what }) => `the ${type} ${name} is ${what}`),
    ...attachments.damaged.map(({ runId, name, what }) => `the file of ${name} of run ${runId} is ${what}`),
  ];
  const identities = station.identities();
  const unfinished = station.database.runs.listUnfinished().length;
  return { pending, parked, counts, violations, auditBrokenAt: brokenAt, identities, unfinished, ...left };
}
