/** An argument as it is typed at the system's shell: bare where every character is plain, in quotes otherwise. */
export function quoteArgument(text: string, platform: string): string {
  if (platform === 'win32') return /^[\w.:\\/+@-]+$/.test(text) ? text : `"${text.replaceAll('"', '\\"')}"`;
  return /^[\w./:=+,@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
