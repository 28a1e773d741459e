/** How recipes name a program that is listed at a station. */
export const TOOL_NAME = /^[a-z0-9][a-z0-9._-]{0,47}$/i;

/** Placeholders of a program's arguments that the station itself fills in. */
const OWN = /\{(port|baudRate|firmware|(?:file|firmware):[A-Za-z0-9][A-Za-z0-9._/-]{0,127})\}/;
/** Values of an identity. Arguments of a program can be seen by every user of the computer. */
const IDENTITY = /\{(productId|deviceName|deviceSecret)(?::[a-z0-9]+)?\}/i;

/** What a placeholder stands for. */
export type ToolPlaceholder =
  | { readonly kind: 'port' | 'baudRate' }
  /** `name: null`: the firmware of the package itself. */
  | { readonly kind: 'firmware'; readonly name: string | null }
  /** A file in the folder of the recipe. */
  | { readonly kind: 'file'; readonly name: string };

/** An argument, divided into text and placeholders of the station. Text may have placeholders of the unit and variables. */
export function toolArgumentParts(argument: string): readonly (string | ToolPlaceholder)[] {
  // A split by a pattern with a group has the groups at odd places.
  return argument.split(OWN).flatMap((part, index): (string | ToolPlaceholder)[] => {
    if (index % 2 === 0) return part === '' ? [] : [part];
    const [kind = '', name = null] = part.split(':');
    if (kind === 'firmware') return [{ kind, name }];
    if (kind === 'file') return [{ kind, name: name ?? '' }];
    return [{ kind: kind === 'port' ? 'port' : 'baudRate' }];
  });
}

/** A placeholder of the station that is not written as one: without a name, or with a path; `null` when there is none. */
export function brokenPlaceholder(argument: string): string | null {
  for (const part of toolArgumentParts(argument)) {
    const found = typeof part === 'string' ? /\{(?:file|firmware|port|baudRate)\b[^}]*\}?/i.exec(part) : null;
    if (found !== null) return found[0];
    if (typeof part !== 'string' && 'name' in part && part.name?.includes('..') === true) return part.name;
  }
  return null;
}

/** Placeholders of the station, as they are written. */
export const TOOL_PLACEHOLDERS: readonly string[] = [
  'port',
  'baudRate',
  'file:NAME',
  'firmware',
  'firmware:NAME',
];

/**
 * A word in braces that is neither a placeholder of the station nor one of `others`; `null` when there is none. Braces around
 * several words belong to the language of the program.
 */
export function unknownPlaceholder(argument: string, others: readonly string[]): string | null {
  for (const part of toolArgumentParts(argument)) {
    if (typeof part !== 'string') continue;
    for (const [, word = ''] of part.matchAll(/(?<!\$)\{([A-Za-z]\w*)(?::[^{}\s]*)?\}/g))
      if (!others.includes(word)) return word;
  }
  return null;
}

/** The placeholder of an identity in an argument; `null` when there is none. */
export function identityInArgument(argument: string): string | null {
  return IDENTITY.exec(argument)?.[0] ?? null;
}

/** Files in the folder of the recipe that an argument names. */
export function filesInArgument(argument: string): readonly string[] {
  return toolArgumentParts(argument).flatMap((part) =>
    typeof part !== 'string' && part.kind === 'file' ? [part.name] : [],
  );
}
