import { bundleHosts } from './bundle.ts';
import { createCopies } from './copied-data-dirs.ts';
import { inspectDead } from './unit-flash.ts';
import { startImpostor } from './impostor.ts';
import { type Findings, judge, noFindings, type Settled } from './check-invariants.ts';
import { createFrameLoser } from './truncated-log.ts';
import { type Lane, startLane } from './station-under-test.ts';
import type { TortureOptions } from './options.ts';
import { createChance } from './random-source.ts';
import { type RegistrySite, startRegistrySite } from './registry-under-test.ts';

export interface SiteOptions extends TortureOptions {
  readonly dir: string;
  readonly unitsPerLane: number;
  readonly leaseBlock: number;
  readonly restless: boolean;
  readonly faultyShare: number;
  /** Of the killed stations, so many are copied and lose the end of their write-ahead log. */
  readonly lostFramesShare: number;
  /** Of the kills of stations, so many are followed by a copy of the data directory. */
  readonly copiesShare: number;
  readonly say: (text: string) => void;
}

/** Durations of the simulated devices: as fast as still leaves windows to be killed in. */
const TIME_SCALE = 0.1;

/** One registry and its stations, with what was found wrong so far. */
export interface Site extends AsyncDisposable {
  readonly registry: RegistrySite;
  readonly lanes: readonly Lane[];
  readonly findings: Findings;
  readonly kills: () => { readonly station: number; readonly simulator: number; readonly registry: number };
  /** Attempts to pose as a station that the registry refused. */
  readonly impostures: () => number;
  /** Rejects when one of its processes ends by itself. */
  readonly failed: Promise<never>;
  /** Lets everything be sent, closes all and compares the three truths. */
  settle(): Promise<Findings>;
}

export async function startSite(options: SiteOptions): Promise<Site> {
  const { dir, unitsPerLane, say } = options;
  const findings = noFindings();
  await using opening = new AsyncDisposableStack();
  const hosts = await bundleHosts();
  // Blocks that a station holds and units that come back need more than there are units.
  const triples = options.stations * (unitsPerLane * 2 + 3 * options.leaseBlock + 50);
  const registry = opening.use(await startRegistrySite(dir, hosts, triples, () => undefined));
  const lanes: Lane[] = [];
  const frameLoser = createFrameLoser(dir, options.lostFramesShare, createChance(options.seed, 'frames'));
  const copies = createCopies(
    { dir, seed: options.seed, share: options.copiesShare, mqttUrl: () => registry.mqtt() },
    createChance(options.seed, 'copies'),
  );
  for (let number = 1; number <= options.stations; number++) {
    const lane = await startLane({
      number,
      dir,
      hosts,
      seed: options.seed,
      units: unitsPerLane,
      slots: options.slots,
      leaseBlock: options.leaseBlock,
      restless: options.restless,
      sabotage: options.sabotage,
      timeScale: TIME_SCALE,
      faultyShare: options.faultyShare,
      registry,
      onKilled(who, killed) {
        if (who !== 'station') return;
        frameLoser.noteKill(killed);
        copies.noteKill(killed);
        for (const offence of inspectDead(killed)) {
          say(`FOUND after a kill of ${killed.name}: ${offence}`);
          findings.lostResults.push(`${killed.name}: ${offence}`);
        }
      },
    });
    opening.use(lane);
    lanes.push(lane);
  }
  // In boundaries mode each commit of the registry is numbered: the impostor would add commits of its own.
  const impostor = options.restless
    ? opening.use(startImpostor(impostorParts(options, registry, findings)))
    : null;
  const keepers = [registry.keeper, ...lanes.flatMap(({ station, bench }) => [station, bench])];
  const failed = Promise.race(keepers.map((keeper) => keeper.failed.promise));
  failed.catch(() => undefined);
  const close = opening.move();

  return {
    registry,
    lanes,
    findings,
    failed,
    impostures: () => impostor?.refused() ?? 0,
    kills: () => ({
      station: lanes.reduce((sum, { station }) => sum + station.kills, 0),
      simulator: lanes.reduce((sum, { bench }) => sum + bench.kills, 0),
      registry: registry.keeper.kills,
    }),
    async settle() {
      const settled: Settled[] = [];
      for (const lane of lanes) {
        await lane.network.calm();
        await lane.station.ready();
        const answer = await lane.station.ask({ settle: true });
        if (answer === null || answer['code'] !== undefined)
          throw new Error(`${lane.name} could not settle: ${String(answer?.['message'] ?? 'it was killed')}`);
        settled.push({ ...(answer as unknown as Settled), lane });
      }
      say(`${await copies.settle(findings)} copies of killed stations were made and worked with`);
      await close.disposeAsync();
      const { cut, refused } = await frameLoser.settle(findings);
      say(`copies of killed stations whose log was cut: ${cut}, of which ${refused} said what they lack`);
      judge(settled, registry.dataDir, findings);
      return findings;
    },
    [Symbol.asyncDispose]: () => close.disposeAsync(),
  };
}

function impostorParts(
  { seed, say }: SiteOptions,
  registry: RegistrySite,
  findings: Findings,
): Parameters<typeof startImpostor>[0] {
  let url = '';
  registry.follow((now) => (url = now));
  return {
    dataDir: registry.dataDir,
    url: () => url,
    shared: registry.token(),
    chance: createChance(seed, 'impostor'),
    found(offence) {
      say(`FOUND: ${offence}`);
      findings.violations.push(offence);
    },
  };
}
