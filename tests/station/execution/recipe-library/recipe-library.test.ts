import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { contract, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import { writeZip } from '../../../../simulator/firmware/zip-writer.ts';
import { startStation, TEST_PIN, type TestStation } from '../../../kit/station.ts';
import { describedRecipe } from '../../../kit/recipes.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const WITH_SCRIPT = describedRecipe('- { verb: script, file: tests/hello.ts, timeoutMs: 5000 }');
const SCRIPT = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device, measure }) => {
  const { text } = await device.request('HI?', { expect: /.+/, withinMs: 500 });
  await measure('answer', text.length);
});
`;

const startWithEngineers = (): Promise<TestStation> =>
  startStation({ users: { Chen: 'engineer', Wang: 'engineer', Li: 'operator' } });

function as({ station }: TestStation, user: string): Client<StationContract> {
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role: 'engineer', user }));
  return connect(contract, here);
}

async function upload({ station }: TestStation, name: string, content: string | Buffer): Promise<string> {
  const bytes = Buffer.from(content);
  const { fileId } = await station.uploads.receive(name, bytes.length, chunks(bytes), 'Chen', NEVER_ABORTED);
  return fileId;
}
async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

function actions({ station }: TestStation): string[] {
  return [...station.database.audit.iterate()]
    .map(({ action }) => action)
    .filter((one) => one.startsWith('recipe'));
}

describe('recipes of a station', () => {
  test('are imported with their files, corrected by line and column, locked, released by a second person, and used', async () => {
    await using setup = await startWithEngineers();
    const [chen, wang] = [as(setup, 'Chen'), as(setup, 'Wang')];
    const broken = WITH_SCRIPT.replace('verb: script', 'verb: scrip');
    const fileIds = [await upload(setup, 'peer.yaml', broken), await upload(setup, 'hello.ts', SCRIPT)];
    const draft = await chen.call('recipes.import', { fileIds });
    // The page uploads without folders; the recipe knows the name.
    expect(draft.files.map(({ name }) => name)).toEqual(['tests/hello.ts']);
    expect(draft).toMatchObject({ name: 'peer', version: '1.0.0', revision: 1, savedBy: 'Chen' });
    expect(draft.issues).toBeGreaterThan(0);
    const wrongLine = broken.split('\n').findIndex((line) => line.includes('scrip,')) + 1;
    const { draftId } = draft;
    const refused = await chen.call('recipes.check', { draftId, recipeYaml: broken });
    expect(refused.issues).toContainEqual(expect.objectContaining({ line: wrongLine, file: null }));
    expect(await faultOf(() => chen.call('recipes.lock', { draftId, revision: 1 }))).toMatchObject({
      code: 'recipe-invalid',
    });

    const saved = await chen.call('recipes.saveDraft', { draftId, revision: 1, recipeYaml: WITH_SCRIPT });
    expect(saved).toMatchObject({ issues: 0, revision: 2 });
    // Somebody else still has the first text.
    const late = faultOf(() => wang.call('recipes.saveDraft', { draftId, revision: 1, recipeYaml: broken }));
    expect(await late).toMatchObject({ code: 'draft-changed' });
    const { content } = await chen.call('recipes.check', { draftId, recipeYaml: WITH_SCRIPT });
    expect(content?.scripts).toEqual([
      {
        file: 'tests/hello.ts',
        steps: [{ phase: 'test', step: 'script', timeoutMs: 5000 }],
        calls: ['device.request', 'measure'],
      },
    ]);

    const locked = await chen.call('recipes.lock', { draftId, revision: 2 });
    expect(locked).toMatchObject({ state: 'locked', lockedBy: 'Chen', batches: 0 });
    const { hash } = locked;
    // Not by the same person, neither alone nor as their own approver.
    expect(await faultOf(() => chen.call('recipes.release', { hash }))).toMatchObject({
      code: 'approver-refused',
    });
    const own = { hash, approver: 'Chen', approverPin: TEST_PIN };
    expect(await faultOf(() => chen.call('recipes.release', own))).toMatchObject({
      code: 'approver-refused',
    });
    const trial = await chen.call('batches.create', { recipe: { hash }, quantity: 5 });
    expect(trial.recipe.locked).toBe(false);
    expect(await wang.call('recipes.release', { hash })).toMatchObject({
      state: 'released',
      releasedBy: 'Wang',
    });
    const batch = await chen.call('batches.create', { recipe: { hash }, quantity: 5, name: 'production' });
    expect(batch.recipe).toMatchObject({ hash, locked: true });
    const { usedBy, state } = await chen.call('recipes.version', { hash });
    expect(usedBy.map(({ name }) => name)).toContain('production');
    expect(state).toBe('released');

    const gone = await chen.call('recipes.withdraw', { hash, reason: 'limits too wide' });
    expect(gone).toMatchObject({ state: 'withdrawn', withdrawnBy: 'Chen' });
    expect(await faultOf(() => chen.call('batches.create', { recipe: { hash }, quantity: 5 }))).toMatchObject(
      { code: 'recipe-state' },
    );
    expect(actions(setup)).toEqual([
      'recipe.draft',
      'recipe.save',
      'recipe.lock',
      'recipe.release',
      'recipe.withdraw',
    ]);
  });

  test('are released at the page of the first person with the PIN of the second', async () => {
    await using setup = await startWithEngineers();
    const chen = as(setup, 'Chen');
    const fileIds = [await upload(setup, 'a.yaml', describedRecipe('- { verb: wait, ms: 1 }'))];
    const { draftId, revision } = await chen.call('recipes.import', { fileIds });
    const { hash } = await chen.call('recipes.lock', { draftId, revision });
    const by = (approver: string, approverPin: string) =>
      faultOf(() => chen.call('recipes.release', { hash, approver, approverPin }));
    expect(await by('Wang', '999999')).toMatchObject({ code: 'pin-wrong' });
    expect(await by('Li', TEST_PIN)).toMatchObject({ code: 'approver-refused' });
    const released = await chen.call('recipes.release', { hash, approver: 'Wang', approverPin: TEST_PIN });
    expect(released).toMatchObject({ state: 'released', releasedBy: 'Wang', lockedBy: 'Chen' });
  });

  test('come from a zip with folders, from examples and from versions; a version number is locked once', async () => {
    await using setup = await startWithEngineers();
    const chen = as(setup, 'Chen');
    const zip = join(setup.dir, 'recipe.zip');
    {
      await using file = await open(zip, 'w');
      const member = (name: string, text: string) => ({ name, blocks: [Buffer.from(text)] });
      await writeZip(file, [
        member('peer/peer.yaml', WITH_SCRIPT),
        member('peer/tests/hello.ts', SCRIPT),
        member('peer/peer.yaml.lock', '{}'),
      ]);
    }
    const zipped = await chen.call('recipes.import', {
      fileIds: [await upload(setup, 'recipe.zip', await readFile(zip))],
    });
    expect(zipped).toMatchObject({ issues: 0, files: [{ name: 'tests/hello.ts', use: 'script' }] });
    const first = await chen.call('recipes.lock', { draftId: zipped.draftId, revision: zipped.revision });
    expect((await chen.call('recipes.list', {})).drafts).toEqual([]);

    const copy = await chen.call('recipes.newDraft', { from: { hash: first.hash } });
    expect(copy.baseHash).toBe(first.hash);
    const recipeYaml = `${WITH_SCRIPT}\n# another text\n`;
    const { draftId } = copy;
    const { revision } = await chen.call('recipes.saveDraft', {
      draftId,
      revision: copy.revision,
      recipeYaml,
    });
    expect(await faultOf(() => chen.call('recipes.lock', { draftId, revision }))).toMatchObject({
      code: 'recipe-version-taken',
    });
    const trial = await chen.call('batches.create', { recipe: { draftId }, quantity: 1 });
    expect(trial.recipe).toMatchObject({ name: 'peer', locked: false });

    const { examples } = await chen.call('recipes.list', {});
    expect(examples.length).toBeGreaterThanOrEqual(11);
    for (const { example } of examples) {
      const { issues, files } = await chen.call('recipes.newDraft', { from: { example } });
      expect(issues, example).toBe(0);
      expect(files.filter(({ use }) => use === 'unused')).toEqual([]);
    }
    const several = [await upload(setup, 'a.yaml', 'a: 1'), await upload(setup, 'b.yaml', 'b: 1')];
    expect(await faultOf(() => chen.call('recipes.import', { fileIds: several }))).toMatchObject({
      code: 'recipe-files-invalid',
      details: { code: 'several-recipes', 'reason.zh-CN': expect.stringContaining('多份工艺') as string },
    });
  });

  test('are refused from a zip that is damaged, and from files of which two have one name', async () => {
    await using setup = await startWithEngineers();
    const chen = as(setup, 'Chen');
    const zipOf = async (...members: (readonly [string, string])[]): Promise<Buffer> => {
      const path = join(setup.dir, 'recipe.zip');
      {
        await using file = await open(path, 'w');
        await writeZip(
          file,
          members.map(([name, text]) => ({ name, blocks: [Buffer.from(text)] })),
        );
      }
      return readFile(path);
    };
    const messageOf = async (...fileIds: string[]): Promise<string> => {
      const { code, message } = await faultOf(() => chen.call('recipes.import', { fileIds }));
      return `${code}: ${message}`;
    };
    const recipe = ['peer.yaml', WITH_SCRIPT] as const;
    const twice = await zipOf(recipe, ['tests/hello.ts', SCRIPT], ['tests/hello.ts', '// another']);
    expect(await messageOf(await upload(setup, 'a.zip', twice))).toContain('two files tests/hello.ts');
    const damaged = await zipOf(recipe, ['tests/hello.ts', SCRIPT]);
    damaged[damaged.indexOf('defineScript')] = 0x44;
    expect(await messageOf(await upload(setup, 'a.zip', damaged))).toContain('damaged: tests/hello.ts');
    expect(
      await messageOf(
        await upload(setup, 'peer.yaml', WITH_SCRIPT),
        await upload(setup, 'hello.ts', SCRIPT),
        await upload(setup, 'hello.ts', '// another'),
      ),
    ).toBe('recipe-files-invalid: there are two files hello.ts');
    expect((await chen.call('recipes.list', {})).drafts).toEqual([]);
  });
});
