import { shape } from './texts/shape-texts.ts';
import { z } from 'zod';
import { recipeFile } from './common.ts';

/** As long as a recipe may be: it may contain a picture, although a file is better. */
const LONGEST_TEXT = 131_072;

/** Of a recipe: JSON of any depth, whose texts are templates. `{ base64Of: receipt.jpg }` is a file beside the recipe as base64. */
export type AmpeParam =
  | string
  | number
  | boolean
  | null
  | { readonly base64Of: string }
  | readonly AmpeParam[]
  | { readonly [key: string]: AmpeParam };

const fileAsBase64 = z.strictObject({ base64Of: recipeFile });

/** JSON of any depth; its texts are templates, and an object with nothing but `base64Of` stands for a file. */
const value: z.ZodType<AmpeParam, AmpeParam> = z.lazy(() =>
  z.union([
    z.string().max(LONGEST_TEXT),
    z.number(),
    z.boolean(),
    z.null(),
    z.array(value),
    fileAsBase64,
    z.record(
      z.string().refine((key) => key !== 'base64Of', shape('shape-base64-only')),
      value,
    ),
  ]),
);
export const ampeParams = z.record(z.string().max(64), value);

export function isFileAsBase64(param: AmpeParam): param is { readonly base64Of: string } {
  return (
    typeof param === 'object' &&
    param !== null &&
    typeof (param as { base64Of?: unknown }).base64Of === 'string'
  );
}

/** Every file that parameters name, with its place. */
export function filesInParams(
  param: AmpeParam,
  path: readonly (string | number)[],
): { readonly name: string; readonly path: readonly (string | number)[] }[] {
  if (typeof param !== 'object' || param === null) return [];
  if (isFileAsBase64(param)) return [{ name: param.base64Of, path: [...path, 'base64Of'] }];
  const items: [string | number, AmpeParam][] = Array.isArray(param)
    ? [...(param as readonly AmpeParam[]).entries()]
    : Object.entries(param);
  return items.flatMap(([key, item]) => filesInParams(item, [...path, key]));
}
