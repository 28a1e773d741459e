/** Meaning of a key of a recipe, with examples of its value. */
export interface KeyDoc {
  readonly about: string;
  readonly examples?: readonly (
    | string
    | number
    | boolean
    | readonly (string | number)[]
    | Readonly<Record<string, unknown>>
  )[];
}

export const key = (about: string, ...examples: NonNullable<KeyDoc['examples']>): KeyDoc =>
  examples.length === 0 ? { about } : { about, examples };
