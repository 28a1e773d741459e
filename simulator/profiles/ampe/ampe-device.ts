import { LineSplitter } from '../../parts/line-splitter.ts';
import { Tasks } from '../../parts/tasks.ts';
import type { Device, DeviceContext, Stimulus } from '../profile.ts';
import { actionNamed } from './actions/index.ts';
import { type AmpeRequest, failed, parseRequest, ReplyWriter } from './envelope.ts';
import { Terminal } from './terminal.ts';

export { APP_VERSION } from './actions/device-info.ts';

const BOOT_MS = 800;
const LONGEST_LINE_BYTES = 16_384;
const NO_REQUEST = { action: '', event: '', taskId: '' };

interface Power {
  readonly control: AbortController;
  readonly terminal: Terminal;
  ready: boolean;
}

/** A terminal at the end of a line or a TCP connection: one request a line, answered when it is done. */
export class AmpeDevice implements Device {
  readonly #context: DeviceContext;
  readonly #tasks: Tasks;
  readonly #lines = new LineSplitter(LONGEST_LINE_BYTES);
  readonly #reply: ReplyWriter;
  #power: Power | null = null;

  constructor(context: DeviceContext) {
    this.#context = context;
    this.#tasks = new Tasks(context.trouble);
    this.#reply = new ReplyWriter(context);
  }

  powerOn(): void {
    const power: Power = { control: new AbortController(), terminal: new Terminal(), ready: false };
    this.#power = power;
    this.#lines.clear();
    const boot = async (): Promise<void> => {
      await this.#context.wait(BOOT_MS, power.control.signal);
      power.ready = true;
    };
    this.#tasks.track(boot());
  }

  async powerOff(): Promise<void> {
    this.#power?.control.abort();
    this.#power = null;
    await this.#tasks.settled();
  }

  receive(bytes: Uint8Array): void {
    if (this.#power?.ready !== true) return;
    for (const line of this.#lines.push(bytes)) {
      const request = line.kind === 'line' ? parseRequest(line.text) : null;
      if (request === null) this.#reply.write(NO_REQUEST, failed('请求格式有误'));
      else this.#begin(this.#power, request);
    }
  }

  sense(stimulus: Stimulus): boolean {
    const terminal = this.#power?.ready === true ? this.#power.terminal : null;
    if (terminal === null) return false;
    switch (stimulus.kind) {
      case 'scan':
        terminal.onCode?.(stimulus.code);
        return terminal.onCode !== null;
      case 'card':
        terminal[stimulus.card === 'id' ? 'idCard' : 'cpuCard'] = stimulus.present;
        return true;
      case 'person':
        terminal.personInFront = stimulus.present;
        return true;
      default:
        return false;
    }
  }

  #begin(power: Power, request: AmpeRequest): void {
    const action = actionNamed(request.action);
    if (action === undefined) return this.#reply.write(request, failed(`不支持的action: ${request.action}`));
    this.#context.began();
    const { signal } = power.control;
    const work = async (): Promise<void> => {
      const outcome = await action({
        request,
        context: this.#context,
        terminal: power.terminal,
        signal,
        tell: (listener, data) => {
          if (!signal.aborted)
            this.#reply.write({ ...request, event: listener }, { success: true, message: '', data });
        },
        track: (further) => this.#tasks.track(further),
      });
      if (!signal.aborted) this.#reply.write(request, outcome);
    };
    this.#tasks.track(work());
  }
}
