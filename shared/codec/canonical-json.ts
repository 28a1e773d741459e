/** Levels of lists and objects in each other. */
const MAX_DEPTH = 100;

/**
 * The canonical JSON text of a value (RFC 8785, JCS): no blanks, members in the order of the UTF-16 code units of their names,
 * numbers and strings as ECMAScript writes them. One value has one text: `canonicalJson({ b: 1, a: [] }) === '{"a":[],"b":1}'`.
 *
 * @param value of JSON: members that are `undefined` are left out
 * Errors: `TypeError` for a number that is not finite, text with a lone surrogate, other values than those of JSON, and more
 * than 100 levels.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) throw new TypeError('the value has too many levels');
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed()) throw new TypeError('a text has a lone surrogate');
      return JSON.stringify(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError('a number is not finite');
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object': {
      if (value === null) return 'null';
      if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
      const members = Object.entries(value)
        .filter(([, item]) => item !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, item]) => `${write(name, depth)}:${write(item, depth + 1)}`);
      return `{${members.join(',')}}`;
    }
    default:
      throw new TypeError(`JSON has no ${typeof value}`);
  }
}
