import type { CodedText } from '../words/index.ts';

/** A mistake in a recipe, with its path: of a value, or of one of the keys of the object at that path. */
export interface Mistake {
  readonly path: readonly (string | number)[];
  readonly key?: string;
  readonly message: CodedText;
}
