import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestOf } from './needed-packages.ts';
import { writeArchive } from './asar.ts';

/** Marker of the fuses in an executable, followed by version 1, their number, and their states. Source: @electron/fuses. */
const FUSE_SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = 9;

const FILES = [
  'chrome_100_percent.pak', 'chrome_200_percent.pak', 'chrome_crashpad_handler', 'chrome-sandbox', 'icudtl.dat', 'libEGL.so',
  'libGLESv2.so', 'libffmpeg.so', 'libvk_swiftshader.so', 'libvulkan.so.1', 'resources.pak', 'snapshot_blob.bin',
  'v8_context_snapshot.bin', 'vk_swiftshader_icd.json', 'LICENSE', 'LICENSES.chromium.html',
] as const; // prettier-ignore

/**
 * Creates a folder with the file names of Electron's runtime for Linux but without its code. With it electron-builder works
 * where the runtime cannot be fetched, so that everything but the runtime can be verified. The package cannot run.
 */
export function makeStandIn(root: string, dir: string): void {
  rmSync(dir, { recursive: true, force: true });
  for (const folder of ['locales', 'resources']) mkdirSync(join(dir, folder), { recursive: true });
  for (const name of FILES) writeFileSync(join(dir, name), 'stand-in\n');
  for (const locale of ['en-US', 'zh-CN']) writeFileSync(join(dir, 'locales', `${locale}.pak`), 'stand-in\n');
  writeFileSync(join(dir, 'version'), manifestOf(join(root, 'node_modules/electron')).version);
  writeArchive(join(dir, 'resources/default_app.asar'), { 'package.json': '{"name":"stand-in"}' });
  const executable = join(dir, 'electron');
  // A program of this system, because electron-builder needs an executable.
  copyFileSync('/bin/true', executable);
  const fuses = Buffer.concat([
    Buffer.from(FUSE_SENTINEL),
    Buffer.from([1, FUSES]),
    Buffer.from('0'.repeat(FUSES)),
  ]);
  writeFileSync(executable, Buffer.concat([readFileSync(executable), fuses]), { mode: 0o755 });
}

/** The states of an executable's fuses, in Electron's order. @throws Error when it has none */
export function readFuses(executable: string): readonly ('on' | 'off' | 'removed')[] {
  const bytes = readFileSync(executable);
  const index = bytes.indexOf(FUSE_SENTINEL);
  if (index < 0) throw new Error(`${executable} has no fuses`);
  const fuses = bytes.subarray(index + FUSE_SENTINEL.length);
  return [...fuses.subarray(2, 2 + (fuses[1] ?? 0))].map((one) =>
    one === 0x31 ? 'on' : one === 0x30 ? 'off' : 'removed',
  );
}
