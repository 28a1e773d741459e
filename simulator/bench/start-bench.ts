import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

import { sha256Hex } from '#node-kit/crypto/index.ts';
import { readFileIfThere, writeFileAtomic } from '#node-kit/files/index.ts';
import { Fault } from '#shared/domain/fault.ts';

import { openAirPort, VirtualAir } from '../air/index.ts';
import { BOARD_KINDS, openBoard, type Wiring } from '../board/index.ts';
import { assignFaults, faultFile } from '../faults/index.ts';
import { SecretVault, UnitFlash } from '../flash/index.ts';
import { DIALECT_CHOICES, profileNamed } from '../profiles/index.ts';
import { type Libc, loadLibc } from '../pty/index.ts';
import { openTcpOutlet, ptyOutlet } from '../wire/index.ts';
import { macOf, serialNumberOf } from './addresses.ts';
import { Bench, type BenchAir } from './bench.ts';
import type { BenchEvent } from './events.ts';
import { checkFault } from './fault-change.ts';
import { Fixture } from './fixture.ts';
import { Unit } from './unit.ts';

const MAX_UNITS = 1_000;
/** No unit has it: theirs begin with A2:B7. */
const ADAPTER_ADDRESS = 'A2:AD:00:00:00:01';
const SEED_FILE = 'bench.seed';

const benchOptions = z.object({
  /** Device family, see `PROFILE_NAMES`. */
  profile: z.string(),
  /** Units in all. */
  count: z.number().int().min(1).max(MAX_UNITS),
  /** Fixtures; as many as units when left out. */
  slots: z.number().int().min(1).max(MAX_UNITS).optional(),
  /** Folder of the units' flash memories; a temporary one, removed at the end, when left out. */
  stateDir: z.string().min(1).optional(),
  /** Broker that stands in for the cloud. */
  mqttUrl: z.url({ protocol: /^(mqtt|ws)$/ }).optional(),
  faults: faultFile.optional(),
  /** Paces the wire to this bit rate; as fast as the machine goes when left out. */
  baudRate: z.number().int().min(300).max(10_000_000).optional(),
  /** Factor on every duration of the devices: 1 is as real ones, 0 does not wait at all. */
  timeScale: z.number().min(0).max(100).default(1),
  /** Decides MACs, delays and noise; kept in the state folder, and made up there, when left out. */
  seed: z.string().optional(),
  /**
   * How the devices write their replies: as published firmware does, the opposite of it in everything where documents
   * differ, or each in a way of its own.
   */
  dialect: z.enum(DIALECT_CHOICES).default('documented'),
  /** The fixtures' ports are TCP ports on this machine, `tcp://127.0.0.1:…`, in place of serial ones. */
  tcp: z.boolean().default(false),
  /** Power and pins of the fixtures are wired to a board of this kind; its relays are open at first. */
  board: z.enum(BOARD_KINDS).optional(),
  /** The units have Bluetooth, and a station finds an adapter for it on a port of its own (`sim.air`). */
  ble: z.boolean().default(false),
  serialPrefix: z.string().max(16).default('SN'),
  serialStart: z.number().int().min(0).default(1),
  /** Leave the fixtures empty instead of laying the first units on them. */
  startEmpty: z.boolean().default(false),
});

type Undefinable<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] };

export type BenchOptions = Undefinable<z.input<typeof benchOptions>> & {
  /** Told of everything that happens, in order, beginning with the fixtures. Must not throw. */
  readonly onEvent?: ((event: BenchEvent) => void) | undefined;
};

/**
 * Sets a bench up: opens the fixtures' ports, finds or makes the units' flash, lays the first units on the fixtures
 * and switches them on. Faults: `bad-input`, `not-found` (profile), `tool-missing`, `secret-unreadable`.
 */
export async function startBench(options: BenchOptions): Promise<Bench> {
  const { onEvent, ...rest } = options;
  const parsed = benchOptions.safeParse(rest);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Fault(
      'bad-input',
      `the bench cannot have ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
      {
        hint: 'see docs/simulator.md for the options of a bench',
      },
    );
  }
  const settings = parsed.data;
  const profile = profileNamed(settings.profile);
  const emit = onEvent ?? ((): void => undefined);
  const temporary = settings.stateDir === undefined;
  const stateDir = settings.stateDir ?? (await mkdtemp(join(tmpdir(), 'gongwei-sim-')));
  const fixtures: Fixture[] = [];
  const room = settings.ble ? new VirtualAir({ timeScale: settings.timeScale }) : null;
  const cleanUp = async (): Promise<void> => {
    if (temporary) await rm(stateDir, { recursive: true, force: true });
  };
  try {
    await mkdir(stateDir, { recursive: true });
    const seed = settings.seed ?? (await seedOf(stateDir));
    const vault = await SecretVault.open(stateDir);
    const numbers = Array.from({ length: settings.count }, (_, at) => at + 1);
    const faults = assignFaults(
      settings.faults ?? { units: {} },
      numbers.map((unit) => ({ unit, mac: macOf(seed, unit) })),
    );
    for (const fault of faults.flat()) checkFault(profile, fault);
    const units: Unit[] = [];
    for (const unit of numbers) {
      const flash = await UnitFlash.open(stateDir, vault, {
        mac: macOf(seed, unit),
        serialNumber: serialNumberOf(settings.serialPrefix, settings.serialStart, unit),
        firmwareSha256: sha256Hex(profile.factoryFirmware),
        onCommit: (record) => emit({ event: 'sim.committed', unit, ...record }),
      });
      units.push(
        new Unit({
          unit,
          profile,
          flash,
          faults: faults[unit - 1] ?? [],
          seed,
          dialect: settings.dialect,
          mqttUrl: settings.mqttUrl ?? null,
          air: room,
          timeScale: settings.timeScale,
          onFaults: (changed) =>
            emit({ event: 'sim.faults', ...changed.name, faults: changed.faults.list() }),
          onTrouble: (error) => emit(errorEvent(error)),
        }),
      );
    }
    // A bench of TCP ports alone needs no ptys, and then not a system that has them.
    let loaded: Libc | null = null;
    const libc = (): Libc => (loaded ??= loadLibc());
    const air: BenchAir | null =
      room === null ? null : { air: room, port: openAirPort(room, libc(), { address: ADAPTER_ADDRESS }) };
    if (air !== null) emit({ event: 'sim.air', path: air.port.path });
    for (let slot = 1; slot <= (settings.slots ?? settings.count); slot++) {
      const outlet = settings.tcp
        ? await openTcpOutlet((error) => emit(errorEvent(error)))
        : ptyOutlet(libc());
      const fixture: Fixture = new Fixture({
        slot,
        outlet,
        baudRate: settings.baudRate ?? null,
        supplied: settings.board === undefined,
        onCable: (plugged) =>
          emit({ event: plugged ? 'sim.plugged' : 'sim.unplugged', slot, path: fixture.path }),
      });
      fixtures.push(fixture);
    }
    const { board: kind } = settings;
    const board = kind === undefined ? null : (wiring: Wiring) => openBoard(kind, wiring, ptyOutlet(libc()));
    const bench = new Bench({ stateDir, fixtures, units, emit, air, board, cleanUp });
    if (bench.board !== null) emit({ event: 'sim.board', board: bench.board.kind, path: bench.board.path });
    layOut(fixtures, units, settings.startEmpty, emit);
    return bench;
  } catch (error) {
    for (const fixture of fixtures) fixture.close();
    await room?.[Symbol.asyncDispose]();
    await cleanUp();
    throw error;
  }
}

/** Announces everything first, so that whoever listens knows the bench before the first unit speaks. */
function layOut(
  fixtures: readonly Fixture[],
  units: readonly Unit[],
  startEmpty: boolean,
  emit: (event: BenchEvent) => void,
): void {
  const nobody = { unit: null, mac: null, serialNumber: null };
  for (const [at, fixture] of fixtures.entries()) {
    const { slot, path } = fixture;
    const unit = startEmpty ? undefined : units[at];
    unit?.lieOn(fixture);
    const { unit: number, mac, serialNumber } = unit?.name ?? nobody;
    const who = number === null ? nobody : { unit: number, mac, serialNumber };
    emit({ event: 'sim.listening', slot, path, ...who } as BenchEvent);
  }
  for (const unit of units) {
    if (unit.fixture === null) emit({ event: 'sim.waiting', ...unit.name });
    if (unit.fixture?.supplied === true) unit.powerOn();
  }
}

/** Each state folder has units of its own, and has the same ones when it is used again. */
async function seedOf(stateDir: string): Promise<string> {
  const path = join(stateDir, SEED_FILE);
  const known = readFileIfThere(path);
  if (known !== null) return known.toString('utf8').trim();
  const seed = randomBytes(8).toString('hex');
  await writeFileAtomic(path, `${seed}\n`);
  return seed;
}

/** What went wrong, as a line for people; an unknown error is `internal`. */
export function errorEvent(error: unknown): BenchEvent {
  if (error instanceof Fault) {
    return { event: 'sim.error', code: error.code, message: error.message, hint: error.hint };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { event: 'sim.error', code: 'internal', message, hint: null };
}
