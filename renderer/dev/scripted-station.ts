import { contract, type ScanResult, type SlotView, type StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { parseScan } from '#shared/domain/scan/index.ts';
import {
  type CallContext,
  createTopic,
  type Handlers,
  serve,
  type Topics,
  type Transport,
} from '#shared/rpc/index.ts';
import { batchOf, type Line, runOf } from './line.ts';
import { answeredBy, drawPicture, requireAnswered } from './prompts.ts';
import { createOffice, type Office, type OfficeOptions } from './office/index.ts';

export interface RecordedCall {
  readonly name: string;
  readonly input: unknown;
}

/**
 * A station that does what a test or a person at the development page tells it: real contract, real wire, no
 * hardware. Scans start runs that stand still until somebody moves them.
 */
export interface ScriptedStation {
  readonly line: Line;
  readonly calls: readonly RecordedCall[];
  serve(transport: Transport): void;
  /** Changes one slot as a station would announce it. */
  slot(slot: number, patch: Partial<SlotView>): void;
  /** Changes the run of a slot; it must have one. */
  run(slot: number, patch: Partial<NonNullable<SlotView['run']>>): void;
  finish(slot: number, outcome: Outcome, failure?: Failure, clearsInMs?: number): void;
  batch(patch: Partial<Line['batch']>): void;
  pool(pool: Line['pool']): void;
  sync(patch: Partial<Line['sync']>): void;
  /** The half behind the line. */
  readonly office: Office;
}

export type Outcome = NonNullable<NonNullable<SlotView['run']>['outcome']>;
export type Failure = NonNullable<NonNullable<SlotView['run']>['failure']>;

export function createScriptedStation(line: Line, options: OfficeOptions = {}): ScriptedStation {
  const calls: RecordedCall[] = [];
  const epoch = `scripted-${Math.random()}`;
  const topics = {
    slots: createTopic(contract.topics.slots, line.slots, epoch),
    batch: createTopic(contract.topics.batch, line.batch, epoch),
    pool: createTopic(contract.topics.pool, line.pool, epoch),
    sync: createTopic(contract.topics.sync, line.sync, epoch),
    station: createTopic(contract.topics.station, line.health, epoch),
  };
  const now = (): Line => ({ ...line, batch: topics.batch.state, sync: topics.sync.state });
  const office = createOffice(now, topics.pool, options, epoch);

  const slotOf = (slot: number): SlotView => {
    const found = topics.slots.state.slots.find((one) => one.slot === slot);
    if (found === undefined)
      throw new Fault('slot-unknown', `there is no slot ${slot}`, { details: { slot } });
    return found;
  };
  const change = (slot: number, patch: Partial<SlotView>): void =>
    topics.slots.publish({ kind: 'slot', slot: { ...slotOf(slot), ...patch } });
  const changeRun = (slot: number, patch: Partial<NonNullable<SlotView['run']>>): void => {
    const { run } = slotOf(slot);
    if (run !== null) change(slot, { run: { ...run, ...patch } });
  };
  const select = (selected: number | null): void => topics.slots.publish({ kind: 'selected', selected });

  const acknowledge = (slot: number | null): { slots: number[] } => {
    const waiting = topics.slots.state.slots
      .filter((one) => !one.acknowledged && (slot === null || one.slot === slot))
      .sort((a, b) => (a.run?.finishedAtMs ?? 0) - (b.run?.finishedAtMs ?? 0));
    const taken = waiting.slice(0, 1).map((one) => one.slot);
    for (const one of taken) change(one, { state: 'ready', acknowledged: true, run: null });
    return { slots: taken };
  };
  const stop = (slot: number | null): { slots: number[] } => {
    const running = topics.slots.state.slots.filter(
      (one) => one.state === 'running' && (slot === null || one.slot === slot),
    );
    for (const one of running) changeRun(one.slot, { stopping: true });
    return { slots: running.map((one) => one.slot) };
  };
  const start = (serialNumber: string): ScanResult => {
    const { slots, selected } = topics.slots.state;
    const target = slots.find((one) => (selected === null ? isFree(one) : one.slot === selected));
    if (slots.some((one) => one.state === 'running' && one.run?.serialNumber === serialNumber)) {
      throw new Fault('serial-running', `${serialNumber} is being tested`);
    }
    if (target === undefined) throw new Fault('slot-busy', 'every slot is in use');
    if (!target.acknowledged) throw new Fault('slot-unacknowledged', `slot ${target.slot} has a result`);
    if (!isFree(target)) throw new Fault('slot-busy', `slot ${target.slot} is in use`);
    const run = runOf(target.slot, serialNumber, Date.now());
    change(target.slot, { state: 'running', acknowledged: true, clearsAtMs: null, run });
    select(null);
    return { kind: 'started', slot: target.slot, runId: run.runId };
  };

  const answer = (slot: number, promptId: string): ScanResult => {
    if (slotOf(slot).run?.prompt?.promptId !== promptId) return requireAnswered(null);
    changeRun(slot, { prompt: null });
    if (topics.slots.state.selected === slot) select(null);
    return { kind: 'answered', slot };
  };

  const scan = (text: string): ScanResult => {
    const scanned = parseScan(text);
    const { slots: all, selected } = topics.slots.state;
    const asked = answeredBy(scanned, all, selected);
    const next = scanned.kind === 'serial' && scanned.serialNumber.startsWith('SN') && all.some(isFree);
    if (asked !== null && !(next && asked.slot !== selected)) {
      return answer(asked.slot, slotOf(asked.slot).run?.prompt?.promptId ?? '');
    }
    switch (scanned.kind) {
      case 'acknowledge':
        return { kind: 'acknowledged', ...acknowledge(null) };
      case 'stop':
        return { kind: 'stopping', ...stop(null) };
      case 'slot':
        slotOf(scanned.slot);
        select(scanned.slot);
        return { kind: 'selected', slot: scanned.slot };
      case 'pass':
      case 'fail':
      case 'choice':
        return requireAnswered(null);
      case 'start':
      case 'blank':
        throw new Fault('serial-blank', 'no serial number was scanned');
      case 'unknown-command':
        throw new Fault('bad-input', `${scanned.text} is no command`);
      case 'serial':
        if (topics.batch.state.active === null) throw new Fault('batch-missing', 'no batch is chosen');
        if (!scanned.serialNumber.startsWith('SN')) {
          throw new Fault('serial-malformed', `${scanned.serialNumber} does not match the recipe`);
        }
        return start(scanned.serialNumber);
    }
  };

  const known: Partial<Handlers<StationContract>> = {
    ...office.handlers,
    'station.info': () => line.info,
    'batches.list': () => ({ batches: topics.batch.state.batches }),
    'batches.select': ({ batchId }) => {
      const active = topics.batch.state.batches.find((batch) => batch.batchId === batchId) ?? null;
      topics.batch.publish({ ...topics.batch.state, active });
      return topics.batch.state;
    },
    'batches.create': ({ quantity, name }) => {
      const made = batchOf('b-new', name ?? 'at-module-202611201403', quantity, 0, 0, Date.now());
      topics.batch.publish({ ...topics.batch.state, batches: [...topics.batch.state.batches, made] });
      return made;
    },
    'slots.scan': ({ text }) => scan(text),
    'slots.noteRead': () => ({}),
    'slots.acknowledge': ({ slot }) => acknowledge(slot),
    'slots.stop': ({ slot }) => stop(slot),
    'slots.answer': ({ slot, promptId }) => {
      answer(slot, promptId);
      return {};
    },
    'recipes.picture': ({ name }) => {
      if (name !== 'led.png') throw new Fault('not-found', `no ${name}`);
      return drawPicture();
    },
    'slots.select': ({ slot }) => {
      select(slot);
      return {};
    },
  };

  return {
    line,
    calls,
    office,
    serve(transport) {
      serve(transport, {
        contract,
        handlers: recorded(known, calls, options.answers),
        topics: { ...topics, ...office.topics } as unknown as Topics<StationContract>,
        session: office.session,
        nowMs: () => performance.now(),
        onDefect: (error, where) => {
          console.error('scripted station', where, error);
          return 'dev-1';
        },
      });
    },
    slot: change,
    run: changeRun,
    finish(slot, outcome, failure, clearsInMs = 5_000) {
      const finishedAtMs = Date.now();
      changeRun(slot, {
        outcome,
        failure: failure ?? null,
        finishedAtMs,
        progress: 1,
        phase: null,
        step: null,
      });
      change(slot, {
        state: 'finished',
        acknowledged: outcome === 'PASS',
        clearsAtMs: outcome === 'PASS' ? finishedAtMs + clearsInMs : null,
      });
    },
    batch: (patch) => topics.batch.publish({ ...topics.batch.state, ...patch }),
    pool: (pool) => topics.pool.publish(pool),
    sync: (patch) => topics.sync.publish({ ...topics.sync.state, ...patch }),
  };
}

function isFree(slot: SlotView): boolean {
  return slot.state === 'ready' || (slot.state === 'finished' && slot.acknowledged);
}

/** Every call of the contract is recorded; those the page does not use are answered with a fault. */
function recorded(
  known: Partial<Handlers<StationContract>>,
  calls: RecordedCall[],
  answers?: OfficeOptions['answers'],
): Handlers<StationContract> {
  const all = Object.keys(contract.calls).map((name) => {
    const handler = known[name as keyof typeof known] as
      ((input: unknown, context: CallContext) => unknown) | undefined;
    return [
      name,
      (input: unknown, context: CallContext): unknown => {
        // A PIN is not written down, not even here.
        calls.push({
          name,
          input: withoutPins(input),
        });
        if (answers !== undefined && !['station.info', 'session.people'].includes(name)) {
          if (answers === 'never') return new Promise(() => undefined);
          throw new Fault('disk-full', 'the disk has 0 bytes left');
        }
        if (handler === undefined) throw new Fault('not-found', `the scripted station does not know ${name}`);
        return handler(input, context);
      },
    ];
  });
  return Object.fromEntries(all) as Handlers<StationContract>;
}

function withoutPins(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input;
  const hidden = Object.entries(input).map(([key, value]) => [
    key,
    /pin$/i.test(key) ? '****' : (value as unknown),
  ]);
  return Object.fromEntries(hidden) as unknown;
}
