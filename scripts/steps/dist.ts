/**
 * Builds all bundles, stages the files of the package, and packages them with electron-builder, which gets the arguments
 * (`--linux`, `--dir`, …). With `--stand-in` it packages for Linux around a runtime without code and verifies the result.
 * That works where Electron's runtime cannot be fetched, and checks changes of the package's content.
 */
import { join } from 'node:path';
import { ensureBundle } from '../lib/bundles.ts';
import { answerHelp } from '../lib/step-args.ts';
import { runTool } from '../lib/tool.ts';
import { planPackage } from '../package/plan.ts';
import { STAGE, stagePackage } from '../package/stage.ts';
import { makeStandIn } from '../package/stand-in.ts';
import { verifyPackage } from '../package/verify.ts';
import { ROOT } from '../setup/run-in-place.mjs';

answerHelp(`npm run dist [-- OPTION…]
  Builds all bundles and packages them with electron-builder.
  --stand-in   packages for Linux around a runtime without code, and verifies the result
  Other options are passed to electron-builder: --linux, --win, --mac, --dir, …
`);
const args = process.argv.slice(2).filter((arg) => arg !== '--stand-in');
const standIn = args.length < process.argv.length - 2;
const log = (text: string): void => void process.stderr.write(`dist: ${text}\n`);
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

try {
  for (const name of ['pages', 'electron'] as const) log(`${name}: ${await ensureBundle(name)}`);
  const plan = planPackage(ROOT, { platform: process.platform, arch: process.arch });
  stagePackage(ROOT, join(ROOT, STAGE), plan);
  log(`${plan.packages.length} packages are included, with ${plan.files.length} files`);
  process.exitCode = standIn ? await packageAround(plan) : await packageForUse();
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function packageForUse(): Promise<number> {
  log("electron-builder now fetches Electron's runtime, which is not on npm.");
  const { status } = await runTool('electron-builder', ['--publish', 'never', ...args], 'live');
  if (status !== 0)
    log(
      "packaging failed (see above). If the runtime cannot be downloaded from here, put Electron's zip in the cache that ELECTRON_CACHE names, or run this on another machine; --stand-in verifies everything but the runtime.",
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
  const verified = verifyPackage(ROOT, join(ROOT, output, 'linux-unpacked'), plan);
  log(
    `archive ${megabytes(verified.archiveBytes)} with ${verified.archivedFiles} files, unpacked ${megabytes(verified.unpackedBytes)}`,
  );
  log(`Node for scripts ${megabytes(verified.nodeBytes)}, notices ${megabytes(plan.notices.length)}`);
  log(`binaries: ${verified.natives.join(', ')}`);
  log(`the core from the archive, under plain Node: ${verified.core}`);
  log('the package is as planned; it has no runtime and cannot be started');
  return 0;
}
