import { z } from 'zod';
import { call } from '../rpc/contract.ts';
import { empty } from './common.ts';

/** A text in both languages. */
const words = z.object({ 'zh-CN': z.string(), en: z.string() });
const name = z.string().max(64);

/** A version of a template; `null` in `saved` for one that ships with the program. */
const templateFacts = z.object({
  name,
  sha256: z.string(),
  saved: z.object({ version: z.int(), savedBy: z.string(), savedAtMs: z.number() }).nullable(),
});

export const labelTemplateView = templateFacts.extend({
  /** `null`: this version of the program cannot read it. */
  title: words.nullable(),
  /** mm. */
  size: z.object({ width: z.number(), height: z.number() }).nullable(),
  /** Number of its elements. */
  elements: z.int(),
});
export type LabelTemplateView = z.infer<typeof labelTemplateView>;

/** What is wrong with a template. */
export const labelIssueView = z.object({
  /** Index of the element; `null`: it is about the label. */
  element: z.int().nullable(),
  /** Path in the template, as `elements.2.value`. */
  path: z.string(),
  code: z.string(),
  message: words,
});
export type LabelIssueView = z.infer<typeof labelIssueView>;

/** A template as plain data. It may be unfinished: `shared/label` has its shape. */
const templateData = z.record(z.string(), z.json());

export const labelPreview = z.object({
  /** What the station draws; elements with a mistake are left out. `null` when the shape is wrong. */
  svg: z.string().nullable(),
  issues: z.array(labelIssueView),
  /** The template as a file. */
  source: z.string(),
});
export type LabelPreview = z.infer<typeof labelPreview>;

export const labelTemplateDetails = z.object({
  /** The version that was asked for. */
  facts: templateFacts,
  template: templateData,
  /** Its text. */
  source: z.string(),
  /** All versions, the latest first. */
  versions: z.array(templateFacts),
  /** Recipes of this station that have a version of it. */
  uses: z.array(
    z.object({
      recipeHash: z.string(),
      recipe: z.string(),
      recipeVersion: z.string(),
      file: z.string(),
      /** The version that it has; `null`: the one that ships with the program. */
      version: z.int().nullable(),
    }),
  ),
});
export type LabelTemplateDetails = z.infer<typeof labelTemplateDetails>;

const ENGINEER = ['engineer'] as const;
const read = { automatic: true, atOnce: false } as const;
const act = { automatic: false, atOnce: false } as const;

/** Templates of labels: what an engineer designs. */
export const labelTemplateCalls = {
  'labelTemplates.list': call(ENGINEER, empty, z.object({ templates: z.array(labelTemplateView) }), read),
  /** `version`: `null` for the latest. Faults: `not-found`. */
  'labelTemplates.get': call(
    ENGINEER,
    z.strictObject({ name, version: z.int().nullable() }),
    labelTemplateDetails,
    read,
  ),
  /** Reads the text of a file. Faults: `bad-input` for a text that is no template, with line and column. */
  'labelTemplates.read': call(
    ENGINEER,
    z.strictObject({ source: z.string().max(262_144) }),
    z.object({ template: templateData }),
    act,
  ),
  /**
   * Draws a template with the values of a run, or with those of a sample unit. Changes nothing. Faults: `not-found` for the
   * run, `bad-input` for one whose unit has no label.
   */
  'labelTemplates.preview': call(
    ENGINEER,
    z.strictObject({ template: templateData, dpi: z.literal([203, 300, 600]), runId: z.string().nullable() }),
    labelPreview,
    read,
  ),
  /** Saves it as the next version of its name. Faults: `bad-input`. */
  'labelTemplates.save': call(
    ENGINEER,
    z.strictObject({ template: templateData }),
    labelTemplateDetails,
    act,
  ),
  /** As `save`, for the text of a file. Faults: `bad-input` with line and column. */
  'labelTemplates.add': call(
    ENGINEER,
    z.strictObject({ source: z.string().max(262_144) }),
    labelTemplateDetails,
    act,
  ),
  /**
   * Removes it from the lists; its versions stay in the records. Faults: `not-found`; `bad-input` for one that ships with the
   * program; `template-in-use` while a locked recipe or an open batch has a version of it.
   */
  'labelTemplates.remove': call(ENGINEER, z.strictObject({ name }), empty, act),
};
