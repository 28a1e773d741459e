import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRecipe, requireLocked } from '#station';

const FOLDER = new URL('../../resources/recipes/', import.meta.url);

test.each(readdirSync(FOLDER).filter((name) => name.endsWith('.yaml')))(
  '%s is locked as it is shipped (after a change: gongwei recipe lock FILE)',
  async (name) => {
    const path = fileURLToPath(new URL(name, FOLDER));
    expect(await requireLocked(path, await readRecipe(path))).toBe(true);
  },
);
