import { optionCommand, type TelnetVerb } from './telnet.ts';

/** RFC 856: data are bytes, not lines of text. */
const BINARY = 0;
/** RFC 858. */
const SUPPRESS_GO_AHEAD = 3;
/** RFC 2217. */
export const COM_PORT = 44;

/** What this end offers to do, and what it asks the server to do. */
const OFFERED: readonly number[] = [BINARY, SUPPRESS_GO_AHEAD, COM_PORT];
const ASKED: readonly number[] = [BINARY, SUPPRESS_GO_AHEAD];
/** What this end agrees to when the server offers it. */
const ACCEPTED: readonly number[] = [...ASKED, COM_PORT];

/**
 * The options of a Telnet connection to a serial server. Each option is answered once at most, so that two ends never answer
 * one another without end (RFC 1143).
 */
export class TelnetOptions {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #onComPort: (agreed: boolean) => void;
  readonly #answered = new Set<string>();

  /** @param onComPort called when the server agrees to the control of its port, or refuses it */
  constructor(send: (bytes: Uint8Array) => void, onComPort: (agreed: boolean) => void) {
    this.#send = send;
    this.#onComPort = onComPort;
  }

  /** Sends the offers and the requests of this end. */
  start(): void {
    for (const option of OFFERED) this.#say('will', option);
    for (const option of ASKED) this.#say('do', option);
  }

  receive(verb: TelnetVerb, option: number): void {
    switch (verb) {
      case 'do':
        if (option === COM_PORT) this.#onComPort(true);
        return this.#say(OFFERED.includes(option) ? 'will' : 'wont', option);
      case 'dont':
        if (option === COM_PORT) this.#onComPort(false);
        return this.#say('wont', option);
      case 'will':
        return this.#say(ACCEPTED.includes(option) ? 'do' : 'dont', option);
      case 'wont':
        return this.#say('dont', option);
    }
  }

  /** Says it once; what was said already is not repeated as an answer. */
  #say(verb: TelnetVerb, option: number): void {
    const key = `${verb} ${option}`;
    if (this.#answered.has(key)) return;
    this.#answered.add(key);
    this.#send(optionCommand(verb, option));
  }
}
