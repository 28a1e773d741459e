interface HeaderNode {
  readonly short: string;
  readonly long: string;
  readonly optional: boolean;
}

/** A command header that a message may name in short or long form, with its optional nodes left out or not. */
export interface Header {
  readonly isQuery: boolean;
  /** True for the nodes of a message in capitals: `['SYST', 'ERR']`. */
  matches(nodes: readonly string[]): boolean;
}

/**
 * Reads a header as manuals write it: `MEASure[:SCALar]:VOLTage[:DC]?`. Capitals are the short form, brackets optional nodes
 * (SCPI-99, volume 1, 5.1 and 6.2).
 */
export function compileHeader(pattern: string): Header {
  const isQuery = pattern.endsWith('?');
  const nodes: HeaderNode[] = [];
  for (const [, open, name = ''] of pattern.matchAll(/(\[?):?([A-Za-z*]+)/g))
    nodes.push({
      short: name.replace(/[a-z]/g, ''),
      long: name.toUpperCase(),
      optional: open === '[',
    });
  return { isQuery, matches: (given) => fits(nodes, given) };
}

function fits(nodes: readonly HeaderNode[], given: readonly string[]): boolean {
  const [node, ...rest] = nodes;
  if (node === undefined) return given.length === 0;
  const [first, ...others] = given;
  if (first !== undefined && (first === node.short || first === node.long) && fits(rest, others)) return true;
  return node.optional && fits(rest, given);
}
