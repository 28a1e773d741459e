import { LineSplitter } from '../../parts/line-splitter.ts';
import { Tasks } from '../../parts/tasks.ts';
import type { Device, DeviceContext, Stimulus } from '../profile.ts';
import { actionNamed, callNamed } from './actions/index.ts';
import { idCardOf } from './actions/id-card.ts';
import { SOCIAL_SECURITY_CARD } from './actions/social-security.ts';
import { restartIdleWatcher } from './actions/idle-watcher.ts';
import { type AmpeRequest, failed, MessageWriter, parseRequest } from './envelope.ts';
import type { Task } from './task.ts';
import { Terminal } from './terminal.ts';

export { APP_VERSION } from './actions/device-info.ts';

const BOOT_MS = 800;
/** A request may contain a picture. */
const LONGEST_LINE_BYTES = 8 * 1024 * 1024;
const NO_REQUEST: AmpeRequest = { kind: 'action', action: '', event: '', taskId: '', params: {} };

interface Power {
  readonly control: AbortController;
  readonly terminal: Terminal;
  ready: boolean;
}

/**
 * A terminal behind the assumed bridge, on a serial line or a TCP connection. Each line is one request; the reply is sent
 * when the request is done. The bridge has registered each listener once.
 */
export class AmpeDevice implements Device {
  readonly #context: DeviceContext;
  readonly #tasks: Tasks;
  readonly #lines = new LineSplitter(LONGEST_LINE_BYTES);
  readonly #messages: MessageWriter;
  #power: Power | null = null;

  constructor(context: DeviceContext) {
    this.#context = context;
    this.#tasks = new Tasks(context.onError);
    this.#messages = new MessageWriter(context);
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
      if (request === null) this.#messages.reply(NO_REQUEST, failed('请求格式有误'));
      else this.#begin(this.#power, request);
    }
  }

  stimulate(stimulus: Stimulus): boolean {
    const terminal = this.#power?.ready === true ? this.#power.terminal : null;
    if (terminal === null) return false;
    switch (stimulus.kind) {
      case 'scan': {
        const waiting = terminal.pendingCodeRequests.shift();
        if (waiting === undefined) this.#messages.deliver('initQRListener', { qrCode: stimulus.code });
        else waiting(stimulus.code);
        return true;
      }
      case 'card':
        this.#setCard(terminal, stimulus.card, stimulus.present);
        return true;
      case 'person':
        terminal.personInFront = stimulus.present;
        return true;
      default:
        return false;
    }
  }

  #setCard(terminal: Terminal, card: 'id' | 'cpu' | 'social', present: boolean): void {
    if (card === 'social') {
      if (present) this.#messages.deliver('socialSecurityCardListener', SOCIAL_SECURITY_CARD);
      return;
    }
    const placed = present && !terminal[card === 'id' ? 'idCard' : 'cpuCard'];
    terminal[card === 'id' ? 'idCard' : 'cpuCard'] = present;
    if (card === 'cpu') terminal.cardPowered = false;
    else if (placed && !terminal.isActive('id-card'))
      this.#messages.deliver('initIDCardListener', idCardOf(['base']));
  }

  #begin(power: Power, request: AmpeRequest): void {
    const action = request.kind === 'call' ? callNamed(request.action) : actionNamed(request.action);
    if (action === undefined)
      return this.#messages.reply(request, failed(`不支持的${request.kind}: ${request.action}`));
    this.#context.commandStarted();
    const { signal } = power.control;
    const task: Task = {
      request,
      context: this.#context,
      terminal: power.terminal,
      signal,
      deliver: (listener, data) => {
        if (!signal.aborted) this.#messages.deliver(listener, data);
      },
      track: (further) => this.#tasks.track(further),
    };
    restartIdleWatcher(task);
    const work = async (): Promise<void> => {
      const result = await action(task);
      if (result !== null && !signal.aborted) this.#messages.reply(request, result);
    };
    this.#tasks.track(work());
  }
}
