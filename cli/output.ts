/** What a command says: events for machines on stdout, words for people. */
export interface Output {
  readonly json: boolean;
  /** One JSON line on stdout, only with `--json`. */
  event(name: string, fields: object): void;
  /** Words for people: on stdout, or on stderr when stdout belongs to the events. */
  say(text: string): void;
}

export function createOutput(options: { readonly json?: boolean }): Output {
  const json = options.json === true;
  return {
    json,
    event(name, fields) {
      if (json) process.stdout.write(`${JSON.stringify({ event: name, ...fields })}\n`);
    },
    say(text) {
      (json ? process.stderr : process.stdout).write(`${text}\n`);
    },
  };
}

/** Columns wide enough for their longest cell; CJK characters count twice. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((cell, i) =>
    Math.max(...[cell, ...rows.map((row) => row[i] ?? '')].map(displayWidth)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - displayWidth(cell))))
      .join('  ')
      .trimEnd();
  return [line(header), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}

function displayWidth(text: string): number {
  let width = 0;
  for (const char of text)
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/.test(
        char,
      )
        ? 2
        : 1;
  return width;
}
