/*
 * Telnet as serial servers speak it. Sources: RFC 854 (commands), RFC 855 (options), RFC 856 (binary), RFC 858 (suppress go
 * ahead).
 */

const IAC = 255;
const SUBNEGOTIATION = 250;
const END_OF_SUBNEGOTIATION = 240;
const VERBS = { will: 251, wont: 252, do: 253, dont: 254 } as const;
export type TelnetVerb = keyof typeof VERBS;

/** The longest text of a subnegotiation that is read; of a longer one nothing is. */
const MAX_SUBNEGOTIATION_BYTES = 1024;

export type TelnetItem =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'option'; readonly verb: TelnetVerb; readonly option: number }
  | { readonly kind: 'subnegotiation'; readonly option: number; readonly bytes: Uint8Array };

type State = 'data' | 'command' | 'option' | 'text' | 'command-in-text';

/** Separates the data of a Telnet connection from its commands, in any pieces. Unknown commands are ignored. */
export class TelnetReader {
  #state: State = 'data';
  #verb: TelnetVerb = 'will';
  #text: number[] = [];

  push(chunk: Uint8Array): TelnetItem[] {
    const items: TelnetItem[] = [];
    for (let at = 0; at < chunk.length;) {
      if (this.#state === 'data') {
        const end = chunk.indexOf(IAC, at);
        const bytes = chunk.subarray(at, end === -1 ? chunk.length : end);
        if (bytes.length > 0) items.push({ kind: 'data', bytes });
        at += bytes.length + 1;
        if (end !== -1) this.#state = 'command';
        continue;
      }
      const item = this.#take(chunk[at] ?? 0);
      if (item !== null) items.push(item);
      at += 1;
    }
    return items;
  }

  /** Takes one byte outside the data. */
  #take(byte: number): TelnetItem | null {
    switch (this.#state) {
      case 'command':
        return this.#takeCommand(byte);
      case 'option':
        this.#state = 'data';
        return { kind: 'option', verb: this.#verb, option: byte };
      case 'text':
        if (byte === IAC) this.#state = 'command-in-text';
        else this.#addText(byte);
        return null;
      case 'command-in-text':
        this.#state = 'text';
        if (byte === IAC) this.#addText(byte);
        return byte === END_OF_SUBNEGOTIATION ? this.#endText() : null;
      case 'data':
        return null;
    }
  }

  #takeCommand(byte: number): TelnetItem | null {
    this.#state = 'data';
    if (byte === IAC) return { kind: 'data', bytes: Uint8Array.of(IAC) };
    if (byte === SUBNEGOTIATION) {
      this.#state = 'text';
      this.#text = [];
      return null;
    }
    const verb = (Object.keys(VERBS) as TelnetVerb[]).find((name) => VERBS[name] === byte);
    if (verb === undefined) return null;
    this.#verb = verb;
    this.#state = 'option';
    return null;
  }

  #addText(byte: number): void {
    if (this.#text.length <= MAX_SUBNEGOTIATION_BYTES) this.#text.push(byte);
  }

  #endText(): TelnetItem | null {
    this.#state = 'data';
    const [option, ...text] = this.#text;
    this.#text = [];
    if (option === undefined || text.length >= MAX_SUBNEGOTIATION_BYTES) return null;
    return { kind: 'subnegotiation', option, bytes: Uint8Array.from(text) };
  }
}

/** Data as it is sent: each byte 255 is doubled. */
export function escapeData(bytes: Uint8Array): Uint8Array {
  let doubled = 0;
  for (let at = bytes.indexOf(IAC); at !== -1; at = bytes.indexOf(IAC, at + 1)) doubled += 1;
  if (doubled === 0) return bytes;
  const escaped = new Uint8Array(bytes.length + doubled);
  let end = 0;
  for (const byte of bytes) {
    escaped[end++] = byte;
    if (byte === IAC) escaped[end++] = IAC;
  }
  return escaped;
}

export function optionCommand(verb: TelnetVerb, option: number): Uint8Array {
  return Uint8Array.of(IAC, VERBS[verb], option);
}

export function subnegotiation(option: number, bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(IAC, SUBNEGOTIATION, option, ...escapeData(bytes), IAC, END_OF_SUBNEGOTIATION);
}
