import { compileHeader, type Header } from './headers.ts';
import { parseMessage, type ProgramUnit } from './message.ts';
import { numberOf, onlyParameter } from './parameters.ts';
import { ScpiError, Status } from './status.ts';

/** What a command answers; `null` for a command that is no question. */
export type ScpiResponse = string | Uint8Array | null;

export interface ScpiCommand {
  /** As manuals write it: `OUTPut[:STATe]?`. */
  readonly header: string;
  /** Throws `ScpiError`. May take its time. */
  run(parameters: readonly string[], signal: AbortSignal): ScpiResponse | Promise<ScpiResponse>;
}

/** What an instrument does beside the common commands. */
export interface ScpiModel {
  readonly identification: string;
  readonly commands: readonly ScpiCommand[];
  /** `*RST`. */
  reset(): void;
  /** Resolves when no operation is pending any more. */
  whenComplete(signal: AbortSignal): Promise<void>;
}

const MASK = { min: 0, max: 255, preset: 0 };

/** Executes program messages: common commands (IEEE 488.2, 10) and those of a model, one after another for all clients. */
export class Interpreter {
  readonly status = new Status();
  readonly #model: ScpiModel;
  readonly #commands: readonly { readonly header: Header; readonly run: ScpiCommand['run'] }[];

  constructor(model: ScpiModel) {
    this.#model = model;
    this.#commands = [...this.#common(), ...model.commands].map(({ header, run }) => ({
      header: compileHeader(header),
      run,
    }));
  }

  /**
   * Executes a message without its end; resolves with the response without its end, `null` for none. A unit with a mistake
   * adds an error, and the rest of the message is not executed.
   */
  async execute(message: string, signal: AbortSignal): Promise<Uint8Array | null> {
    const units = parseMessage(message);
    if (units === null) {
      this.status.add('-102');
      return null;
    }
    const responses: Uint8Array[] = [];
    for (const unit of units) {
      try {
        const response = await this.#executeUnit(unit, signal);
        if (response === null) continue;
        if (responses.length > 0) responses.push(Buffer.from(';'));
        responses.push(typeof response === 'string' ? Buffer.from(response, 'latin1') : response);
      } catch (error) {
        if (!(error instanceof ScpiError)) throw error;
        this.status.add(error.scpiCode);
        break;
      }
    }
    return responses.length === 0 ? null : Buffer.concat(responses);
  }

  #executeUnit(
    { nodes, isQuery, parameters }: ProgramUnit,
    signal: AbortSignal,
  ): ReturnType<ScpiCommand['run']> {
    const found = this.#commands.find(({ header }) => header.isQuery === isQuery && header.matches(nodes));
    if (found === undefined) throw new ScpiError('-113');
    return found.run(parameters, signal);
  }

  #common(): ScpiCommand[] {
    const { status } = this;
    const model = this.#model;
    const command = (header: string, run: ScpiCommand['run']): ScpiCommand => ({ header, run });
    return [
      command('*IDN?', () => model.identification),
      command('*RST', () => {
        model.reset();
        return null;
      }),
      command('*CLS', () => {
        status.clear();
        return null;
      }),
      command('*OPC', async (_, signal) => {
        await model.whenComplete(signal);
        status.operationComplete();
        return null;
      }),
      command('*OPC?', async (_, signal) => {
        await model.whenComplete(signal);
        return '1';
      }),
      command('*WAI', async (_, signal) => {
        await model.whenComplete(signal);
        return null;
      }),
      command('*TST?', () => '0'),
      command('*ESR?', () => String(status.takeEvents())),
      command('*ESE', (parameters) => {
        status.eventMask = numberOf(onlyParameter(parameters), MASK);
        return null;
      }),
      command('*ESE?', () => String(status.eventMask)),
      command('*SRE', (parameters) => {
        status.serviceMask = numberOf(onlyParameter(parameters), MASK);
        return null;
      }),
      command('*SRE?', () => String(status.serviceMask)),
      command('*STB?', () => String(status.byte)),
      command('SYSTem:ERRor[:NEXT]?', () => status.nextError()),
      command('SYSTem:ERRor:COUNt?', () => String(status.errorCount)),
      command('SYSTem:VERSion?', () => '1999.0'),
    ];
  }
}
