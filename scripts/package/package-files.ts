import { extname } from 'node:path';
import { filesToRun } from './needed-packages.ts';

/** The system for which a package is built. */
export interface Target {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
}

/** Files that no program loads: types, maps, sources of native code, documentation, builds for browsers. */
const NOT_LOADED =
  /\.(?:d\.[cm]?ts|[cm]?ts|map|md|markdown|gyp|gypi|c|cc|cpp|h|hpp|mm|yml|yaml|flow|tsbuildinfo|html|stamp|mk|makefile|iml|ps|css|svg|png)$/i;
const NOT_PROGRAM =
  /(?:^|\/)(?:rollup|jest|vitest|webpack|eslint)[^/]*$|(?:^|\/)\.[^/]+|[.-](?:browser|standalone|umd|old)(?:\.[^/]*)?\.m?js$|(?:^|\/)(?:browser|dist\/browser|umd)\//;
const NATIVE = '.node';

/** The distributed files of an installed package: those that it may load on that system, its manifest and its licence. */
export function packageFiles(dir: string, target: Target): readonly string[] {
  return filesToRun(dir).filter(
    (path) =>
      path === 'package.json' ||
      isLicence(path) ||
      (!NOT_LOADED.test(path) &&
        !NOT_PROGRAM.test(path) &&
        (extname(path) !== NATIVE || isFor(path, target))),
  );
}

/** Whether a path is a licence or notice file at the top of a package. */
export function isLicence(path: string): boolean {
  return /^(?:licen[cs]e|copying|notice)[^/]*$/i.test(path);
}

/** The path of a prebuilt binary names its system: `linux-x64/…`, `darwin-x64+arm64/…`, `linux-x64.node`. */
function isFor(path: string, { platform, arch }: Target): boolean {
  if (!/(?:^|\/)prebuilds\//.test(path)) return true;
  return path.split('/').some((part) => {
    const [system, machines = ''] = part.replace(/\.node$/, '').split('-', 2);
    return system === platform && machines.split('+').includes(arch);
  });
}
