import { inspect } from 'node:util';
import { visibleJson, visibleLine } from '#shared/codec/visible-text.ts';

/**
 * The output of commands to the terminal; ESLint forbids `process.stdout.write` and `console` elsewhere. The text may contain
 * data of a unit, a script or a file: characters that move the cursor, start a line or change the reading order are escaped.
 */
export interface Output {
  readonly json: boolean;
  /** One JSON line on stdout, only with `--json`. */
  event(name: string, fields: object): void;
  /** Prints text on stdout; prints nothing with `--json`, because the events contain the same. */
  print(lines: Lines): void;
  /** Prints text that no event contains: on stdout, or on stderr with `--json`. */
  notice(lines: Lines): void;
}

/** A string is one line, in which a line break is shown as `\n`; a list is several lines. */
export type Lines = string | readonly string[];

export function createOutput(options: { readonly json?: boolean }): Output {
  const json = options.json === true;
  return {
    json,
    event(name, fields) {
      if (json) writeJsonLine({ event: name, ...fields });
    },
    print(lines) {
      if (!json) writeLines(lines);
    },
    notice(lines) {
      (json ? process.stderr : process.stdout).write(shown(lines));
    },
  };
}

/** One JSON line on standard output, with control characters as `\uXXXX`. */
export function writeJsonLine(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`);
}

/** Prints lines on stdout, also with `--json`. */
export function writeLines(lines: Lines): void {
  process.stdout.write(shown(lines));
}

/** Prints lines on stderr. */
export function printError(lines: Lines): void {
  process.stderr.write(shown(lines));
}

/** Prints a question on stderr, without a line end. */
export function printQuestion(question: string): void {
  process.stderr.write(visibleLine(question));
}

/** Overwrites the current line on stderr; an empty text clears it. */
export function overwriteLine(line: string): void {
  process.stderr.write(`\r\x1b[K${visibleLine(line)}`);
}

/** Prints an error with its stack, for support; indented, so that none of its lines looks like output of the program. */
export function printErrorDetails(error: unknown): void {
  printError(
    inspect(error)
      .split('\n')
      .map((line) => `  ${line}`),
  );
}

/**
 * Shows texts and a picture alone on the terminal of standard output, the picture dark on light whatever the colours of the terminal are.
 * The terminal keeps nothing of them after `leaveOwnScreen`.
 */
export function showOnOwnScreen(texts: readonly string[], picture: readonly string[]): void {
  const drawn = picture.map((line) => `\x1b[38;5;16;48;5;231m${line}\x1b[0m\n`).join('');
  process.stdout.write(`\x1b[?1049h\x1b[H\x1b[2J${shown(texts)}${drawn}`);
}

/** The size of the terminal of standard output in characters. */
export function terminalSize(): { readonly columns: number; readonly rows: number } {
  const { columns = 80, rows = 24 } = process.stdout;
  return { columns, rows };
}

/** Calls `listener` when that terminal has another size; returns the function that ends this. */
export function onTerminalResize(listener: () => void): () => void {
  process.stdout.on('resize', listener);
  return () => void process.stdout.off('resize', listener);
}

/** Shows again what the terminal had before. */
export function leaveOwnScreen(): void {
  process.stdout.write('\x1b[?1049l');
}

function shown(lines: Lines): string {
  return (typeof lines === 'string' ? [lines] : lines).map((line) => `${visibleLine(line)}\n`).join('');
}

/** A table as lines, with column widths by the longest cell; CJK characters count twice. Each cell is one line. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const cells = [header, ...rows].map((row) => row.map(visibleLine));
  const widths = header.map((_, i) => Math.max(...cells.map((row) => displayWidth(row[i] ?? ''))));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => cell + ' '.repeat(Math.max(0, (widths[i] ?? 0) - displayWidth(cell))))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = cells;
  return [line(head), line(widths.map((width) => '─'.repeat(width))), ...body.map(line)];
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
