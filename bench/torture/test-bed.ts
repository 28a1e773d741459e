import { bundleHosts } from './bundle.ts';
import { createCopies } from './copied-data-dirs.ts';
import { checkKilledStation } from './check-killed-station.ts';
import { startImpostor } from './impostor.ts';
import { checkBalances } from './check-balances.ts';
import { checkInvariants, type FinalState } from './check-invariants.ts';
import { type Findings, noFindings } from './findings.ts';
import { createLogTruncator } from './truncated-log.ts';
import { checkOutputs, printsBeingSent } from './outputs/check-outputs.ts';
import { type StationUnderTest, startStationUnderTest } from './station-under-test.ts';
import type { TortureOptions } from './options.ts';
import { createRandomSource } from '../lib/random-source.ts';
import { type RegistryUnderTest, startRegistryUnderTest } from './registry-under-test.ts';

export interface TestBedOptions extends TortureOptions {
  readonly dir: string;
  readonly unitsPerStation: number;
  readonly leaseBlock: number;
  readonly autonomous: boolean;
  readonly faultyShare: number;
  /** Share of kills of stations after which a copy of the data directory loses the end of its write-ahead log. */
  readonly truncatedLogShare: number;
  /** Share of kills of stations after which the data directory is copied. */
  readonly copiesShare: number;
  /** Units of a batch whose labels, attachments, reports and closing are checked; 0: there are none. */
  readonly batchUnits: number;
  readonly log: (text: string) => void;
}

/** Factor of the durations of simulated devices: short, but long enough for kills in between. */
const TIME_SCALE = 0.1;
/** From here on the next process is loaded in advance, which costs a process of each that is never used. */
const MANY_KILLS = 20;

/** One registry, its stations, and the findings so far. */
export interface TestBed extends AsyncDisposable {
  readonly registry: RegistryUnderTest;
  readonly suts: readonly StationUnderTest[];
  readonly findings: Findings;
  readonly kills: () => { readonly station: number; readonly simulator: number; readonly registry: number };
  /** Number of refused attempts to pose as a station. */
  readonly impostures: () => number;
  /** Rejects when one of its processes ends by itself. */
  readonly failed: Promise<never>;
  /** Waits until everything is sent, closes all processes and checks the invariants. */
  settle(): Promise<Findings>;
}

export async function startTestBed(options: TestBedOptions): Promise<TestBed> {
  const { dir, unitsPerStation, log } = options;
  const findings = noFindings();
  await using opening = new AsyncDisposableStack();
  const hosts = await bundleHosts();
  const hasSpares = options.kills >= MANY_KILLS;
  // Unused blocks of stations and re-issued units need more triples than there are units.
  const triples = options.stations * (unitsPerStation * 2 + 3 * options.leaseBlock + 50);
  const registry = opening.use(await startRegistryUnderTest(dir, hosts, triples, hasSpares));
  const suts: StationUnderTest[] = [];
  const interrupted = new Set<string>();
  const logTruncator = createLogTruncator(
    dir,
    options.truncatedLogShare,
    createRandomSource(options.seed, 'frames'),
  );
  const copies = createCopies(
    {
      dir,
      seed: options.seed,
      share: options.copiesShare,
      mqttUrl: () => registry.mqtt(),
      gatewayUrl: () => registry.http(),
    },
    createRandomSource(options.seed, 'copies'),
  );
  for (let number = 1; number <= options.stations; number++) {
    const sut = await startStationUnderTest({
      number,
      device: options.devices[(number - 1) % options.devices.length] ?? 'at-module',
      dir,
      hosts,
      seed: options.seed,
      units: unitsPerStation,
      slots: options.slots,
      leaseBlock: options.leaseBlock,
      autonomous: options.autonomous,
      mutation: options.mutation,
      timeScale: TIME_SCALE,
      hasSpares,
      faultyShare: options.faultyShare,
      registry,
      // The others run more units, and more of their kills are in a burn.
      batchUnits: number % 2 === 1 ? options.batchUnits : 0,
      findings,
      onKilled(who, killed) {
        if (who !== 'station') return;
        if (killed.outputs !== null)
          for (const print of printsBeingSent(killed.dataDir)) interrupted.add(print);
        logTruncator.noteKill(killed);
        copies.noteKill(killed);
        for (const violation of checkKilledStation(killed)) {
          log(`FOUND after a kill of ${killed.name}: ${violation}`);
          findings.lostResults.push(`${killed.name}: ${violation}`);
        }
      },
    });
    opening.use(sut);
    suts.push(sut);
  }
  // In boundaries mode the commits of the registry are counted, and the impostor would add commits.
  const impostor = options.autonomous
    ? opening.use(startImpostor(impostorParts(options, registry, findings)))
    : null;
  const keepers = [registry.supervisor, ...suts.flatMap(({ station, simulator }) => [station, simulator])];
  const failed = Promise.race(keepers.map((supervisor) => supervisor.failed.promise));
  failed.catch(() => undefined);
  const close = opening.move();

  return {
    registry,
    suts,
    findings,
    failed,
    impostures: () => impostor?.refused() ?? 0,
    kills: () => ({
      station: suts.reduce((sum, { station }) => sum + station.kills, 0),
      simulator: suts.reduce((sum, { simulator }) => sum + simulator.kills, 0),
      registry: registry.supervisor.kills,
    }),
    async settle() {
      const finalStates: FinalState[] = [];
      for (const sut of suts) {
        await sut.network.stopFaults();
        await sut.outputs?.printer.stopFaults();
        await sut.outputs?.operator.settle();
        await sut.station.ready();
        const answer = await sut.station.ask({ settle: true });
        if (answer === null || answer['code'] !== undefined)
          throw new Error(`${sut.name} could not settle: ${String(answer?.['message'] ?? 'it was killed')}`);
        finalStates.push({ ...(answer as unknown as FinalState), sut });
      }
      for (const { outputs, ...sut } of suts) {
        if (outputs === null) continue;
        const { printer, reports } = outputs;
        const { papers } = printer;
        log(
          `${sut.name}: ${papers.length} papers, ${interrupted.size} prints interrupted, ${printer.powerCycles()} power cycles`,
        );
        await checkOutputs({ ...sut, papers, interrupted, reports, registryDir: registry.dataDir }, findings);
      }
      log(`${await copies.settle(findings)} copied data directories ran units`);
      await close.disposeAsync();
      const { cut, refused } = await logTruncator.settle(findings);
      log(`copies with a truncated log: ${cut}; starts refused: ${refused}`);
      checkInvariants(finalStates, registry.dataDir, findings);
      await checkBalances(finalStates, registry.dataDir, findings);
      return findings;
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

function impostorParts(
  { seed, log }: TestBedOptions,
  registry: RegistryUnderTest,
  findings: Findings,
): Parameters<typeof startImpostor>[0] {
  let url = '';
  registry.follow((now) => (url = now));
  return {
    dataDir: registry.dataDir,
    url: () => url,
    enrolmentToken: registry.token(),
    random: createRandomSource(seed, 'impostor'),
    onViolation(violation) {
      log(`FOUND: ${violation}`);
      findings.violations.push(violation);
    },
  };
}
