/**
 * Builds everything, lays out what travels, and packages it with electron-builder; arguments go to electron-builder
 * (`--linux`, `--dir`, …). With `--stand-in` it packages for Linux into a folder around a runtime that is none, and
 * looks at the result: for where Electron's runtime cannot be fetched, and for whoever changes what travels.
 */
import { join } from 'node:path';
import { ensureBundle } from '../lib/bundles.ts';
import { runTool } from '../lib/tool.ts';
import { planPackage } from '../package/plan.ts';
import { STAGE, stagePackage } from '../package/stage.ts';
import { makeStandIn } from '../package/stand-in.ts';
import { verifyPackage } from '../package/verify.ts';
import { ROOT } from '../setup/run-in-place.mjs';

const args = process.argv.slice(2).filter((arg) => arg !== '--stand-in');
const standIn = args.length < process.argv.length - 2;
const say = (text: string): void => void process.stderr.write(`dist: ${text}\n`);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

try {
  for (const name of ['pages', 'electron'] as const) say(`${name}: ${await ensureBundle(name)}`);
  const plan = planPackage(ROOT, { platform: process.platform, arch: process.arch });
  stagePackage(ROOT, join(ROOT, STAGE), plan);
  say(`${plan.packages.length} packages travel, ${plan.files.length} files of them`);
  process.exitCode = standIn ? await packageAround(plan) : await packageForUse();
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function packageForUse(): Promise<number> {
  say("electron-builder now fetches Electron's runtime, which is not on npm.");
  const { status } = await runTool('electron-builder', ['--publish', 'never', ...args], 'live');
  if (status !== 0)
    say(
      "packaging failed (see above). If the runtime cannot be downloaded from here, put Electron's zip in the cache that ELECTRON_CACHE names, or run this where it can; --stand-in looks at everything but the runtime.",
    );
  return status;
}

async function packageAround(plan: ReturnType<typeof planPackage>): Promise<number> {
  if (process.platform !== 'linux') throw new Error('--stand-in packages for Linux, on Linux');
  const runtime = join(ROOT, '.cache/stand-in');
  makeStandIn(ROOT, runtime);
  const output = 'dist/stand-in';
  const { status } = await runTool(
    'electron-builder',
    [
      '--publish',
      'never',
      '--linux',
      '--dir',
      `-c.electronDist=${runtime}`,
      `-c.directories.output=${output}`,
    ],
    'live',
  );
  if (status !== 0) return status;
  const seen = verifyPackage(ROOT, join(ROOT, output, 'linux-unpacked'), plan);
  say(
    `archive ${megabytes(seen.archiveBytes)} with ${seen.archivedFiles} files, beside it ${megabytes(seen.unpackedBytes)}`,
  );
  say(`Node for scripts ${megabytes(seen.nodeBytes)}, notices ${megabytes(plan.notices.length)}`);
  say(`binaries: ${seen.natives.join(', ')}`);
  say(`the core from the archive, under plain Node: ${seen.core}`);
  say('as planned; this package has no runtime and cannot be started');
  return 0;
}
