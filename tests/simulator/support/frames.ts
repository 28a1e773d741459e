import type { Terminal } from '../../kit/terminal.ts';

/** A pattern for bytes as a terminal shows them. `..` stands for any byte: `aa5586 .. .. 55aa`. */
export function bytesPattern(hex: string, before = ''): RegExp {
  const pairs = hex.replaceAll(/\s/g, '').match(/../g) ?? [];
  const source = pairs.map((pair) => (pair === '..' ? '([^])' : `\\x${pair}`)).join('');
  return new RegExp(before + source);
}

/** Waits for these bytes and gives what stood for `..`. */
export async function expectBytes(terminal: Terminal, hex: string, timeoutMs?: number): Promise<number[]> {
  const match = await terminal.expect(bytesPattern(hex), timeoutMs);
  return match.slice(1).map((char) => char.charCodeAt(0));
}

/** Waits for two answers that may come in either order, and takes both. */
export async function expectBoth(terminal: Terminal, one: RegExp, other: RegExp): Promise<void> {
  await terminal.expect(
    new RegExp(`${one.source}[^]*?${other.source}|${other.source}[^]*?${one.source}`, 'm'),
  );
}
