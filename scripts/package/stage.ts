import { copyFileSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PackagePlan } from './plan.ts';

/** Where electron-builder.yml takes them from, from the repository's root. */
export const STAGE = '.cache/package';

/** Lays out in `stage` what the plan says: the packages' files as `modules/`, the notices beside them. */
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

/** Nobody writes to them, so one file under two names will do where the disk can. */
function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
