import { printQuestion, printError } from './output.ts';
import { Fault } from '#shared/domain/fault.ts';
import { readPipedText } from './read-piped-line.ts';

const MAX_CHARACTERS = 256;

/**
 * Reads a PIN from the keyboard without echo, twice, or the first line of standard input. Never from the command line, which
 * every user of the computer can read. Faults: `bad-input`, `cancelled`.
 */
export async function readPin(name: string): Promise<string> {
  if (!process.stdin.isTTY) return readPiped();
  const pin = await readHidden(`PIN for ${name}: `);
  if (pin === (await readHidden('once more: '))) return pin;
  throw new Fault('bad-input', 'that was not the same PIN twice', { hint: 'Run the command again.' });
}

/** The next line of standard input. Faults: `bad-input` when there is none. */
export async function readPiped(): Promise<string> {
  const pin = await readPipedText(MAX_CHARACTERS * 4);
  if (pin !== '') return pin;
  throw new Fault('bad-input', 'no PIN came on standard input', {
    hint: 'Run it on a terminal and type it, or pipe it in as one line.',
  });
}

/** Reads one line in raw mode without echo, which does not show its length either. Faults: `cancelled`. */
export function readHidden(question: string): Promise<string> {
  const { stdin } = process;
  // Before the question, so that input typed earlier is not shown either.
  stdin.setRawMode(true);
  printQuestion(question);
  stdin.setEncoding('utf8');
  stdin.resume();
  return new Promise<string>((resolve, reject) => {
    let text = '';
    const end = (): void => {
      stdin.off('data', take);
      stdin.setRawMode(false);
      stdin.pause();
      printError('');
    };
    const take = (chunk: string): void => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') {
          end();
          return resolve(text);
        }
        // Ctrl-C and Ctrl-D, which raw mode does not handle.
        if (key === '\u0003' || key === '\u0004') {
          end();
          return reject(new Fault('cancelled', 'stopped by the person at the terminal'));
        }
        if (key === '\u007f' || key === '\b') text = [...text].slice(0, -1).join('');
        else if (text.length < MAX_CHARACTERS) text += key;
      }
    };
    stdin.on('data', take);
  });
}
