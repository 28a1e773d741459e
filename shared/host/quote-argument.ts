/** An argument for the system's shell, quoted if it has characters other than letters, digits and a few safe ones. */
export function quoteArgument(text: string, platform: string): string {
  if (platform === 'win32') return /^[\w.:\\/+@-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
  return /^[\w./:=+,@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
