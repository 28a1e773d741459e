import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CDPSession, Page } from 'playwright-core';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import type { Benchmark } from '../lib/benchmark.ts';
import { launchBrowser } from '../lib/browser.ts';
import { startChild } from '../lib/child.ts';
import { quantile, rounded } from '../lib/statistics.ts';
import type { BegunStep } from './keep-slots-at-work.ts';
import { matchPaints } from './match-paints.ts';
import { installProbe, type Probed } from './page-probe.ts';
import { traceTasks } from './traced-tasks.ts';

const SLOTS = 16;
const BAUD_RATE = 115_200;
const SECONDS = 600;
const WARM_UP_SHARE = 0.1;
/** The operator presses Space as often, which acknowledges a result or answers a question. */
const SPACE_EVERY_MS = 1000;
/** How long the processor times of tasks are recorded, after all else. */
const TRACED_MS = 5000;
const PAGES = fileURLToPath(new URL('../../out/renderer', import.meta.url));
const UNITS = new URL('../runner/units-host.ts', import.meta.url);
const STATION = fileURLToPath(new URL('./station-child.ts', import.meta.url));

/** The operator page in a browser, over a station whose 16 slots each begin ten steps a second. */
export const uiBenchmark: Benchmark = {
  purpose: `the operator page with ${SLOTS} slots at 10 steps a second each (--seconds N, default ${SECONDS})`,
  async run(row, log, { seconds = SECONDS } = {}) {
    await ensureBundle('pages');
    const dir = mkdtempSync(join(tmpdir(), 'gongwei-bench-ui-'));
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rmSync(dir, { recursive: true, force: true }));
    const units = stack.use(await startChild<{ paths: string[] }>(UNITS, [`${SLOTS}`, `${BAUD_RATE}`, '0']));
    const station = await startStation(dir, units.ready.paths);
    stack.defer(() => station.close());
    const browser = await launchBrowser({ motion: true });
    stack.defer(() => browser.close());
    const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, locale: 'zh-CN' });
    const page = await context.newPage();
    await page.addInitScript(installProbe);
    await page.goto(station.url);
    await page.waitForSelector('[data-testid="phase"]');

    const cdp = await context.newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    const warmUpMs = seconds * 1000 * WARM_UP_SHARE;
    log(`${Math.round(warmUpMs / 1000)} s to warm up`);
    await operate(page, warmUpMs);
    const warm = await readMemory(cdp);
    station.takeSteps();
    const before = await readMetrics(cdp);
    log('measuring');
    const halfMs = (seconds * 1000 - warmUpMs) / 2;
    const first = await operate(page, halfMs);
    const middle = await readMemory(cdp);
    const second = await operate(page, halfMs);
    const after = await readMetrics(cdp);
    const end = await readMemory(cdp);
    const steps = station.takeSteps();
    log('tracing tasks');
    const tasksCpuMs = await traceTasks(browser, page, TRACED_MS);

    const probed = [...first, ...second];
    const paintsMs = matchPaints(steps, probed.flatMap(({ painted }) => painted)); // prettier-ignore
    const longTasksMs = probed.flatMap((one) => one.longTasksMs);
    const measuredMs = 2 * halfMs;
    row({
      case: `operator page, ${SLOTS} slots`,
      subject: 'gongwei',
      seconds,
      stepsPerSlotAndS: rounded(steps.length / SLOTS / (measuredMs / 1000), 1),
      messages: sum(probed, ({ messages }) => messages),
      changes: sum(probed, ({ changes }) => changes),
      longTasks: longTasksMs.length,
      longestTaskMs: Math.round(Math.max(0, ...longTasksMs)),
      longestTaskCpuMs: rounded(Math.max(0, ...tasksCpuMs), 1),
      medianPaintMs: quantile(paintsMs, 0.5),
      p95PaintMs: quantile(paintsMs, 0.95),
      paints: paintsMs.length,
      pageCpuPercent: rounded((100 * (after.taskMs - before.taskMs)) / measuredMs, 1),
      heapWarmMb: warm.heapMb,
      heapMiddleMb: middle.heapMb,
      heapMb: end.heapMb,
      nodesWarm: warm.nodes,
      nodes: end.nodes,
      loadAverage: rounded(loadavg()[0] ?? 0, 1),
    });
  },
};

/** The operator at the page for this long. */
async function operate(page: Page, forMs: number): Promise<Probed[]> {
  const probed: Probed[] = [await page.evaluate(() => takeProbed())].slice(1);
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs) {
    await wait(Math.min(SPACE_EVERY_MS, Math.max(1, endMs - performance.now())));
    await page.keyboard.press('Space');
    probed.push(await page.evaluate(() => takeProbed()));
  }
  return probed;
}

interface Memory {
  readonly heapMb: number;
  /** Of the document and detached ones. */
  readonly nodes: number;
}

/** After a forced collection. */
async function readMemory(cdp: CDPSession): Promise<Memory> {
  await cdp.send('HeapProfiler.enable');
  // The second collection frees what the finalizers of the first let go.
  await cdp.send('HeapProfiler.collectGarbage');
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  const { nodes } = await cdp.send('Memory.getDOMCounters');
  await cdp.send('HeapProfiler.disable');
  return { heapMb: rounded(usedSize / 1e6), nodes };
}

/** Processor time of the page's thread. */
async function readMetrics(cdp: CDPSession): Promise<{ readonly taskMs: number }> {
  const { metrics } = await cdp.send('Performance.getMetrics');
  const value = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  return { taskMs: value * 1000 };
}

function sum<T>(list: readonly T[], of: (one: T) => number): number {
  return list.reduce((total, one) => total + of(one), 0);
}

interface StationProcess {
  readonly url: string;
  /** The steps since the last call. */
  takeSteps(): BegunStep[];
  close(): Promise<void>;
}

async function startStation(dir: string, ports: readonly string[]): Promise<StationProcess> {
  const args = [STATION, join(dir, 'station'), PAGES, ...ports];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const lines = createInterface(child.stdout);
  let steps: BegunStep[] = [];
  const ready = once(lines, 'line');
  const failed = exited.then(([status]) => {
    throw new Error(`the station ended with ${status} before it was ready`);
  });
  const [line] = (await Promise.race([ready, failed])) as [string];
  failed.catch(() => undefined);
  lines.on('line', (text) => {
    const one = JSON.parse(text) as Partial<BegunStep>;
    if (one.step !== undefined) steps.push(one as BegunStep);
  });
  return {
    url: (JSON.parse(line) as { url: string }).url,
    takeSteps() {
      const taken = steps;
      steps = [];
      return taken;
    },
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}
