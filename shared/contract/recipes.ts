import { z } from 'zod';
import { FLASH_CHIPS } from '../domain/flash.ts';
import { READ_BACK_STRENGTHS } from '../domain/read-back.ts';
import { SIMULATED_UNITS } from '../domain/simulated-unit.ts';
import { call } from '../rpc/contract.ts';
import { approval, reasonText } from './approval.ts';
import { empty, EVERYONE, localizedText, timeMs } from './common.ts';

/**
 * Recipes (工艺) of the station. A version is a text with its files that never changes, known by its hash. A draft is what
 * an engineer edits; it becomes a version when it is locked, or when a trial batch is made from it.
 */

/** Largest text of a recipe, in characters. */
const MAX_RECIPE_CHARACTERS = 1_000_000;
/** Uploads of one import: the recipe and its files, or one zip. */
const MAX_RECIPE_UPLOADS = 16;

/**
 * `trial`: a batch used it, and nobody has locked it. `locked`: its content is settled. `released`: a second person has
 * released it for production. `withdrawn`: no batch is made from it any more.
 */
const RECIPE_STATES = ['trial', 'locked', 'released', 'withdrawn'] as const;
export type RecipeState = (typeof RECIPE_STATES)[number];

const hash = z.string().max(64);
const draftId = z.string().max(64);
const recipeYaml = z.string().max(MAX_RECIPE_CHARACTERS);
const fileName = z.string().max(128);
const user = z.string().nullable();

export const recipeFileView = z.object({
  name: z.string(),
  /** `unused`: no step names it. */
  use: z.enum([
    'script',
    'picture',
    'thing-model',
    'parameter',
    'flash-image',
    'tool-input',
    'label-template',
    'unused',
  ]),
  sizeBytes: z.int(),
  sha256: z.string(),
});
export type RecipeFileView = z.infer<typeof recipeFileView>;

export const recipeVersionView = z.object({
  hash: z.string(),
  name: z.string(),
  version: z.string(),
  title: localizedText,
  productId: z.string(),
  state: z.enum(RECIPE_STATES),
  /** `null`: stored by a version of Gongwei that did not record it. */
  addedBy: user,
  addedAtMs: timeMs,
  lockedBy: user,
  lockedAtMs: timeMs.nullable(),
  releasedBy: user,
  releasedAtMs: timeMs.nullable(),
  withdrawnBy: user,
  withdrawnAtMs: timeMs.nullable(),
  withdrawnReason: z.string().nullable(),
  /** Batches that were made from it. */
  batches: z.int(),
});
export type RecipeVersionView = z.infer<typeof recipeVersionView>;

export const recipeDraftView = z.object({
  draftId: z.string(),
  /** As its text says; the name of its file when the text says nothing. */
  name: z.string(),
  version: z.string(),
  /** Which one it is of the drafts with this name and version, in the order in which they were made: 1 for the first. */
  copy: z.int(),
  /** Grows with each change, so that a page cannot overwrite a change that it has not seen. */
  revision: z.int(),
  /** Mistakes when it was saved. */
  issues: z.int(),
  /** The version that it was made from. */
  baseHash: z.string().nullable(),
  createdBy: z.string(),
  savedBy: z.string(),
  savedAtMs: timeMs,
});
export type RecipeDraftView = z.infer<typeof recipeDraftView>;

/** The device that a recipe is for. */
const recipeDevice = z.object({
  profile: z.enum(['at-module', 'described']),
  /** Chips whose flash the recipe writes or reads. */
  chips: z.array(z.enum(FLASH_CHIPS)),
  /** True: it is reached over Bluetooth, too. */
  bluetooth: z.boolean(),
});
export type RecipeDevice = z.infer<typeof recipeDevice>;

/** A recipe that ships with Gongwei, to begin with. */
export const recipeExample = z.object({
  /** Name of its file, without ending. */
  example: z.string(),
  hash: z.string(),
  name: z.string(),
  version: z.string(),
  title: localizedText,
  productId: z.string(),
  device: recipeDevice,
});
export type RecipeExample = z.infer<typeof recipeExample>;

export const recipeIssue = z.object({
  line: z.int(),
  column: z.int(),
  /** Code of the mistake, and its text in both languages. */
  code: z.string(),
  message: localizedText,
  /** The file with the mistake; `null`: the recipe itself. */
  file: z.string().nullable(),
});
export type RecipeIssueView = z.infer<typeof recipeIssue>;

/** A script of a recipe, and what its steps let it do. */
export const recipeScript = z.object({
  file: z.string(),
  /** Steps that run it, each with its limit of time in milliseconds. */
  steps: z.array(z.object({ phase: z.string(), step: z.string(), timeoutMs: z.int() })),
  /** Functions of the script API that its text names. */
  calls: z.array(z.string()),
});
export type RecipeScript = z.infer<typeof recipeScript>;

/** How the units of a recipe hold their identity. */
const recipeIdentity = z.object({
  /** `commands`: those of the profile. `exchanges`: as `device.identity` says. `nvs`: in the flash of the unit. */
  kind: z.enum(['commands', 'exchanges', 'nvs']),
  /** How much of the secret a read-back proves. */
  readBack: z.enum(READ_BACK_STRENGTHS),
  /** True: units pass without a proof that they hold the secret. */
  unproven: z.boolean(),
  /** With `nvs`: partition and namespace. */
  place: z.string().nullable(),
});

/** A step that writes the flash of the unit. */
const recipeFlash = z.object({
  phase: z.string(),
  step: z.string(),
  chip: z.enum(FLASH_CHIPS),
  /** `file`: `null` for the firmware of the batch itself. Offsets in bytes. */
  images: z.array(
    z.object({
      from: z.enum(['firmware', 'recipe', 'flasher-args']),
      file: z.string().nullable(),
      offset: z.int(),
    }),
  ),
  /** Highest speed, bits per second. */
  baudRate: z.int(),
  /** True: every byte is read back. */
  readBack: z.boolean(),
});

/** What a recipe does, as far as it can be read. */
export const recipeContent = z.object({
  title: localizedText,
  productId: z.string(),
  serialExample: z.string(),
  /** The simulated unit that fits it; `null`: not known. */
  simulatedUnit: z.enum(SIMULATED_UNITS).nullable(),
  phases: z.int(),
  steps: z.int(),
  /** Verbs of its steps, in alphabetical order. */
  verbs: z.array(z.string()),
  /** The firmware that its units must have. */
  firmwareSha256: z.string().nullable(),
  /** Limits by `phase/step/measurement`. */
  limits: z.array(z.object({ measurement: z.string(), limits: z.string() })),
  scripts: z.array(recipeScript),
  device: recipeDevice,
  /** `null`: its units take no identity. */
  identity: recipeIdentity.nullable(),
  flash: z.array(recipeFlash),
  /** Names of the instruments that the station must have. */
  instruments: z.array(z.string()),
  /** Programs of other vendors that the station must list; `sha256`: the files that the recipe allows, empty for any. */
  tools: z.array(z.object({ name: z.string(), sha256: z.array(z.string()) })),
});
export type RecipeContent = z.infer<typeof recipeContent>;

export const recipeVersionDetails = recipeVersionView.extend({
  source: z.string(),
  files: z.array(recipeFileView),
  /** `null`: this version of Gongwei cannot read it. */
  content: recipeContent.nullable(),
  usedBy: z.array(z.object({ batchId: z.string(), name: z.string(), createdAtMs: timeMs })),
});
export type RecipeVersionDetails = z.infer<typeof recipeVersionDetails>;

export const recipeCheckView = z.object({
  /** Hash of text and files; `null` with mistakes. */
  hash: z.string().nullable(),
  content: recipeContent.nullable(),
  issues: z.array(recipeIssue),
  /** Of scripts that no step names: they keep the recipe from nothing. */
  unused: z.array(recipeIssue),
});
export type RecipeCheckView = z.infer<typeof recipeCheckView>;

export const recipeDraftDetails = recipeDraftView.extend({
  source: z.string(),
  files: z.array(recipeFileView),
});
export type RecipeDraftDetails = z.infer<typeof recipeDraftDetails>;

const ENGINEER = ['engineer'] as const;
const read = { automatic: false, atOnce: false };
const act = { automatic: false, atOnce: false };
const oneDraft = z.strictObject({ draftId });
const oneVersion = z.strictObject({ hash });

export const recipeCalls = {
  'recipes.list': call(
    ENGINEER,
    empty,
    z.object({
      versions: z.array(recipeVersionView),
      drafts: z.array(recipeDraftView),
      examples: z.array(recipeExample),
    }),
    { automatic: true, atOnce: false },
  ),
  'recipes.version': call(ENGINEER, oneVersion, recipeVersionDetails, read),
  'recipes.draft': call(ENGINEER, oneDraft, recipeDraftDetails, read),
  /** The text of a file of a version or a draft. Faults: `not-found`; `recipe-files-invalid` for a picture. */
  'recipes.fileText': call(
    ENGINEER,
    z.strictObject({ of: z.union([oneVersion, oneDraft]), name: fileName }),
    z.object({ text: z.string() }),
    read,
  ),
  /** Checks a text with the files of a draft, while it is edited. Changes nothing. */
  'recipes.check': call(ENGINEER, z.strictObject({ draftId, recipeYaml }), recipeCheckView, {
    automatic: true,
    atOnce: false,
  }),
  /** For an editor: the JSON Schema of recipes, and the names that a script can call, as `device.request`. */
  'recipes.schema': call(
    ENGINEER,
    empty,
    z.object({ json: z.string(), scriptCalls: z.array(z.string()) }),
    read,
  ),
  /** Makes a draft of uploads: one YAML file with the files that it names, or one zip of them. */
  'recipes.import': call(
    ENGINEER,
    z.strictObject({ fileIds: z.array(z.string()).min(1).max(MAX_RECIPE_UPLOADS) }),
    recipeDraftDetails,
    act,
  ),
  /**
   * Makes a draft of a shipped example, of a version, or of a draft: with its files, and with another text when one is
   * given.
   */
  'recipes.newDraft': call(
    ENGINEER,
    z.strictObject({
      from: z.union([
        z.strictObject({ example: z.string().max(64) }),
        oneVersion,
        z.strictObject({ draftId, recipeYaml: recipeYaml.optional() }),
      ]),
    }),
    recipeDraftDetails,
    act,
  ),
  /**
   * `byPage`: the page saves by itself; the audit trail then names one save of a person in ten minutes. Faults:
   * `draft-changed` when it was saved since `revision`.
   */
  'recipes.saveDraft': call(
    ENGINEER,
    z.strictObject({ draftId, revision: z.int(), recipeYaml, byPage: z.boolean().optional() }),
    recipeDraftDetails,
    act,
  ),
  /** Adds uploads to a draft; a file of the same name is replaced. */
  'recipes.addFiles': call(
    ENGINEER,
    z.strictObject({ draftId, fileIds: z.array(z.string()).min(1).max(MAX_RECIPE_UPLOADS) }),
    recipeDraftDetails,
    act,
  ),
  /**
   * Writes a text file of a draft; `sha256` is that of the content that was edited, `null` for a new file. Faults:
   * `draft-changed` when the file has another content now; `recipe-files-invalid` for a name that no file may have.
   */
  'recipes.saveFile': call(
    ENGINEER,
    z.strictObject({ draftId, name: fileName, sha256: hash.nullable(), text: recipeYaml }),
    recipeDraftDetails,
    act,
  ),
  /** Gives a file another name, also where the text of the draft names it. Faults: `recipe-files-invalid`, `not-found`. */
  'recipes.renameFile': call(
    ENGINEER,
    z.strictObject({ draftId, name: fileName, to: fileName }),
    recipeDraftDetails,
    act,
  ),
  'recipes.removeFile': call(ENGINEER, z.strictObject({ draftId, name: fileName }), recipeDraftDetails, act),
  'recipes.discardDraft': call(ENGINEER, oneDraft, empty, act),
  /** Brings back the draft that was discarded, or the file that was removed, since the station started. Faults: `not-found`. */
  'recipes.restore': call(
    ENGINEER,
    z.strictObject({ draftId, name: fileName.nullable() }),
    recipeDraftDetails,
    act,
  ),
  /** Packs a version or a draft with its files as a zip, which `recipes.import` takes again. */
  'recipes.export': call(
    ENGINEER,
    z.strictObject({ of: z.union([oneVersion, oneDraft]) }),
    z.object({ fileId: z.string(), name: z.string() }),
    act,
  ),
  /**
   * Locks a draft, which becomes a version, or the version of a trial. Faults: `recipe-invalid`; `draft-changed` for
   * another revision of the draft; `recipe-version-taken` when this version number is locked with another content.
   */
  'recipes.lock': call(
    ENGINEER,
    z.union([z.strictObject({ draftId, revision: z.int() }), oneVersion]),
    recipeVersionView,
    act,
  ),
  /**
   * Releases a locked version for production. A second person does it: the caller, or an approver when the caller has
   * locked it. Faults: `approver-refused` and those of an approval; `recipe-state` for a version that is not locked.
   */
  'recipes.release': call(
    ENGINEER,
    oneVersion.extend({ approver: approval.approver.optional(), approverPin: approval.approverPin }),
    recipeVersionView,
    act,
  ),
  /** No batch is made from it any more; batches that exist go on. Faults: `recipe-state`, `bad-input`. */
  'recipes.withdraw': call(ENGINEER, oneVersion.extend({ reason: reasonText }), recipeVersionView, act),
  /** A picture of a prompt, by its name in the recipe. A page requests it when the prompt appears. */
  'recipes.picture': call(
    EVERYONE,
    z.strictObject({ batchId: z.string().max(64), name: z.string().max(128) }),
    z.object({
      mediaType: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp']),
      base64: z.string(),
    }),
    { automatic: true, atOnce: false },
  ),
};
