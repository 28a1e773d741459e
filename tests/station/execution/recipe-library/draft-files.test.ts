import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { contract, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports, Session } from '#shared/rpc/index.ts';
import { describedRecipe } from '../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';

const RECIPE = describedRecipe("- { verb: script, file: 'tests/hello.ts', timeoutMs: 5000 } # the first one");
const SCRIPT = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ device }) => {
  await device.send('HI');
});
`;

const start = (): Promise<TestStation> => startStation({ users: { Chen: 'engineer', Wang: 'engineer' } });

function as({ station }: TestStation, user: string): Client<StationContract> {
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role: 'engineer', user }));
  return connect(contract, here);
}

async function upload({ station }: TestStation, name: string, bytes: Buffer): Promise<string> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(bytes);
  }
  return (await station.uploads.receive(name, bytes.length, chunks(), 'Chen', NEVER_ABORTED)).fileId;
}

async function importRecipe(setup: TestStation, client: Client<StationContract>): Promise<string> {
  const yaml = await upload(setup, 'peer.yaml', Buffer.from(RECIPE));
  const script = await upload(setup, 'hello.ts', Buffer.from(SCRIPT));
  return (await client.call('recipes.import', { fileIds: [yaml, script] })).draftId;
}

function saves({ station }: TestStation): number {
  return [...station.database.audit.iterate()].filter(({ action }) => action === 'recipe.save').length;
}

describe('the files of a draft', () => {
  test('are written and renamed, with the name in the text and its comments kept', async () => {
    await using setup = await start();
    const chen = as(setup, 'Chen');
    const draftId = await importRecipe(setup, chen);
    const { files } = await chen.call('recipes.draft', { draftId });
    const sha256 = files[0]?.sha256 ?? '';
    const name = 'tests/hello.ts';
    const wrong = SCRIPT.replace('send', 'sned');
    const changed = await chen.call('recipes.saveFile', { draftId, name, sha256, text: wrong });
    expect(changed.issues).toBe(1);
    const { issues } = await chen.call('recipes.check', { draftId, recipeYaml: RECIPE });
    expect(issues).toMatchObject([
      {
        file: name,
        line: 3,
        code: 'script-no-member-near',
        message: { 'zh-CN': expect.stringContaining('device 没有 sned') as string },
      },
    ]);
    // Once no step names it, it keeps the recipe from nothing, and is still marked.
    const other = RECIPE.replace(name, 'tests/other.ts');
    const broken = await chen.call('recipes.saveFile', {
      draftId,
      name: 'tests/unused.ts',
      sha256: null,
      text: 'export default (\n',
    });
    expect(broken.issues).toBe(1);
    const { unused } = await chen.call('recipes.check', { draftId, recipeYaml: other });
    expect(unused.map(({ file }) => file)).toEqual(['tests/unused.ts']);
    await chen.call('recipes.removeFile', { draftId, name: 'tests/unused.ts' });
    // The content that this editor saw is not there any more.
    expect(
      await faultOf(() => chen.call('recipes.saveFile', { draftId, name, sha256, text: SCRIPT })),
    ).toMatchObject({ code: 'draft-changed', details: { savedBy: 'Chen' } });

    const renamed = await chen.call('recipes.renameFile', { draftId, name, to: 'peer/first.ts' });
    expect(renamed.source).toBe(RECIPE.replace('tests/hello.ts', 'peer/first.ts'));
    expect(renamed.files.map(({ name: one }) => one)).toEqual(['peer/first.ts']);
    expect(
      await faultOf(() =>
        chen.call('recipes.renameFile', { draftId, name: 'peer/first.ts', to: '../outside.ts' }),
      ),
    ).toMatchObject({ code: 'recipe-files-invalid', details: { code: 'file-name' } });

    // Windows and macOS have one file for both names.
    const twin = { draftId, name: 'Peer/First.ts', sha256: null, text: SCRIPT };
    expect(await faultOf(() => chen.call('recipes.saveFile', twin))).toMatchObject({
      code: 'recipe-files-invalid',
      details: { code: 'file-case' },
    });
    const upper = { draftId, name: 'peer/first.ts', to: 'peer/First.ts' };
    expect((await chen.call('recipes.renameFile', upper)).files).toMatchObject([{ name: 'peer/First.ts' }]);

    // The other text of a conflict becomes a draft of the same name, which has a number.
    const copy = await chen.call('recipes.newDraft', { from: { draftId, recipeYaml: RECIPE } });
    expect(copy).toMatchObject({ name: 'peer', copy: 2 });
    expect(await chen.call('recipes.draft', { draftId })).toMatchObject({ name: 'peer', copy: 1 });
  });

  test('and the draft itself come back after they were removed', async () => {
    await using setup = await start();
    const chen = as(setup, 'Chen');
    const draftId = await importRecipe(setup, chen);
    const before = await chen.call('recipes.draft', { draftId });
    await chen.call('recipes.removeFile', { draftId, name: 'tests/hello.ts' });
    const back = await chen.call('recipes.restore', { draftId, name: 'tests/hello.ts' });
    expect(back.files).toEqual(before.files);
    expect(await faultOf(() => chen.call('recipes.restore', { draftId, name: null }))).toMatchObject({
      code: 'not-found',
    });
    await chen.call('recipes.discardDraft', { draftId });
    const restored = await chen.call('recipes.restore', { draftId, name: null });
    expect(restored).toMatchObject({ source: RECIPE, files: before.files, issues: 0 });
    // A page that still shows the draft of before cannot overwrite it.
    expect(restored.revision).toBeGreaterThan(back.revision);
  });

  test('are exported as a zip whose import is the same recipe', async () => {
    await using setup = await start();
    const chen = as(setup, 'Chen');
    const draftId = await importRecipe(setup, chen);
    const { fileId, name } = await chen.call('recipes.export', { of: { draftId } });
    expect(name).toBe('peer-1.0.0.zip');
    const file = setup.station.file(fileId, { role: 'engineer', user: 'Chen' });
    expect(setup.station.file(fileId, { role: 'operator', user: 'Li' })).toBeNull();
    const zip = await upload(setup, name, readFileSync(file?.path ?? ''));
    const again = await chen.call('recipes.import', { fileIds: [zip] });
    const before = await chen.call('recipes.draft', { draftId });
    expect(again).toMatchObject({ source: before.source, files: before.files, name: 'peer', issues: 0 });
  });
});

test('two engineers who save one draft lose no text, and saves of the page do not fill the trail', async () => {
  await using setup = await start();
  const [chen, wang] = [as(setup, 'Chen'), as(setup, 'Wang')];
  const draftId = await importRecipe(setup, chen);
  const before = saves(setup);
  const text = (more: string): string => `${RECIPE}# ${more}\n`;
  for (const [index, revision] of [1, 2, 3].entries())
    await chen.call('recipes.saveDraft', { draftId, revision, recipeYaml: text(`${index}`), byPage: true });
  expect(saves(setup)).toBe(before);
  await wang.call('recipes.saveDraft', { draftId, revision: 4, recipeYaml: text('Wang'), byPage: true });
  expect(saves(setup)).toBe(before + 1);
  expect(
    await faultOf(() => chen.call('recipes.saveDraft', { draftId, revision: 4, recipeYaml: text('Chen') })),
  ).toMatchObject({ code: 'draft-changed', details: { savedBy: 'Wang' } });
  const copy = await chen.call('recipes.newDraft', { from: { draftId, recipeYaml: text('Chen') } });
  expect(copy.draftId).not.toBe(draftId);
  expect(copy).toMatchObject({ source: text('Chen'), savedBy: 'Chen' });
  expect(copy.files.map(({ name }) => name)).toEqual(['tests/hello.ts']);
  expect((await wang.call('recipes.draft', { draftId })).source).toBe(text('Wang'));
});
