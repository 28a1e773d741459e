import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureBundle } from '../../../../scripts/lib/bundles.ts';
import { contract, type DryRunState, type StationContract } from '#shared/contract/index.ts';
import { SIMULATED_UNITS, simulatedUnitOf } from '#shared/domain/simulated-unit.ts';
import { type Client, connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import { PROFILE_NAMES } from '#simulator';
import { COMMAND_LINE } from '../../../kit/command-line.ts';
import { describedRecipe, moduleRecipe, sampleRecipe } from '../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { findScriptSandbox } from '../../../../station/execution/scripts/index.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { Changes, until } from '../../../support/until.ts';
import { LONG } from '../../../support/depth.ts';

const ASKING = moduleRecipe({
  steps: `  - name: test
    steps:
      - { verb: prompt, name: lit, title: { zh-CN: 灯, en: Lamp }, kind: pass-fail, ask: { zh-CN: 亮吗, en: Is it lit? } }
      - verb: at-command
        name: flash-size
        send: AT+TCMODULE
        expect: '[Ff]lash size\\s*:\\s*(\\d+)\\s*MB'
        measure: [{ name: flash-size, group: 1, as: number, unit: MB, limits: { min: 1, max: 16 } }]
`,
});

/** The page of an engineer that watches the dry run. */
class EngineersPage {
  readonly client: Client<StationContract>;
  readonly #changes = new Changes();
  #state: DryRunState | null = null;

  constructor({ station }: TestStation) {
    const [here, there] = createInMemoryTransports();
    station.serve(there, new Session({ role: 'engineer', user: 'Chen' }));
    this.client = connect(contract, here);
    this.client.watch('dryRun', {
      onState: (state) => {
        this.#state = state;
        this.#changes.notify();
      },
    });
  }

  when<T>(find: (current: NonNullable<DryRunState['current']>) => T | undefined): Promise<T> {
    return this.#changes.until(
      () => (this.#state?.current == null ? undefined : find(this.#state.current)),
      () => `waited in vain; the dry run is ${JSON.stringify(this.#state?.current)}`,
    );
  }
}

async function startWithDryRuns(): Promise<TestStation> {
  await ensureBundle('cli');
  return startStation({ config: { dryRunCommand: [process.execPath, COMMAND_LINE] } });
}

async function draftOf(
  { station }: TestStation,
  page: EngineersPage,
  source: string,
  script?: { readonly name: string; readonly text: string },
): Promise<string> {
  const upload = async (name: string, text: string): Promise<string> => {
    const bytes = Buffer.from(text);
    async function* chunks(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(bytes);
    }
    const signal = new AbortController().signal;
    return (await station.uploads.receive(name, bytes.length, chunks(), 'Chen', signal)).fileId;
  };
  const fileIds = [await upload('a.yaml', source)];
  if (script !== undefined) fileIds.push(await upload(script.name, script.text));
  return (await page.client.call('recipes.import', { fileIds })).draftId;
}

test('a dry run executes a recipe on a simulated unit with its questions, and leaves nothing at the station', async () => {
  await using setup = await startWithDryRuns();
  const page = new EngineersPage(setup);
  const draftId = await draftOf(setup, page, ASKING);
  const { dryRunId } = await page.client.call('dryRuns.start', { of: { draftId }, unit: 'at-module' });
  const prompt = await page.when((run) => run.prompt ?? undefined);
  expect(prompt.ask.en).toBe('Is it lit?');
  const titles = await page.when((run) => run.recipeTitles);
  expect(titles['test/lit']).toEqual({ 'zh-CN': '灯', en: 'Lamp' });
  // One at a time.
  expect(
    await faultOf(() => page.client.call('dryRuns.start', { of: { draftId }, unit: 'at-module' })),
  ).toMatchObject({ code: 'dry-run-busy' });
  const late = { dryRunId, promptId: 'another', answer: 'pass' };
  expect(await faultOf(() => page.client.call('dryRuns.answer', late))).toMatchObject({
    code: 'prompt-none',
  });
  await page.client.call('dryRuns.answer', { dryRunId, promptId: prompt.promptId, answer: 'pass' });
  const ended = await page.when((run) => (run.state === 'running' ? undefined : run));
  expect(ended).toMatchObject({ state: 'ended', outcome: 'PASS', failure: null, fault: null });
  expect(ended.steps.map(({ step, outcome }) => `${step} ${outcome}`)).toEqual(
    expect.arrayContaining(['burn-triple PASS', 'lit PASS', 'flash-size PASS']),
  );
  expect(ended.steps.flatMap(({ measured }) => measured).join()).toMatch(/flash-size = \d+ MB/);
  const { dialogue } = await page.client.call('dryRuns.dialogue', { dryRunId });
  expect(dialogue.find(({ kind, text }) => kind === 'sent' && text.includes('AT+TCMODULE'))).toBeDefined();

  const { database } = setup.station;
  expect(database.outbox.listPending(10)).toEqual([]);
  expect(database.batches.list()).toEqual([]);
  expect(database.recipeVersions.list()).toEqual([]);
  expect(setup.station.identities()).toEqual([]);
});

test('a dry run is cancelled with its process, and what a killed station left is removed at the next start', async () => {
  await using setup = await startWithDryRuns();
  const page = new EngineersPage(setup);
  const draftId = await draftOf(setup, page, ASKING);
  const { dryRunId } = await page.client.call('dryRuns.start', { of: { draftId }, unit: 'at-module' });
  await page.when((run) => run.prompt ?? undefined);
  const runs = join(setup.dataDir, 'dry-runs');
  expect(readdirSync(runs)).toEqual([dryRunId]);
  await page.client.call('dryRuns.cancel', { dryRunId });
  expect(await page.when((run) => run.state)).toBe('cancelled');
  // Waits for the end of the process.
  await setup.close();
  expect(existsSync(runs)).toBe(false);

  mkdirSync(join(runs, 'left', 'work'), { recursive: true });
  writeFileSync(join(runs, 'left', 'work', 'secret'), 'x');
  await setup.restart();
  expect(existsSync(runs)).toBe(false);
});

test.runIf(LONG)(
  'a dry run that is started while a cancelled one ends can be cancelled as well',
  async () => {
    await using setup = await startWithDryRuns();
    const page = new EngineersPage(setup);
    const draftId = await draftOf(setup, page, ASKING);
    const start = (): Promise<{ dryRunId: string }> =>
      page.client.call('dryRuns.start', { of: { draftId }, unit: 'at-module' });
    const runs = join(setup.dataDir, 'dry-runs');
    const first = await start();
    await page.when((run) => run.prompt ?? undefined);
    await page.client.call('dryRuns.cancel', first);
    const second = await start();
    await until(() => !existsSync(join(runs, first.dryRunId)), 'the first one to be gone');
    await page.when((run) => (run.dryRunId === second.dryRunId ? (run.prompt ?? undefined) : undefined));
    await page.client.call('dryRuns.cancel', second);
    await until(() => readdirSync(runs).length === 0, 'the second one to be gone');

    // Cancelled as soon as it is shown, which may be before its process is started.
    const third = start();
    const dryRunId = await page.when((run) => (run.state === 'running' ? run.dryRunId : undefined));
    await page.client.call('dryRuns.cancel', { dryRunId });
    await third;
    await until(() => readdirSync(runs).length === 0, 'the third one to be gone');
  },
);

// Only root can look into the namespace of a process of another user.
test.skipIf(process.platform !== 'linux' || process.getuid?.() !== 0)(
  'a script of a dry run does not see the data of the station',
  async ({ skip }) => {
    await using setup = await startWithDryRuns();
    const { dataDir } = setup;
    const sandbox = await findScriptSandbox(process.execPath, process.platform, dataDir);
    skip(!sandbox.restrictions.includes('files'), 'this computer has no namespaces');
    const page = new EngineersPage(setup);
    const steps = '  - name: test\n    steps:\n      - { verb: script, file: own.ts, timeoutMs: 60000 }\n';
    const text = `import { defineScript } from 'gongwei/script';
export default defineScript(() => new Promise((resolve) => setTimeout(resolve, 50_000)));`;
    const draftId = await draftOf(setup, page, moduleRecipe({ steps }), { name: 'own.ts', text });
    const { dryRunId } = await page.client.call('dryRuns.start', { of: { draftId }, unit: 'at-module' });
    expect(existsSync(join(dataDir, 'station.db'))).toBe(true);
    await until(() => scriptsSee(dataDir).some((names) => names.length === 0), 'a script that sees nothing');
    await page.client.call('dryRuns.cancel', { dryRunId });
  },
);

/** What each process of a script on this computer finds in a folder. */
function scriptsSee(dir: string): string[][] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      const flags = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return flags.includes('--disallow-code-generation-from-strings')
        ? [readdirSync(`/proc/${pid}/root${dir}`)]
        : [];
    } catch {
      // No process, one that has ended, or one without this folder.
      return [];
    }
  });
}

test('a recipe that does not fit the unit fails with its reason, and a station without simulated units says so', async () => {
  await using setup = await startWithDryRuns();
  const page = new EngineersPage(setup);
  const draftId = await draftOf(setup, page, describedRecipe('- { verb: wait, ms: 1 }'));
  await page.client.call('dryRuns.start', { of: { draftId }, unit: 'at-module' });
  const ended = await page.when((run) => (run.state === 'running' ? undefined : run));
  expect(ended).toMatchObject({
    state: 'ended',
    outcome: 'FAIL',
    failure: { phase: 'who', step: 'identify' },
  });

  await setup.restart({ dryRunCommand: undefined });
  const again = new EngineersPage(setup);
  expect(
    await faultOf(() => again.client.call('dryRuns.start', { of: { draftId }, unit: 'at-module' })),
  ).toMatchObject({ code: 'tool-missing' });
});

test('the simulated units are those of the simulator, and each shipped recipe has one', async () => {
  expect([...SIMULATED_UNITS].sort()).toEqual([...PROFILE_NAMES].sort());
  const names = readdirSync(join(import.meta.dirname, '../../../../resources/recipes')).filter((name) =>
    name.endsWith('.yaml'),
  );
  const units = await Promise.all(
    names.map(async (name) => simulatedUnitOf((await sampleRecipe(name)).recipe)),
  );
  expect(units).not.toContain(null);
  // A copy under another name flashes the same chip.
  const [chip, voice] = await Promise.all(['esp32c3-nvs.yaml', 'xmodem-su03t.yaml'].map(sampleRecipe));
  expect(simulatedUnitOf({ ...chip!.recipe, name: 'heater' })).toBe('esp32c3');
  expect(simulatedUnitOf({ ...voice!.recipe, name: 'speaker' })).toBe('xmodem');
});

test.runIf(LONG)(
  'a dry run of a recipe that is for one firmware needs no firmware of the station, and stores none',
  async () => {
    await using setup = await startWithDryRuns();
    const page = new EngineersPage(setup);
    const source = moduleRecipe().replace('phases:', `firmware: { sha256: ${'ab'.repeat(32)} }\nphases:`);
    expect(source).toContain('firmware:');
    const draftId = await draftOf(setup, page, source);
    await page.client.call('dryRuns.start', { of: { draftId }, unit: 'at-module' });
    expect(await page.when((run) => (run.state === 'running' ? undefined : run))).toMatchObject({
      state: 'ended',
      outcome: 'PASS',
    });
    expect(setup.station.database.firmware.list()).toEqual([]);
  },
);
