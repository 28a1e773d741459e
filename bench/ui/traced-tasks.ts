import { setTimeout as wait } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';

interface TraceEvent {
  readonly ph: string;
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  readonly args: { readonly name?: string };
  /** Processor time in microseconds. */
  readonly tdur?: number;
}

/**
 * Processor times of the tasks of the page's thread for so long, ms. Unlike their durations they do not contain the time in
 * which another program had the processor.
 */
export async function traceTasks(browser: Browser, page: Page, forMs: number): Promise<number[]> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  await wait(forMs);
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const threads = trace.traceEvents.filter(
    ({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain',
  );
  const keys = new Set(threads.map(({ pid, tid }) => `${pid}:${tid}`));
  return trace.traceEvents.flatMap(({ ph, pid, tid, tdur = 0 }) =>
    ph === 'X' && keys.has(`${pid}:${tid}`) ? [tdur / 1000] : [],
  );
}
