import { outcomeOfFault } from '#shared/domain/outcome.ts';
import { isBluetoothStep, type Phase, type Step, stepName } from '#shared/recipe/index.ts';
import { withUnproven } from '#shared/domain/read-back.ts';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { NewAttachment } from '../../core/database/index.ts';
import type { DevicePort } from '../../core/platform/index.ts';
import { INSTRUMENT_MANNER } from '../../devices/instruments/index.ts';
import type { BoundTriple } from '../../identity/index.ts';
import { type OpenDevice, openDevice, type UnitInfo } from '../../devices/protocols/index.ts';
import { RunProvisioning } from '../provisioning/index.ts';
import { type RunIo, withRunIo } from '../recording/index.ts';
import { networkOfRun } from '../networks/index.ts';
import {
  concealSecretOfChip,
  concealSecretOfSerial,
  type Measurement,
  recordUnitFacts,
  type PromptRequest,
  RunAttachments,
  RunBle,
  RunInstruments,
  RunLlsync,
  type RunContext,
  RunScope,
  type UnitOnSlot,
} from '../run-context/index.ts';
import { performStep } from '../verbs/index.ts';
import { toAttemptJson } from './attempt-json.ts';
import { asFault, type Attempt, execute, type ExecutionResult, toFailure } from './execute.ts';
import { identifyUnit } from './identify-unit.ts';
import { leaveAsFound } from './leave-as-found.ts';
import { batchFirmware, readFirmware } from './read-firmware.ts';
import { recordRun } from './record-run.ts';
import type { ActiveRun, RunServices } from './run-request.ts';
import { withCheck } from './with-check.ts';
import { useBoard } from './use-board.ts';

interface TestRunOptions {
  readonly services: RunServices;
  readonly run: ActiveRun;
  /** Platform, registry and relay boards, whose answers pass through the recording. */
  readonly recorded: ReturnType<typeof withRunIo>;
  readonly io: RunIo;
  readonly port: DevicePort;
  /** Holds what must last until the port is closed. */
  readonly reservations: DisposableStack;
}

/**
 * Begins the recording of a run, opens its port, executes the recipe, and closes both. A fault of unit or station becomes
 * the outcome.
 */
export async function testRun(
  services: RunServices,
  run: ActiveRun,
  signal: AbortSignal,
): Promise<ExecutionResult> {
  const { recipe } = run.request.recipe;
  if (recipe.phases.some(({ steps }) => steps.some(({ verb }) => verb === 'script')))
    services.scripts.prepare();
  using io = services.io ?? recordRun(services, run);
  const recorded = withRunIo(
    io,
    { platform: services.platform, registry: services.registry(), relayBoards: services.relayBoards },
    services.io !== undefined,
  );
  const stop = io.watchStop(signal);
  using reservations = new DisposableStack();
  const result = await open().catch((error: unknown): ExecutionResult => {
    const fault = asFault(error, recorded.platform.log);
    return { outcome: outcomeOfFault(fault.code), failure: toFailure(fault, '', 'open') };
  });
  const masked = io.mask.maskJson(result);
  io.recordOutcome(masked);
  return masked;

  async function open(): Promise<ExecutionResult> {
    const { platform } = recorded;
    const { serialNumber } = run.request;
    // Before the port is open: the unit may say its secret when it is switched on.
    if (serialNumber !== null && services.io === undefined)
      await concealSecretOfSerial({ ...services, io }, serialNumber);
    await using port = await platform.devicePorts.open(run.request.portPath, recipe.device.serial, stop);
    await using test = new TestRun({ services, run, recorded, io, port, reservations });
    return await test.execute(stop);
  }
}

/** What one attempt of a step adds to the record. */
interface Made {
  readonly measurements: Measurement[];
  readonly attachments: NewAttachment[];
}

/** The methods of the context that each attempt has for itself. */
type OfAttempt = 'measure' | 'attach' | 'addAttachment' | 'askPhoto' | 'provisioning';

/** A run whose port is open: what its steps have found out about the unit so far, and what they measured. */
class TestRun implements AsyncDisposable {
  readonly #services: RunServices;
  readonly #run: ActiveRun;
  readonly #recorded: TestRunOptions['recorded'];
  readonly #io: RunIo;
  readonly #device: OpenDevice;
  readonly #reservations: DisposableStack;
  readonly #ble: RunBle;
  readonly #instruments: RunInstruments;
  readonly #scope: RunScope;
  readonly #attachments: RunAttachments;
  readonly #provisioning: RunProvisioning;
  readonly #context: Omit<RunContext, OfAttempt>;
  #unit: UnitOnSlot | null = null;
  #bound: BoundTriple | null = null;
  #held: BoundTriple | null = null;
  #flashedChip: string | null = null;
  #proof: IdentityProof;
  #usesBle = false;
  #isTeardown = false;
  /** What the current attempt has measured and attached. */
  #made: Made = { measurements: [], attachments: [] };
  #nextSeq: number;

  constructor({ services, run, recorded, io, port, reservations }: TestRunOptions) {
    const { recipe } = run.request.recipe;
    this.#services = services;
    this.#run = run;
    this.#recorded = recorded;
    this.#io = io;
    this.#reservations = reservations;
    this.#ble = new RunBle({
      central: recorded.platform.ble,
      device: recipe.device,
      product: recipe.product,
      clock: recorded.platform.clock,
      serialNumber: () => run.request.serialNumber,
      chipId: () => this.#unit?.info.chipId ?? null,
      values: () => this.#device.session.values,
    });
    const { clock } = recorded.platform;
    const { mask, isReplay } = io;
    this.#device = openDevice(port, recipe.device, {
      clock,
      mask,
      gatt: this.#ble,
      isReplay,
      onChip: (chipId) => concealSecretOfChip({ ...services, io }, chipId),
    });
    const { runId, request, emit } = run;
    this.#instruments = new RunInstruments({
      recipe,
      slot: request.slot,
      io,
      ports: recorded.platform.devicePorts,
      clock,
      lender: services.io === undefined ? services.instruments : null,
      manner: services.instrumentManner ?? INSTRUMENT_MANNER,
      onWaiting: (names) => emit({ kind: 'waiting', runId, names }),
    });
    this.#scope = new RunScope(this.#ble.placeholders, run.resume?.variables);
    this.#proof = run.resume?.proof ?? { readBack: 'none', online: 'none' };
    this.#flashedChip = run.resume?.flashedChip ?? null;
    this.#nextSeq = run.resume?.nextSeq ?? 0;
    this.#attachments = new RunAttachments({ services, io, run });
    this.#provisioning = new RunProvisioning({
      ...services,
      ...recorded,
      bound: () => this.#bound,
      isResumed: run.resume !== null,
      network: async (name) => networkOfRun(services.networks ?? null, io, name),
    });
    this.#context = this.#contextOfRun();
  }

  async execute(stop: AbortSignal): Promise<ExecutionResult> {
    const { runId, baseAtMs, request, emit } = this.#run;
    const { recipe } = request.recipe;
    const { platform } = this.#recorded;
    const result = await execute(
      recipe,
      {
        log: platform.log,
        clock: platform.clock,
        computerClock: this.#services.platform.clock,
        // The monotonic clock of a recording begins at 0 with this part of the run.
        unixMs: (monotonicMs) => Math.round(baseAtMs + monotonicMs),
        shouldRun: (phase, step) => this.#shouldRun(phase, step),
        prepare: (phase, step, signal) => this.#instruments.prepare(phase, step, signal),
        endStep: (step, hasFailed) => this.#instruments.endStep(step, hasFailed),
        enterPhase: (phase, index) => {
          this.#isTeardown = phase.kind === 'teardown';
          this.#io.beginPhase(phase.name);
          this.#usesBle = phase.steps.some(isBluetoothStep);
          const { name, title = null } = phase;
          emit({ kind: 'phase', runId, phase: { name, title, index, count: recipe.phases.length } });
        },
        enterStep: (_phase, step, doneSteps, allSteps) => {
          this.#io.beginStep(stepName(step));
          const { title = null } = step;
          const progress = doneSteps / allSteps;
          emit({ kind: 'step', runId, step: { name: stepName(step), title }, progress });
        },
        perform: async (step, signal) => {
          const made: Made = { measurements: [], attachments: [] };
          this.#made = made;
          // A unit that is tested by its port does not keep the Bluetooth adapter from other slots.
          if (!this.#usesBle) await this.#ble.disconnect();
          this.#requireOneIdentity();
          await performStep(step, this.#contextFor(made), signal);
          this.#requireOneIdentity();
        },
        recordAttempt: (attempt) => this.#recordAttempt(attempt),
      },
      stop,
    );
    const ended = await this.#endRun(result);
    // A unit must not pass with a recording that is incomplete.
    if (ended.outcome === 'PASS') this.#io.requireWritten();
    return ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using _ble = this.#ble;
    await this.#instruments.end();
  }

  /** Teardown steps run in every case: the end of the run has the fault then. */
  #requireOneIdentity(): void {
    if (!this.#isTeardown) this.#device.session.requireOneIdentity();
  }

  /** What the end of a run finds: each may make its outcome worse. */
  async #endRun(result: ExecutionResult): Promise<ExecutionResult> {
    const { log, clock } = this.#recorded.platform;
    const { session } = this.#device;
    const left = await withCheck(result, 'leave-wifi', log, () => leaveAsFound(session, clock, this.#io));
    // A unit must not pass while its supply may still be on: the next one would be connected to it.
    const released = await withCheck(left, 'instruments', log, () => this.#instruments.end());
    const settled = await withCheck(released, 'provisioning', log, () => this.#provisioning.end());
    // A unit must not pass that has said another identity than the one that was read, at whatever time of the run.
    return withCheck(settled, 'identity', log, () => session.requireOneIdentity());
  }

  /**
   * Each attempt has its own lists, so that an abandoned step adds nothing to those of the next. All else is inherited,
   * because a step of a microsecond would pay for a copy.
   */
  #contextFor({ measurements, attachments }: Made): RunContext {
    const measure: RunContext['measure'] = (measurement) =>
      void measurements.push(this.#io.mask.maskJson(measurement));
    const own: Pick<RunContext, OfAttempt> = {
      measure,
      provisioning: this.#provisioning.ofAttempt(measure),
      addAttachment: (stored) => this.#attachments.add(attachments, stored),
      attach: (file, signal) => this.#attachments.attach(attachments, file, signal),
      askPhoto: (...asked) => this.#attachments.askPhoto(attachments, ...asked),
    };
    return Object.assign(Object.create(this.#context) as RunContext, own);
  }

  #contextOfRun(): Omit<RunContext, OfAttempt> {
    const { runId, request, emit } = this.#run;
    const { recipe, files } = request.recipe;
    const { database, ledger, scripts, fonts, tools, baudRates, reportsLogins = true } = this.#services;
    const unit = (): UnitOnSlot | null => this.#unit;
    const bound = (): BoundTriple | null => this.#bound;
    const held = (): BoundTriple | null => this.#held;
    const flashedChip = (): string | null => this.#flashedChip;
    return {
      runId,
      slot: request.slot,
      recipe,
      files,
      serialNumber: request.serialNumber,
      platform: this.#recorded.platform,
      registry: this.#recorded.registry,
      io: this.#io,
      database,
      ledger,
      reportsLogins,
      device: this.#device.session,
      serial: this.#device.serial,
      ble: this.#ble,
      llsync: new RunLlsync({ ble: this.#ble, io: this.#io, ledger, runId, bound }),
      instruments: this.#instruments,
      eventsTaken: new Set(),
      scripts,
      fonts,
      tools,
      baudRates: {
        limit: (wanted) => baudRates.limit(request.slot, request.portPath, wanted),
        remember: (begun, succeeded) => baudRates.remember(request.slot, request.portPath, begun, succeeded),
      },
      scope: this.#scope,
      get unit() {
        return unit();
      },
      get bound() {
        return bound();
      },
      get heldTriple() {
        return held();
      },
      get flashedChip() {
        return flashedChip();
      },
      setFlashedChip: (chipId) => void (this.#flashedChip = chipId),
      identifyUnit: (info) => this.#identifyUnit(info),
      setBound: (next) => this.#setBound(next),
      setHeld: (triple) => void (this.#held = triple),
      setProof: (change) => this.#setProof(change),
      batchFirmware: () => batchFirmware(this.#services, this.#io, request.batchId),
      readFirmware: (path, maxBytes) => readFirmware(this.#services, request.batchId, path, maxBytes),
      showFlash: (progress) => emit({ kind: 'flash', runId, progress }),
      showCode: (code) => this.#services.codes?.show(request.slot, code) ?? new DisposableStack(),
      note: (text) => this.#io.comment(text),
      ask: (prompt, timeoutMs, signal) => this.#ask(prompt, timeoutMs, signal),
      storeFile: (file) => this.#attachments.storeFile(file, 'tool'),
      board: (work, signal) => useBoard(this.#recorded.relayBoards, request, work, signal),
    };
  }

  #shouldRun(phase: Phase, step: Step): boolean {
    if (this.#run.resume?.done.has(`${phase.name}/${stepName(step)}`) === true) {
      this.#io.comment(`step ${stepName(step)} was done before`);
      return false;
    }
    if (!this.#instruments.canRun(phase, step)) {
      this.#io.comment(`step ${stepName(step)} skipped: the run did not get its instrument`);
      return false;
    }
    if (step.runIf === undefined || this.#scope.holds(step.runIf)) return true;
    this.#io.comment(`step ${stepName(step)} skipped: its condition does not hold`);
    return false;
  }

  #identifyUnit(info: UnitInfo): UnitOnSlot {
    const { database, ledger } = this.#services;
    const { runId, request, resume, emit } = this.#run;
    const { serialNumber, slot } = request;
    recordUnitFacts(this.#io, { database, ledger }, info.chipId, serialNumber);
    const expected = { runId, serialNumber, chipId: resume?.chipId ?? null };
    const unit = identifyUnit(database, expected, info, this.#recorded.platform.clock.nowMs());
    // After the record, so that support finds both runs of a MAC that is on two slots.
    if (this.#unit?.info.chipId !== info.chipId) this.#reservations.use(this.#reserve(info.chipId, slot));
    this.#unit = unit;
    const unitId = unitIdOf({ chipId: info.chipId, idKind: info.id?.kind, idText: info.id?.text });
    emit({ kind: 'unit', runId, chipId: info.chipId, unitId });
    return unit;
  }

  /** Through the recording: whether another slot has the same unit is known from outside the run. */
  #reserve(chipId: string, slot: number): Disposable {
    let reserved: Disposable = { [Symbol.dispose]: () => undefined };
    this.#io.input('reserve', chipId, () => {
      reserved = this.#services.reserveUnit(chipId, slot);
      return null;
    });
    return reserved;
  }

  #setBound(next: BoundTriple | null): void {
    const { database } = this.#services;
    const { runId, emit } = this.#run;
    this.#bound = next;
    this.#held = null;
    database.writeRelaxed(() => database.runs.setTriple(runId, next?.tripleId ?? null));
    emit({ kind: 'identity', runId, deviceName: next?.deviceName ?? null });
  }

  #setProof(change: Partial<IdentityProof>): void {
    const { database } = this.#services;
    this.#proof = withUnproven({ ...this.#proof, ...change });
    database.writeRelaxed(() => database.runs.setProof(this.#run.runId, this.#proof));
  }

  async #ask(request: PromptRequest, timeoutMs: number, signal: AbortSignal): Promise<string> {
    const { runId, request: run } = this.#run;
    const choices = request.choices.map(({ value }) => value).join(', ');
    const parameters = choices === '' ? request.kind : `${request.kind} of ${choices}`;
    const { value } = await this.#io.request(
      { kind: 'operator', key: request.step, parameters, signal },
      async () => ({
        value: await this.#services.ask({ slot: run.slot, runId }, request, timeoutMs, signal),
      }),
    );
    return String(value);
  }

  #recordAttempt(unmasked: Attempt): void {
    const { database } = this.#services;
    const attempt = this.#io.mask.maskJson(unmasked);
    const { startedAtMs, durationMs: ms, ...rest } = attempt;
    const row = { seq: this.#nextSeq++, ...rest, startedAtMs, ms, captured: this.#scope.takeCaptured() };
    const { measurements, attachments } = this.#made;
    // Becomes durable with the next durable record: a change of the identity, or the end of the run.
    database.writeRelaxed(() => database.runs.addStep(this.#run.runId, row, measurements, attachments));
    this.#io.recordAttempt(toAttemptJson(attempt, measurements));
  }
}
