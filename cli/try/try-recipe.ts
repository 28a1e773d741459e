import { join } from 'node:path';
import { createRegistry, openRegistryStore } from '#registry';
import type { DryRunEvent } from '#shared/contract/index.ts';
import { abortFault, Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { SimulatedUnit } from '#shared/domain/simulated-unit.ts';
import { slotsOf } from '#shared/host/index.ts';
import { type InstrumentSetting, instrumentSetting } from '#shared/domain/instrument.ts';
import { burnsTriples, neededInstruments, neededNetworks, usesBluetooth } from '#shared/recipe/index.ts';
import { type Simulator, startSimInstruments, startSimulator } from '#simulator';
import {
  createBleCentral,
  createNodePlatform,
  createStation,
  dialogueOf,
  findRecordings,
  type ParsedRecipe,
  readRecording,
  type RunEvent,
  type RunResult,
  type Station,
  STATION_ITSELF,
} from '#station';
import { APP_VERSION } from '../program.ts';
import { showCodes } from './show-codes.ts';
import { prepareFirmware } from './sample-firmware.ts';

/** Entries of the dialogue that are reported; a recipe that says more is cut there. */
const MAX_DIALOGUE = 3000;
/** Devices are faster than real ones; limits of time stay as they are. */
const TIME_SCALE = 0.1;
const TRIPLES = 4;
const DIGITS = 6;
/** The access point that simulated units have in range. */
const NETWORK = { ssid: 'GW-LINE', password: 'gongwei-line' } as const;

export interface TryOptions {
  readonly recipe: ParsedRecipe;
  readonly unit: SimulatedUnit;
  /** An empty directory for everything of the dry run. */
  readonly dir: string;
  /** The folder that is hidden from scripts; `dir` when left out. */
  readonly hiddenDir?: string | undefined;
}

/** Hears what happens, and says how the questions of the recipe can be answered. */
export interface TryListener {
  onEvent(event: DryRunEvent): void;
  /** Called once, when questions can be answered. */
  onAnswerable(answer: (promptId: string, answer: string) => void): void;
}

/**
 * Executes a recipe on a simulated unit: with a station, a registry and a unit of its own in a directory of its own. Faults:
 * those of `createStation`, `startSimulator` and of the start of a unit; the signal's reason.
 */
export async function tryRecipe(
  { recipe, unit, dir, hiddenDir = dir }: TryOptions,
  { onEvent, onAnswerable }: TryListener,
  signal: AbortSignal,
): Promise<RunResult> {
  await using stack = new AsyncDisposableStack();
  const registry = stack.use(await createRegistry({ dataDir: join(dir, 'registry') }));
  const { product, serialNumber, device } = recipe.recipe;
  {
    using store = openRegistryStore(join(dir, 'registry'));
    store.seedProduct({ productId: product, count: TRIPLES, prefix: 'dry_' });
  }
  const simulator = stack.use(
    await startSimulator({
      profile: unit,
      count: 1,
      stateDir: join(dir, 'units'),
      mqttUrl: registry.mqtt,
      timeScale: TIME_SCALE,
      ble: usesBluetooth(recipe.recipe),
      board: device.board?.kind,
      faults: { units: startsWithoutNetwork(recipe.recipe) ? { 1: [{ fault: 'no-wifi' }] } : {} },
      // The chips of this family are led into their boot loader by the control lines of the port.
      rfc2217: unit.startsWith('esp32'),
      ...serialOptions(serialNumber.example),
    }),
  );
  const instruments = neededInstruments(recipe.recipe);
  const lent = instruments.length === 0 ? null : stack.use(await startInstruments(simulator, instruments));
  throwIfAborted(signal);
  const adapter = simulator.bluetooth?.adapter.path;
  const ble = adapter === undefined ? null : stack.use(createBleCentral(`uart:${adapter}`));
  const dataDir = join(dir, 'station');
  const station = await createStation(createNodePlatform(dataDir, ble === null ? {} : { ble }), {
    slots: slotsOf([simulator.fixtures[0]?.path ?? ''], simulator.board?.path),
    appVersion: APP_VERSION,
    hiddenDir,
  });
  stack.defer(() => station.close());
  const name = { station: 'dry-run', registry: { url: registry.http, token: registry.enrolmentToken } };
  station.settings.configure(name, STATION_ITSELF);
  for (const network of neededNetworks(recipe.recipe))
    station.networks.set({ name: network, ...NETWORK }, STATION_ITSELF);
  using _codes = showCodes(station, simulator);
  if (lent !== null) station.lending.instrumentSettings.set(lent.settings, STATION_ITSELF);
  if (burnsTriples(recipe.recipe)) await station.pool.lease(product, TRIPLES, STATION_ITSELF, signal);
  const made = await prepareFirmware(station, { recipe, unit, dir }, signal);
  const { batchId } = station.batches.create({ ...made, quantity: 1, name: 'dry-run' }, STATION_ITSELF);
  station.onRunEvent((_slot, event) => {
    if (event.kind === 'phase') onEvent({ event: 'try.phase', phase: event.phase });
    if (event.kind === 'step') onEvent({ event: 'try.step', step: event.step, progress: event.progress });
    if (event.kind === 'prompt') onEvent({ event: 'try.prompt', prompt: asView(event.prompt) });
  });
  onAnswerable((promptId, answer) => {
    if (station.prompts.at(1)?.prompt.kind === 'photo')
      station.prompts.answerPhoto(1, promptId, SAMPLE_PHOTO);
    else station.prompts.answer(1, promptId, answer);
  });
  const running = station.startUnit({
    batchId,
    serialNumber: serialNumber.example,
    operator: 'dry-run',
    slot: 1,
  });
  const stop = (): void => void station.slots.stop(null, abortFault(signal));
  signal.addEventListener('abort', stop, { once: true });
  const result = await running.finished;
  signal.removeEventListener('abort', stop);
  throwIfAborted(signal);
  onEvent(finished(station, dataDir, result));
  return result;
}

/** A module that joins a network is as it comes from its factory: it knows none. */
function startsWithoutNetwork({ phases }: ParsedRecipe['recipe']): boolean {
  return phases.some(({ steps }) => steps.some(({ verb }) => verb === 'join-wifi'));
}

/** What a dry run has in place of a photo: one white dot. */
const SAMPLE_PHOTO = {
  name: 'sample.png',
  bytes: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg==',
    'base64',
  ),
};

/** Names of simulated meters; all other instruments of a recipe are the supply. */
const METER = /dmm|meter/;

/** Instruments for a dry run. The supply powers the unit when the recipe uses it. */
async function startInstruments(
  simulator: Simulator,
  names: readonly string[],
): Promise<AsyncDisposable & { readonly settings: readonly InstrumentSetting[] }> {
  const powers = names.some((name) => !METER.test(name));
  if (powers) await simulator.power(1, false);
  const sim = await startSimInstruments({
    timeScale: TIME_SCALE,
    onPower: (on) => void simulator.power(1, on).catch(() => undefined),
  });
  const settings = names.map((name) =>
    instrumentSetting.parse({
      name,
      address: METER.test(name) ? sim.meter.address : sim.supply.address,
      onRelease: METER.test(name) ? null : 'OUTP OFF',
    }),
  );
  return { settings, [Symbol.asyncDispose]: () => sim[Symbol.asyncDispose]() };
}

/** A unit with the serial number that the recipe has as its example, as far as simulated units can have it. */
function serialOptions(example: string): { serialPrefix?: string; serialStart?: number } {
  const digits = example.slice(-DIGITS);
  const prefix = example.slice(0, -DIGITS);
  return /^\d{6}$/.test(digits) && prefix.length <= 16
    ? { serialPrefix: prefix, serialStart: Number(digits) }
    : {};
}

type Prompt = Extract<RunEvent, { kind: 'prompt' }>['prompt'];

function asView(prompt: Prompt): Extract<DryRunEvent, { event: 'try.prompt' }>['prompt'] {
  return prompt === null ? null : { ...prompt, choices: [...prompt.choices] };
}

function finished(
  station: Station,
  dataDir: string,
  { runId, outcome, failure, ms }: RunResult,
): DryRunEvent {
  const { runs } = station.database;
  const measured = runs.listMeasurements(runId);
  const steps = runs.listSteps(runId).map((row) => ({
    phase: row.phase,
    step: row.step,
    attempt: row.attempt,
    outcome: row.outcome,
    ms: row.ms,
    failure: asFailure(row.failure),
    measured: measured
      .filter(({ stepSeq }) => stepSeq === row.seq)
      .map(({ name, value, unit, limits }) =>
        [`${name} = ${String(value)}`, unit ?? '', limits === '' ? '' : `(${limits})`]
          .filter((part) => part !== '')
          .join(' '),
      ),
  }));
  return {
    event: 'try.finished',
    outcome,
    failure: asFailure(failure),
    ms,
    steps,
    dialogue: dialogue(dataDir, runId),
  };
}

function asFailure(
  failure: RunResult['failure'],
): Extract<DryRunEvent, { event: 'try.finished' }>['failure'] {
  return failure === null ? null : { ...failure, details: { ...failure.details } };
}

function dialogue(
  dataDir: string,
  runId: string,
): Extract<DryRunEvent, { event: 'try.finished' }>['dialogue'] {
  try {
    return findRecordings(dataDir, runId)
      .flatMap((path) => dialogueOf(readRecording(path)))
      .slice(0, MAX_DIALOGUE);
  } catch (error) {
    // A run without a recording has still its result.
    if (error instanceof Fault) return [];
    throw error;
  }
}
