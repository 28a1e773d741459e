import type { DeviceContext } from '../../profiles/profile.ts';
import type { MqttConnection } from './mqtt-connection.ts';
import type { Dialect } from './dialect.ts';
import type { Invocation } from './parse-command.ts';
import type { ModuleFirmware } from './firmware.ts';
import type { ReplyWriter } from './reply-writer.ts';
import type { StationNetwork } from './station-network.ts';

/** The parameters of the last `AT+TCMQTTCONN`. */
export interface MqttParameters {
  readonly timeoutMs: number;
  readonly keepAliveS: number;
  readonly cleanSession: boolean;
  readonly reconnect: boolean;
}

/** What the module keeps from boot to restart, beside its flash. */
export interface Memory {
  echo: boolean;
  /** Host of `AT+TCMQTTSRV`, in place of the product's own. */
  mqttServer: string | null;
  mqtt: MqttParameters | null;
  /** Topic filter to QoS, of the host's own subscriptions. */
  readonly subscriptions: Map<string, 0 | 1>;
  ota: { readonly enabled: boolean; readonly version: string } | null;
  /** Of `AT+TCLOG`: 0 none to 4 debug. */
  logLevel: number;
}

/** Modules echo until they are told not to, after every boot. */
export function initialMemory(): Memory {
  return { echo: true, mqttServer: null, mqtt: null, subscriptions: new Map(), ota: null, logLevel: 1 };
}

/** Product information for dynamic registration; survives a restart, but not the simulator. */
export interface ProductInfo {
  readonly productId: string;
  readonly productSecret: string;
  readonly deviceName: string;
  readonly region: string;
}

/** One stretch of power, from boot to power loss or restart, as the commands see it. */
export interface Session {
  readonly context: DeviceContext;
  readonly dialect: Dialect;
  readonly write: ReplyWriter;
  readonly connection: MqttConnection;
  readonly firmware: ModuleFirmware;
  /** Kept by the module across restarts. */
  readonly network: StationNetwork;
  readonly memory: Memory;
  /** Fires when power goes or the module restarts: whatever a command is doing ends there. */
  readonly signal: AbortSignal;
  /** Kept by the module across restarts. */
  readonly product: { info: ProductInfo | null };
  /** Takes the next `length` bytes and a line end as they are; `null` when they do not come in time, or it is given up. */
  readonly readPayload: (length: number, timeoutMs: number) => Promise<Uint8Array | null>;
  /** Restarts the module; the command must return right away. */
  readonly restart: () => void;
  /** Work that goes on beside the commands; power-off waits until it is over. */
  readonly track: (work: Promise<void>) => void;
}

/** Works one command off; the next is refused until the promise resolves. */
export type Command = (session: Session, invocation: Invocation) => Promise<void>;

/** The time the module thinks about any command before it answers. */
export function responseDelay(session: Session): Promise<void> {
  return session.context.wait(session.context.random.integer(10, 30), session.signal);
}

/** The time to erase and program a flash sector. */
export function flashWriteDelay(session: Session): Promise<void> {
  return session.context.wait(session.context.random.integer(60, 150), session.signal);
}
