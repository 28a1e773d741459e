import type { DeviceContext } from '../../profiles/profile.ts';
import { WifiSide } from '../wifi/index.ts';
import {
  type AppCommand,
  deviceInfoReply,
  errorReply,
  type ModuleError,
  readAppCommand,
} from './app-conversation.ts';
import { ModuleLog } from './module-log.ts';
import type { ReplyWriter } from './reply-writer.ts';
import type { StationNetwork } from './station-network.ts';

const LONGEST_MS = 300_000;
/** The reply must be in the air before the access point goes off. */
const FAREWELL_MS = 200;
const TIMEOUT = 202;
const CONNECT_ERROR = 10;
const COMMAND_ERROR = 2;
const DEVICE_INFO_ERROR = 27;
/** Second code of a join that failed: the code of ESP-AT's `+CWJAP`. */
const SUB_CODES = {
  'no-such-network': 3,
  'wrong-password': 2,
  'no-address': 1,
  'time-out': 1,
  refused: 4,
} as const;

export interface AppProvisioningOptions {
  readonly context: DeviceContext;
  readonly network: StationNetwork;
  /** The module has a token, which it reports when it is logged in. */
  readonly onToken: (token: string) => void;
}

/** How a module is being provisioned, and what it was told of its network by radio. */
interface Running {
  readonly way: 'TCSAP' | 'TCSTARTSMART';
  readonly ended: AbortController;
  readonly write: ReplyWriter;
  readonly onNetwork: (network: { readonly ssid: string; readonly password: string }) => void;
}

/**
 * The provisioning of a module by an app. SoftAP: the module opens an access point and takes network and token by UDP. SmartConfig: it
 * takes the network from the lengths of packets in the air, joins, and takes the token by UDP in that network. What went wrong is told
 * to the next app (`Previous_Error`).
 */
export class AppProvisioning {
  readonly #options: AppProvisioningOptions;
  readonly #log: ModuleLog;
  #running: Running | null = null;
  #lastError: ModuleError | null = null;

  constructor(options: AppProvisioningOptions) {
    this.#options = options;
    this.#log = new ModuleLog(() => options.context.nowMs());
  }

  get isRunning(): boolean {
    return this.#running !== null;
  }

  /** Runs until the module has joined, has failed or was stopped. */
  async run(way: Running['way'], write: ReplyWriter, power: AbortSignal): Promise<void> {
    const { context } = this.#options;
    const ended = new AbortController();
    const signal = AbortSignal.any([ended.signal, power]);
    const previous = context.faults.take('previous-error');
    if (previous !== null) this.#lastError = { code: previous.code, subCode: previous.subCode };
    const given = Promise.withResolvers<{ readonly ssid: string; readonly password: string } | 'time-out'>();
    this.#running = { way, ended, write, onNetwork: given.resolve };
    this.#listen(way === 'TCSAP' ? given.resolve : null);
    context.wait(LONGEST_MS, signal).then(
      () => given.resolve('time-out'),
      () => given.resolve('time-out'),
    );
    try {
      const network = await given.promise;
      if (signal.aborted) return;
      if (network === 'time-out') return write.failed(way, TIMEOUT);
      await context.wait(FAREWELL_MS, signal);
      if (way === 'TCSAP') this.#deafen();
      await this.#join(network, way, write, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      if (this.#running?.ended === ended) this.#running = null;
      if (way === 'TCSAP') this.#deafen();
      ended.abort();
    }
  }

  /** False when the module is not in this mode. */
  stop(way: Running['way']): boolean {
    if (this.#running?.way !== way) return false;
    this.#running.ended.abort();
    this.#deafen();
    this.#running = null;
    return true;
  }

  /** A phone nearby sends a network by SmartConfig. False when the module does not listen for it. */
  hearNetwork(network: { readonly ssid: string; readonly password: string }): boolean {
    if (this.#running?.way !== 'TCSTARTSMART') return false;
    this.#running.onNetwork(network);
    return true;
  }

  async #join(
    { ssid, password }: { readonly ssid: string; readonly password: string },
    way: Running['way'],
    write: ReplyWriter,
    signal: AbortSignal,
  ): Promise<void> {
    const { context, network } = this.#options;
    network.setMode(1, true);
    const result = await new WifiSide(context).join(ssid, password, signal);
    if (result === 'joined') {
      this.#lastError = null;
      network.join(toBytes(ssid), toBytes(password), true);
      return write.lines(write.field(way, 'WIFI_CONNECT_SUCCESS'));
    }
    this.#lastError = { code: CONNECT_ERROR, subCode: SUB_CODES[result] };
    this.#log.write('app_handle_recv_data(519)', `wifi_sta_connect failed: ${SUB_CODES[result]}`);
    const { code, subCode } = this.#lastError;
    write.lines(write.field(way, `WIFI_CONNECT_FAILED,${code},${subCode}`));
  }

  /** `onNetwork`: takes a network from an app; `null` in SmartConfig, where it comes by radio. */
  #listen(onNetwork: ((network: { readonly ssid: string; readonly password: string }) => void) | null): void {
    const { sockets, faults } = this.#options.context;
    if (sockets === null) return;
    let hasToldPrevious = false;
    const isLost = (): boolean => faults.take('datagram-lost') !== null;
    sockets.onProvisioning = (bytes, reply) => {
      if (isLost()) return;
      this.#log.write('udp_server_task(626)', Buffer.from(bytes).toString());
      const command = readAppCommand(bytes);
      if (command?.kind === 'log') return reply(this.#log.take());
      if (command === null) return;
      if (this.#lastError !== null && !hasToldPrevious) {
        hasToldPrevious = true;
        reply(errorReply('Previous_Error', this.#lastError));
      }
      const answer = this.#answer(command, onNetwork);
      if (!isLost()) reply(answer);
    };
    sockets.onLog = (bytes, reply) => {
      if (readAppCommand(bytes)?.kind === 'log') reply(this.#log.take());
    };
  }

  #answer(
    command: Exclude<AppCommand, { readonly kind: 'log' }>,
    onNetwork: ((network: { readonly ssid: string; readonly password: string }) => void) | null,
  ): Uint8Array {
    const { context, network, onToken } = this.#options;
    const { identity } = context.flash;
    const wrong = (code: number, subCode: number): Uint8Array =>
      errorReply('Current_Error', { code, subCode });
    if (command.kind === 'wrong') return wrong(COMMAND_ERROR, command.subCode);
    if (identity === null) return wrong(DEVICE_INFO_ERROR, 0);
    if (command.kind === 'network' && onNetwork === null) return wrong(COMMAND_ERROR, 204);
    if (command.kind === 'token' && !network.joined) return wrong(CONNECT_ERROR, 0);
    if (context.faults.take('token-lost') === null) onToken(command.token);
    if (command.kind === 'network') {
      const { ssid, password, token } = command;
      this.#log.write('app_handle_recv_data(513)', `SSID:${ssid}|PSW:${password}|TOKEN:${token}`);
      onNetwork?.(command);
    }
    return deviceInfoReply(identity.productId, identity.deviceName);
  }

  #deafen(): void {
    const { sockets } = this.#options.context;
    if (sockets !== null) sockets.onProvisioning = null;
  }
}

/** Text as the bytes of a command line. */
function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1');
}
