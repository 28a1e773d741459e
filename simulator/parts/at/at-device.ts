import { AT_REPORTS, CME_CODE } from '#shared/domain/at-module.ts';

import { createRandom } from '../../platform/index.ts';
import { noise } from '../../serial-line/index.ts';
import type { Device, DeviceContext, Stimulus } from '../../profiles/profile.ts';
import { Tasks } from '../tasks.ts';
import { MqttConnection } from './mqtt-connection.ts';
import { IDENTITY_COMMANDS } from './commands/identity.ts';
import { MQTT_LONG_PUBLISH_COMMANDS } from './commands/mqtt-long-publish.ts';
import { MQTT_MESSAGE_COMMANDS } from './commands/mqtt-messages.ts';
import { MQTT_SESSION_COMMANDS } from './commands/mqtt-session.ts';
import { PROVISIONING_COMMANDS } from './commands/provisioning.ts';
import { OTA_COMMANDS } from './commands/ota.ts';
import { SYSTEM_COMMANDS } from './commands/system.ts';
import { WIFI_COMMANDS } from './commands/wifi.ts';
import { AppProvisioning } from './app-provisioning.ts';
import { ModuleUpdates, runningFirmware } from './module-updates.ts';
import { UpdateFlash } from './update-flash.ts';
import { dialectOf, type Dialect } from './dialect.ts';
import { LineReader, type ReceivedLine } from './line-reader.ts';
import { parseCommand } from './parse-command.ts';
import { PayloadReader } from './payload-reader.ts';
import type { Application, AtProduct } from './product.ts';
import { ReplyWriter } from './reply-writer.ts';
import { StationNetwork } from './station-network.ts';
import { TokenReport } from './token-report.ts';
import { initialMemory, type Command, type Memory, type ProductInfo, type Session } from './session.ts';
import { matchesFilter } from './topics.ts';

const BOOT_MS = 300;
const BOOT_NOISE_BYTES = 72;
/** Lines that ESP-AT prints when it is ready. */
const BANNER = ['', 'ready'];
/** The module's local error for a lost server, as seen in certification logs. */
const LOST = -103;

const COMMANDS: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    ...SYSTEM_COMMANDS,
    ...WIFI_COMMANDS,
    ...PROVISIONING_COMMANDS,
    ...IDENTITY_COMMANDS,
    ...MQTT_SESSION_COMMANDS,
    ...MQTT_MESSAGE_COMMANDS,
    ...MQTT_LONG_PUBLISH_COMMANDS,
    ...OTA_COMMANDS,
  }),
);

interface Running {
  readonly power: AbortController;
  readonly session: Session;
  readonly application: Application;
  readonly updates: ModuleUpdates;
  ready: boolean;
  busy: boolean;
  /** Receiver of raw bytes while a command reads its payload. */
  onRawBytes: ((bytes: Uint8Array) => void) | null;
}

/** A module with Tencent's AT firmware and the product built on it, on a serial line. */
export class AtDevice implements Device {
  readonly #context: DeviceContext;
  readonly #atProduct: AtProduct;
  readonly #dialect: Dialect;
  readonly #lines = new LineReader();
  readonly #product: { info: ProductInfo | null } = { info: null };
  readonly #network: StationNetwork;
  readonly #provisioning: AppProvisioning;
  readonly #tokenReport: TokenReport;
  readonly #ota = new UpdateFlash();
  #running: Running | null = null;
  readonly #tasks: Tasks;

  constructor(context: DeviceContext, product: AtProduct) {
    this.#context = context;
    this.#tasks = new Tasks(context.onError);
    this.#atProduct = product;
    this.#network = new StationNetwork({
      mac: context.mac,
      isFactoryState: () => context.faults.get('no-wifi') !== null,
      air: context.wifi,
    });
    this.#tokenReport = new TokenReport({
      context,
      connection: () => this.#running?.session.connection ?? null,
      onUnbound: () => this.#network.forget(),
    });
    this.#provisioning = new AppProvisioning({
      context,
      network: this.#network,
      onToken: (token) => this.#tokenReport.keep(token),
    });
    this.#dialect = dialectOf(context.dialect, context.unit, createRandom(context.mac, 'dialect'));
  }

  get network(): StationNetwork {
    return this.#network;
  }

  /** Whether the module has booted and its UART is open. */
  get ready(): boolean {
    return this.#running?.ready === true;
  }

  /** Whether the next bytes are the payload of a command. */
  get readsPayload(): boolean {
    return (this.#running?.onRawBytes ?? null) !== null;
  }

  powerOn(): void {
    if (this.#running !== null) return;
    const power = new AbortController();
    const memory = initialMemory();
    // Replies of a command that was aborted by power-off are discarded, also after the next boot.
    const write = new ReplyWriter(
      this.#dialect,
      (bytes) => {
        if (!power.signal.aborted) this.#context.send(bytes);
      },
      () => this.#context.faults.get('blank-after-colon') !== null,
    );
    this.#network.boot();
    const session: Session = {
      context: this.#context,
      dialect: this.#dialect,
      write,
      connection: this.#createConnection(memory, write, () => running),
      firmware: runningFirmware(this.#atProduct, this.#ota),
      ota: this.#ota,
      network: this.#network,
      provisioning: this.#provisioning,
      memory,
      signal: power.signal,
      product: this.#product,
      readPayload: (length, timeoutMs) => this.#readPayload(running, length, timeoutMs),
      restart: () => {
        if (!power.signal.aborted) this.#restart();
      },
      track: (work) => this.#tasks.track(work),
    };
    const application = this.#atProduct.start(session);
    const running: Running = {
      power,
      session,
      application,
      updates: new ModuleUpdates(session, this.#atProduct),
      ready: false,
      busy: false,
      onRawBytes: null,
    };
    this.#running = running;
    this.#lines.clear();
    this.#tasks.track(this.#boot(running));
  }

  async powerOff(): Promise<void> {
    this.#stop();
    await this.#tasks.settled();
    await this.#context.flash.settle();
  }

  receive(bytes: Uint8Array): void {
    const running = this.#running;
    // A booting module has its UART closed.
    if (running === null || !running.ready) return;
    if (running.onRawBytes !== null) return running.onRawBytes(bytes);
    if (running.session.memory.echo) this.#context.echo(bytes);
    for (const line of this.#lines.push(bytes)) this.#execute(running, line);
  }

  stimulate(stimulus: Stimulus): boolean {
    const running = this.#running;
    if (running?.ready !== true) return false;
    if (stimulus.kind === 'smartConfig') return this.#provisioning.hearNetwork(stimulus);
    return running.application.stimulate?.(stimulus) === true;
  }

  #stop(): void {
    const running = this.#running;
    if (running === null) return;
    this.#running = null;
    running.power.abort();
    this.#tasks.track(running.session.connection.close(true));
  }

  #restart(): void {
    this.#stop();
    this.powerOn();
  }

  async #boot(running: Running): Promise<void> {
    if (this.#dialect.bootNoise) this.#context.send(noise(this.#context.random, BOOT_NOISE_BYTES));
    await this.#context.wait(BOOT_MS, running.power.signal);
    running.ready = true;
    running.session.write.lines(...BANNER);
    await running.updates.resume();
  }

  #execute(running: Running, line: ReceivedLine): void {
    if (running.power.signal.aborted) return;
    const { write } = running.session;
    if (line.kind === 'line' && line.text === '') return;
    if (running.busy) return write.overlapping();
    if (line.kind === 'too-long') return write.cme(CME_CODE.packetTooLarge);
    const invocation = parseCommand(line.text);
    const command =
      invocation === null
        ? undefined
        : (COMMANDS.get(invocation.name) ?? running.application.commands?.[invocation.name]);
    if (invocation === null || command === undefined) return write.unknown();
    this.#context.commandStarted();
    running.busy = true;
    const work = command(running.session, invocation).finally(() => {
      running.busy = false;
    });
    this.#tasks.track(work);
  }

  async #readPayload(running: Running, length: number, timeoutMs: number): Promise<Uint8Array | null> {
    const reader = new PayloadReader(length);
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, running.power.signal]);
    try {
      return await new Promise<Uint8Array | null>((resolve, reject) => {
        running.onRawBytes = (bytes) => {
          const result = reader.push(bytes);
          if (result.state === 'more') return;
          running.onRawBytes = null;
          resolve(result.state === 'whole' ? result.payload : null);
          this.receive(result.rest);
        };
        this.#context.wait(timeoutMs, signal).then(() => resolve(null), reject);
      });
    } finally {
      running.onRawBytes = null;
      ended.abort();
    }
  }

  #createConnection(memory: Memory, write: ReplyWriter, running: () => Running): MqttConnection {
    const identity = () => this.#context.flash.identity;
    const connection: MqttConnection = new MqttConnection({
      onMessage: (topic, payload) => {
        const stored = identity();
        if (stored !== null) {
          this.#tokenReport.onMessage(stored, topic, payload);
          this.#tasks.track(running().application.onMessage(stored, topic, payload));
          this.#tasks.track(running().updates.onMessage(stored, topic, payload));
        }
        if (![...memory.subscriptions.keys()].some((filter) => matchesFilter(filter, topic))) return;
        const text = Buffer.from(payload).toString('latin1');
        const fields = `"${Buffer.from(topic).toString('latin1')}",${payload.length},"${text}"`;
        write.lines(write.field(AT_REPORTS.received, fields));
      },
      onLost: () => write.lines(`+${AT_REPORTS.disconnected},${LOST}`),
      onReconnecting: () => write.lines(`+${AT_REPORTS.reconnecting}`),
      onConnected: (again) => {
        const stored = identity();
        if (stored !== null) {
          this.#tasks.track(this.#tokenReport.onConnected(stored));
          this.#tasks.track(running().application.onConnected(stored));
          this.#tasks.track(running().updates.onConnected(stored));
        }
        if (!again) return;
        write.lines(`+${AT_REPORTS.reconnected}`);
        for (const [filter, qos] of memory.subscriptions) {
          this.#tasks.track(connection.subscribe(filter, qos, BOOT_MS).then(() => undefined));
        }
      },
    });
    return connection;
  }
}
