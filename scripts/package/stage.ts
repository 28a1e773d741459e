import { copyFileSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PackagePlan } from './plan.ts';

/** The folder from which electron-builder.yml takes the files, relative to the repository's root. */
export const STAGE = '.cache/package';

/** Writes the planned files into `stage`: the packages' files to `modules/`, and the notices. */
export function stagePackage(root: string, stage: string, { files, notices }: PackagePlan): void {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  for (const file of files) {
    const target = join(stage, 'modules', file.slice('node_modules/'.length));
    mkdirSync(dirname(target), { recursive: true });
    linkOrCopy(join(root, file), target);
  }
  writeFileSync(join(stage, 'THIRD-PARTY-NOTICES.txt'), notices);
}

/** Hard links the file where possible. That is safe, because the files are only read. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
