import { inspect } from 'node:util';
import { visibleJson, visibleLine } from '#shared/codec/visible-text.ts';

/**
 * The one place from which this program's own text reaches a terminal (ESLint forbids `process.stdout.write` and
 * `console` elsewhere). What a unit, a script or a file said may be part of any of it, so no character that moves the
 * cursor, begins a line or turns the order of reading is passed on.
 */
export interface Output {
  readonly json: boolean;
  /** One JSON line on stdout, only with `--json`. */
  event(name: string, fields: object): void;
  /**
   * Words for people: on stdout, or on stderr when stdout belongs to the events. A text is one line, and a line break
   * in it is shown as `\n`; several lines are given as a list.
   */
  print(lines: Lines): void;
}

/** One line, or several. */
export type Lines = string | readonly string[];

export function createOutput(options: { readonly json?: boolean }): Output {
  const json = options.json === true;
  return {
    json,
    event(name, fields) {
      if (json) writeJsonLine({ event: name, ...fields });
    },
    print(lines) {
      (json ? process.stderr : process.stdout).write(shown(lines));
    },
  };
}

/** One JSON line on standard output, with control characters as `\uXXXX`. */
export function writeJsonLine(value: unknown): void {
  process.stdout.write(`${visibleJson(value)}\n`);
}

/** On stdout: a text of this program's own making that is to arrive as it is. */
export function writeLines(lines: Lines): void {
  process.stdout.write(shown(lines));
}

/** On stderr, also when stdout belongs to events. */
export function printError(lines: Lines): void {
  process.stderr.write(shown(lines));
}

/** A question on stderr; the cursor stays behind it. */
export function printQuestion(question: string): void {
  process.stderr.write(visibleLine(question));
}

/** Writes over the line of the terminal on stderr; an empty one clears it. */
export function overwriteLine(line: string): void {
  process.stderr.write(`\r\x1b[K${visibleLine(line)}`);
}

/** A defect with its stack, for support. Indented, so that no line of it passes for one of the program's. */
export function printErrorDetails(error: unknown): void {
  printError(
    inspect(error)
      .split('\n')
      .map((line) => `  ${line}`),
  );
}

function shown(lines: Lines): string {
  return (typeof lines === 'string' ? [lines] : lines).map((line) => `${visibleLine(line)}\n`).join('');
}

/** Columns wide enough for their longest cell, as lines; CJK characters count twice. A cell is never two lines. */
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
