import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { recipeJsonSchema } from '#station';
import { findVerb, VERBS } from '#shared/recipe/index.ts';

const ROOT = new URL('../../../../', import.meta.url);
const SHARED = new URL('shared/recipe/verbs/', ROOT);
const STATION = new URL('station/execution/verbs/', ROOT);
const names = Object.keys(VERBS);

/** Files of the two folders that import a file of this verb. */
function filesThatImport(verb: string): string[] {
  return [SHARED, STATION].flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file !== `${verb}.ts`)
      .filter((file) => readFileSync(new URL(file, folder), 'utf8').includes(`'./${verb}.ts'`))
      .map((file) => `${folder.pathname.slice(ROOT.pathname.length)}${file}`),
  );
}

describe('a verb of recipes', () => {
  it.each(names)('%s has one file in each folder and one import in each list', (verb) => {
    const own = [SHARED, STATION].map((folder) => readdirSync(folder).includes(`${verb}.ts`));
    expect(own).toEqual([true, true]);
    const lists = filesThatImport(verb).filter((file) => file.endsWith('/index.ts'));
    expect(lists).toEqual(['shared/recipe/verbs/index.ts', 'station/execution/verbs/index.ts']);
  });

  it('is named by no other file of shared/recipe without a reason', () => {
    // `shared/recipe` itself and its check read the definitions; only these name a verb, for the reason given.
    const reasons: Record<string, string> = {
      'check/needs.ts': 'identify and burn-triple are what other steps need',
      'check/identity.ts': 'an identity that cannot be read back is proven by prove-online after burn-triple',
      'check/conditions.ts': 'the answers of a prompt with choices are known',
      'check/instruments.ts': 'expect awaits what an earlier step asked an instrument',
      'check/guess-verbs.ts': 'the kind of a prompt may be misspelled, too',
      'check/patterns.ts': 'the key model of thing-model is a file and no pattern',
      'check/provisioning.ts': 'a step that binds the unit needs an unbind step after it',
      'check/references.ts': 'placeholders of the unit need an identify step',
      'check/times.ts': 'waits of teardown are added up',
      'loader-steps.ts':
        'flash, identify and burn-triple may go through the boot loader, and a step between uses the application',
      'recipe.ts': 'a recipe that burns needs triples',
      'uses-bluetooth.ts': 'provision-ble needs an adapter',
    };
    const folder = new URL('shared/recipe/', ROOT);
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((file) => file.replaceAll('\\', '/'))
      .filter((file) => file.endsWith('.ts') && !file.startsWith('verbs/'));
    const naming = files.filter((file) =>
      names.some((verb) =>
        new RegExp(`(?:verb|kind|VERB)\\b[^\\n]*'${verb}'`).test(readFileSync(new URL(file, folder), 'utf8')),
      ),
    );
    expect(naming.toSorted()).toEqual(Object.keys(reasons).toSorted());
  });

  it('is in the JSON Schema and in the reference by its entry in the list alone', () => {
    const schema = JSON.stringify(recipeJsonSchema());
    for (const verb of names) {
      expect(schema).toContain(`"const":"${verb}"`);
      expect(findVerb(verb)?.doc.about).not.toBe('');
    }
    expect(findVerb('toString')).toBe(null);
  });
});

describe('the example of a new verb in CONTRIBUTING', () => {
  const section =
    /### Adding a verb[\s\S]*/.exec(readFileSync(new URL('CONTRIBUTING.md', ROOT), 'utf8'))?.[0] ?? '';
  const sources = [...section.matchAll(/^ {3}```ts\n([\s\S]*?)^ {3}```$/gm)].map(([, source = '']) =>
    source.replaceAll(/^ {3}/gm, ''),
  );

  /** Loads a file of the example as if it were in `folder`. */
  async function load(source: string, folder: URL): Promise<Record<string, unknown>> {
    const cache = fileURLToPath(new URL('.cache/', ROOT));
    mkdirSync(cache, { recursive: true });
    const dir = mkdtempSync(join(cache, 'example-'));
    try {
      const file = join(dir, 'beep.ts');
      writeFileSync(
        file,
        source.replaceAll(
          / from '(\.[^']+)'/g,
          (_, path: string) => ` from '${fileURLToPath(new URL(path, folder))}'`,
        ),
      );
      return (await import(/* @vite-ignore */ file)) as Record<string, unknown>;
    } finally {
      rmSync(dir, { recursive: true });
    }
  }

  it('imports what there is, and defines a verb', async () => {
    const { beep } = (await load(sources[0] ?? '', SHARED)) as { beep: (typeof VERBS)['wait'] };
    expect(beep.step.parse({ verb: 'beep' })).toEqual({ verb: 'beep', ms: 200 });
    expect(Object.keys(beep)).toEqual(['verb', 'step', 'after', 'ownWait', 'doc']);
  });

  it('executes a step with functions that exist', async () => {
    const source = sources[1] ?? '';
    expect((await load(source, STATION))['beep']).toBeTypeOf('function');
    const imports = [...source.matchAll(/^import \{ (.+) \} from '(\..+)';$/gm)];
    expect(imports).not.toEqual([]);
    for (const [, names = '', path = ''] of imports) {
      const found = (await import(/* @vite-ignore */ fileURLToPath(new URL(path, STATION)))) as object;
      for (const name of names.split(', ')) expect(found).toHaveProperty(name);
    }
  });
});
