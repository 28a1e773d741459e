import type { SectionHandlers } from '#shared/contract/index.ts';
import { requireUtf8Text } from '#shared/codec/text-file.ts';
import { pictureTypeOf } from '#shared/codec/picture-type.ts';
import { Fault } from '#shared/domain/fault.ts';
import { approverCredentialsOf } from '../../core/approval/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import type { UploadStore } from '../../core/uploads/index.ts';
import type { Batches } from '../batches/index.ts';
import { recipeJsonSchema } from '../recipes/index.ts';
import { exportRecipe, type RecipeDownloads } from './export-recipe.ts';
import { filesRefused, importText } from './import-texts.ts';
import type { RecipeExamples } from './examples.ts';
import { readUploadedFiles, readUploadedRecipe } from './read-uploads.ts';
import { isTextFile, scriptCalls } from './recipe-content.ts';
import { noFile, type RecipeDrafts } from './recipe-drafts.ts';
import type { RecipeLibrary } from './recipe-library.ts';

/** The services of the calls about recipes. */
export interface RecipeServices {
  readonly batches: Batches;
  readonly database: WritableDatabase;
  readonly uploads: UploadStore;
  readonly recipes: RecipeLibrary;
  readonly recipeDrafts: RecipeDrafts;
  readonly recipeExamples: RecipeExamples;
  readonly downloads: RecipeDownloads;
}

export function recipeHandlers({
  batches,
  database,
  uploads,
  recipes,
  recipeDrafts: drafts,
  recipeExamples: examples,
  downloads,
}: RecipeServices): SectionHandlers<'recipes'> {
  return {
    'recipes.list': async () => ({
      versions: recipes.list(),
      drafts: drafts.list(),
      examples: await examples.list(),
    }),
    'recipes.version': ({ hash }) => recipes.get(hash),
    'recipes.draft': ({ draftId }) => drafts.get(draftId),
    'recipes.fileText': ({ of, name }) => {
      const files = 'hash' in of ? recipes.filesOf(of.hash) : drafts.filesOf(of.draftId);
      const bytes = files.get(name);
      if (bytes === undefined) throw noFile(name);
      if (!isTextFile(name)) throw filesRefused(importText('file-picture', name), 'Choose a text file.');
      return { text: requireUtf8Text(bytes, name) };
    },
    'recipes.check': ({ draftId, recipeYaml }, { signal }) =>
      drafts.check(draftId, withoutBom(recipeYaml), signal),
    'recipes.schema': () => ({ json: JSON.stringify(recipeJsonSchema()), scriptCalls: scriptCalls() }),
    'recipes.import': async ({ fileIds }, { by, signal }) => {
      using taken = uploads.take(fileIds, by.user);
      const uploaded = await readUploadedRecipe(taken.paths, signal);
      return drafts.add({ ...uploaded, baseHash: null }, by, signal);
    },
    'recipes.newDraft': async ({ from }, { by, signal }) => {
      if ('draftId' in from) {
        const { source, name, baseHash } = drafts.row(from.draftId);
        const text = from.recipeYaml === undefined ? source : withoutBom(from.recipeYaml);
        const copy = { source: text, files: drafts.filesOf(from.draftId), fileName: name, baseHash };
        return drafts.add(copy, by, signal);
      }
      const parsed = 'hash' in from ? recipes.parsed(from.hash) : await examples.get(from.example);
      const { source, files, recipe } = parsed;
      const baseHash = 'hash' in from ? from.hash : null;
      return drafts.add({ source, files, fileName: recipe.name, baseHash }, by, signal);
    },
    'recipes.saveDraft': ({ recipeYaml, ...save }, { by, signal }) =>
      drafts.save({ ...save, source: withoutBom(recipeYaml) }, by, signal),
    'recipes.addFiles': async ({ draftId, fileIds }, { by, signal }) => {
      using taken = uploads.take(fileIds, by.user);
      const files = await readUploadedFiles(taken.paths, drafts.row(draftId).source, signal);
      return drafts.putFiles(draftId, files, by, signal);
    },
    'recipes.saveFile': ({ text, ...save }, { by, signal }) =>
      drafts.saveFile({ ...save, text: withoutBom(text) }, by, signal),
    'recipes.renameFile': (rename, { by, signal }) => drafts.renameFile(rename, by, signal),
    'recipes.restore': ({ draftId, name }, { by, signal }) => drafts.restore(draftId, name, by, signal),
    'recipes.export': ({ of }) => {
      const { name, version, source } = 'hash' in of ? recipes.get(of.hash) : drafts.row(of.draftId);
      const files = 'hash' in of ? recipes.filesOf(of.hash) : drafts.filesOf(of.draftId);
      const file = exportRecipe({ name, version, source, files }, downloads);
      return { fileId: downloads.add(file), name: file.name };
    },
    'recipes.removeFile': ({ draftId, name }, { by, signal }) => drafts.removeFile(draftId, name, by, signal),
    'recipes.discardDraft': ({ draftId }, { by }) => {
      drafts.discard(draftId, by);
      return {};
    },
    'recipes.lock': (of, { by, signal }) =>
      'hash' in of ? recipes.lock(of.hash, by) : recipes.lockDraft(of.draftId, of.revision, by, signal),
    'recipes.release': ({ hash, approver, approverPin }, { by, session, signal }) => {
      const credentials =
        approver === undefined ? null : approverCredentialsOf({ approver, approverPin }, session);
      return recipes.release(hash, credentials, by, signal);
    },
    'recipes.withdraw': ({ hash, reason }, { by }) => recipes.withdraw(hash, reason, by),
    'recipes.picture': ({ batchId, name }) => {
      const { recipe } = batches.get(batchId);
      const content = database.batches.getRecipeFiles(recipe.hash).get(name);
      if (content === undefined) throw new Fault('not-found', `recipe ${recipe.name} has no file ${name}`);
      const mediaType = pictureTypeOf(content);
      if (mediaType === null) {
        throw new Fault('bad-input', `${name} is not a picture`, { hint: 'Use PNG, JPEG, GIF or WebP.' });
      }
      return { mediaType, base64: Buffer.from(content).toString('base64') };
    },
  };
}

/** The text of a page may begin with the byte order mark of its file, which must not change the hash. */
function withoutBom(text: string): string {
  return text.replace(/^\uFEFF+/, '');
}
