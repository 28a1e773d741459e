import { AT_COMMANDS, AT_UNTIL_RESTART, WIFI_LIMITS } from '#shared/domain/at-module.ts';
import { Fault } from '#shared/domain/fault.ts';
import { raceAbort } from '#node-kit/async/index.ts';
import { type AtErrorText, provisioningErrorText, wifiJoinErrorText } from '#shared/words/index.ts';
import type { Clock } from '../../../core/platform/index.ts';
import type { SecretMask } from '../../../core/secret-mask/index.ts';
import { maskSentNetwork } from '../mask-sent-network.ts';
import type {
  JoinedNetwork,
  ModuleAccessPoint,
  ModuleProvisioning,
  ModuleVerdict,
  ModuleWifi,
  NetworkToJoin,
} from '../module-wifi.ts';
import type { AtChannel, ExchangeOptions, Listening } from './at-channel.ts';
import { escapeParameter } from './replies.ts';
import {
  JOIN_REASON,
  readAccessPoint,
  readAddress,
  readMode,
  readServer,
  readVerdict,
} from './wifi-replies.ts';

const STATION_MODE = 1;
const BOTH_MODES = 3;

/** What is changed for a run, as the module said it before. */
interface Found {
  readonly mode: number;
  /** The joined network; `null` when none was. A stored network out of range cannot be seen. */
  readonly ssid: string | null;
  /** Host of `AT+TCMQTTSRV`; `null` for the default, and for firmware without the command. */
  readonly host: string | null;
}

/** How the firmware joins: until its restart, by an ending of the command or by a setting, or for ever. */
type Keeping = 'ending' | 'setting' | 'stored';

export interface ModuleNetworkOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly mask: SecretMask;
  readonly channel: AtChannel;
  /** Sends a command of the session, greeted and with its usual limit of time. */
  readonly send: (command: string, signal: AbortSignal, more?: Partial<ExchangeOptions>) => Promise<string[]>;
  readonly isConnected: (signal: AbortSignal) => Promise<boolean | null>;
  /** The module restarts: the next command must greet it. */
  readonly onRestart: () => void;
}

/** Wi-Fi and server of an AT module, by the commands of ESP-AT and of "腾讯云 IoT AT 指令集 V3.2.1". */
export class ModuleNetwork implements ModuleWifi {
  readonly #options: ModuleNetworkOptions;
  #found: Found | null = null;
  #keeping: Keeping | null = null;
  /** The module stores a network that was given to it in this run. */
  #hasStored = false;
  #hasServer = false;
  #running: { readonly way: ModuleProvisioning['way']; readonly verdict: Listening<ModuleVerdict> } | null =
    null;

  constructor(options: ModuleNetworkOptions) {
    this.#options = options;
  }

  get changes(): ModuleWifi['changes'] {
    if (this.#found === null) return 'none';
    return this.#hasStored ? 'stored' : 'until-restart';
  }

  async join(
    network: NetworkToJoin,
    { withinMs, replaceStored }: { readonly withinMs: number; readonly replaceStored: boolean },
    signal: AbortSignal,
  ): Promise<JoinedNetwork> {
    const { send, clock } = this.#options;
    const { ssid, password } = this.#escapeAndMask(network.ssid, network.password);
    requireBytes('name', network.ssid, WIFI_LIMITS.ssidBytes);
    requireBytes('password', network.password, WIFI_LIMITS.passwordBytes);
    const found = await this.#lookBefore(signal);
    this.#keeping ??= await this.#findKeeping(found, signal);
    const isStored = this.#keeping === 'stored';
    if (isStored) this.#requireReplaceable(found, replaceStored);
    if (isStored) await send(`${AT_COMMANDS.wifiMode}=${STATION_MODE}`, signal);
    const command = `${AT_COMMANDS.joinNetwork}${this.#keeping === 'ending' ? AT_UNTIL_RESTART : ''}`;
    const startedMs = clock.monotonicMs();
    this.#hasStored ||= isStored;
    try {
      await send(`${command}="${ssid}","${password}"`, signal, {
        timeoutMs: withinMs,
        shown: `${command}=…`,
        reason: JOIN_REASON,
      });
    } catch (error) {
      throw this.#joinFault(error, withinMs);
    }
    const seconds = Math.round(clock.monotonicMs() - startedMs) / 1000;
    const { rssiDbm, address } = await this.readJoined(signal);
    return { ssid: network.ssid, rssiDbm, address, seconds, isStored };
  }

  async readJoined(
    signal: AbortSignal,
  ): Promise<Omit<JoinedNetwork, 'ssid' | 'seconds' | 'isStored'> & { readonly ssid: string | null }> {
    const { send } = this.#options;
    const accessPoint = readAccessPoint(await send(`${AT_COMMANDS.joinNetwork}?`, signal));
    const address = readAddress(await send(`${AT_COMMANDS.addresses}?`, signal));
    if (accessPoint === null || accessPoint === 'none') return { ssid: null, rssiDbm: null, address };
    return { ...accessPoint, address };
  }

  async pointTo(host: string, signal: AbortSignal): Promise<void> {
    await this.#lookBefore(signal);
    await this.#logOut(signal);
    this.#hasServer = true;
    await this.#setServer(host, signal);
  }

  async publish(topic: string, text: string, signal: AbortSignal): Promise<void> {
    const command = `${AT_COMMANDS.mqttPublish}="${escapeParameter(topic)}",1,"${escapeParameter(text)}"`;
    await this.#options.send(command, signal, {
      result: nameOf(AT_COMMANDS.mqttPublish),
      shown: `${AT_COMMANDS.mqttPublish}=…`,
    });
  }

  async startProvisioning(
    how: ModuleProvisioning,
    { replaceStored }: { readonly replaceStored: boolean },
    signal: AbortSignal,
  ): Promise<void> {
    await this.stopProvisioning(signal);
    const found = await this.#lookBefore(signal);
    this.#requireReplaceable(found, replaceStored);
    await this.#logOut(signal);
    const command = how.way === 'soft-ap' ? AT_COMMANDS.softApStart : AT_COMMANDS.smartConfigStart;
    const verdict = this.#options.channel.listen(readVerdict);
    this.#running = { way: how.way, verdict };
    this.#hasStored = true;
    const line = how.way === 'soft-ap' ? this.#softApCommand(how.accessPoint) : command;
    await this.#options.send(line, signal, { result: nameOf(command), shown: `${command}=…` });
  }

  #softApCommand({ ssid, password, channel }: ModuleAccessPoint): string {
    const escaped = this.#escapeAndMask(ssid, password ?? '');
    const command = `${AT_COMMANDS.softApStart}="${escaped.ssid}"`;
    return password === null ? command : `${command},"${escaped.password}",${channel}`;
  }

  /**
   * Name and password in the form in which they are sent, which is masked from now on.
   */
  #escapeAndMask(ssid: string, password: string): { readonly ssid: string; readonly password: string } {
    const { mask } = this.#options;
    const escaped = { ssid: escapeParameter(ssid), password: escapeParameter(password) };
    maskSentNetwork(mask, { ssid, password }, escaped);
    return escaped;
  }

  async awaitVerdict(signal: AbortSignal): Promise<void> {
    const running = this.#running;
    if (running === null) throw new Error('no provisioning was started');
    const verdict = await raceAbort(running.verdict.heard, signal);
    running.verdict.stop();
    this.#running = null;
    if (verdict.kind === 'failed') throw verdictFault(this.#options.path, verdict);
  }

  async stopProvisioning(signal: AbortSignal): Promise<void> {
    const running = this.#running;
    if (running === null) return;
    running.verdict.stop();
    this.#running = null;
    const command = running.way === 'soft-ap' ? AT_COMMANDS.softApStop : AT_COMMANDS.smartConfigStop;
    // A module that has ended by itself refuses the command.
    await this.#options.send(command, signal).catch(ignoreRejection);
  }

  async leaveAsFound(signal: AbortSignal): Promise<void> {
    const found = this.#found;
    if (found === null) return;
    await this.stopProvisioning(signal);
    await this.#logOut(signal);
    const { send } = this.#options;
    if (this.#hasStored) {
      await send(AT_COMMANDS.leaveNetwork, signal).catch(ignoreRejection);
      await send(`${AT_COMMANDS.wifiMode}=${found.mode}`, signal);
    }
    // What is not stored ends with a restart, and the module joins what it has stored.
    await send(AT_COMMANDS.restart, signal);
    this.#options.onRestart();
    if (this.#hasServer && found.host !== null) await this.#setServer(found.host, signal);
    const now = await this.#read(signal);
    this.#requireSame('mode', String(found.mode), String(now.mode));
    if (this.#hasServer) this.#requireSame('server', found.host ?? 'none', now.host ?? 'none');
    // A stored network is joined again by and by: another one than before is the mistake.
    if (now.ssid !== null) {
      // Names may be masked since the first question.
      const { mask } = this.#options;
      this.#requireSame('network', mask.maskText(found.ssid ?? 'none'), mask.maskText(now.ssid));
    }
    this.#found = null;
    this.#keeping = null;
    this.#hasStored = false;
    this.#hasServer = false;
  }

  async #lookBefore(signal: AbortSignal): Promise<Found> {
    return (this.#found ??= await this.#read(signal));
  }

  async #read(signal: AbortSignal): Promise<Found> {
    const { send, path } = this.#options;
    const mode = readMode(await send(`${AT_COMMANDS.wifiMode}?`, signal));
    if (mode === null) {
      throw new Fault(
        'device-garbled',
        `the unit on ${path} answered ${AT_COMMANDS.wifiMode}? in an unknown format`,
        {
          hint: 'See the recording.',
          details: { port: path },
        },
      );
    }
    const accessPoint = readAccessPoint(await send(`${AT_COMMANDS.joinNetwork}?`, signal).catch(noAnswer));
    const server = readServer(await send(`${AT_COMMANDS.mqttServer}?`, signal).catch(noAnswer));
    return {
      mode,
      ssid: accessPoint === null || accessPoint === 'none' ? null : accessPoint.ssid,
      host: server === null || server === 'none' ? null : server.host,
    };
  }

  /** Finds out how to join until the restart, and sets the station mode in this way. */
  async #findKeeping(found: Found, signal: AbortSignal): Promise<Keeping> {
    const mode = found.mode === BOTH_MODES ? BOTH_MODES : STATION_MODE;
    if (await this.#accepts(`${AT_COMMANDS.wifiMode}${AT_UNTIL_RESTART}=${mode}`, signal)) return 'ending';
    if (!(await this.#accepts(`${AT_COMMANDS.systemStore}=0`, signal))) return 'stored';
    await this.#options.send(`${AT_COMMANDS.wifiMode}=${mode}`, signal);
    return 'setting';
  }

  async #accepts(command: string, signal: AbortSignal): Promise<boolean> {
    try {
      await this.#options.send(command, signal);
      return true;
    } catch (error) {
      ignoreRejection(error);
      return false;
    }
  }

  /** A network that the module has stored would be lost: its password cannot be read. */
  #requireReplaceable({ ssid }: Found, replaceStored: boolean): void {
    if (ssid === null || replaceStored || this.#hasStored) return;
    const { path } = this.#options;
    throw new Fault(
      'device-rejected',
      `the unit on ${path} stores the network that it joins, and would lose ${ssid}, whose password cannot be read from it`,
      {
        hint: 'Let the unit forget its network before, or write replaceStored: true when it may lose it.',
        details: { port: path, 'said.en': `${ssid} is stored`, 'said.zh-CN': `已存有 ${ssid}` },
      },
    );
  }

  async #logOut(signal: AbortSignal): Promise<void> {
    if ((await this.#options.isConnected(signal)) !== true) return;
    await this.#options.send(AT_COMMANDS.mqttDisconnect, signal);
  }

  async #setServer(host: string, signal: AbortSignal): Promise<void> {
    await this.#options.send(`${AT_COMMANDS.mqttServer}="${escapeParameter(host)}"`, signal, {
      result: nameOf(AT_COMMANDS.mqttServer),
    });
  }

  #requireSame(what: 'mode' | 'network' | 'server', before: string, now: string): void {
    if (before === now) return;
    const { path } = this.#options;
    throw new Fault(
      'provisioning-refused',
      `the unit on ${path} is not left as it was found: its ${what} was ${before} and is ${now}`,
      {
        hint: 'Restore it by hand, or put the unit aside.',
        details: { port: path, stage: 'restore', reason: what, expected: before, received: now },
      },
    );
  }

  #joinFault(error: unknown, withinMs: number): unknown {
    if (!(error instanceof Fault)) return error;
    const { path } = this.#options;
    if (error.code === 'device-silent') {
      return new Fault(
        'provisioning-timeout',
        `the unit on ${path} did not join the network in ${withinMs} ms`,
        {
          hint: 'Check that the access point is on, in range and of 2.4 GHz.',
          details: { port: path, stage: 'join', timeoutMs: withinMs },
          cause: error,
        },
      );
    }
    if (error.code !== 'device-rejected') return error;
    const code = typeof error.details['code'] === 'number' ? error.details['code'] : null;
    return joinRefused(path, code, code === null ? null : wifiJoinErrorText(code), error);
  }
}

/** The fault of a module that says why its provisioning has failed. */
function verdictFault(path: string, verdict: Extract<ModuleVerdict, { kind: 'failed' }>): Fault {
  const { code, subCode, text } = verdict;
  const meaning = code === null ? null : provisioningErrorText(code, subCode);
  return new Fault(
    'provisioning-refused',
    `the unit on ${path} says ${text}${meaning === null ? '' : ` (${meaning.en})`}`,
    {
      hint: 'Check name and password of the network and the access point, then test the unit again.',
      details: {
        port: path,
        stage: 'provision',
        code: subCode === null ? code : `${code}, ${subCode}`,
        ...meaningDetails(meaning),
      },
    },
  );
}

function joinRefused(path: string, code: number | null, meaning: AtErrorText | null, cause: Fault): Fault {
  return new Fault(
    'provisioning-refused',
    `the unit on ${path} did not join the network: ${meaning?.en ?? cause.message}`,
    {
      hint: 'Check name and password of the network and the access point; then the unit.',
      details: { port: path, stage: 'join', code, ...meaningDetails(meaning) },
      cause,
    },
  );
}

/** The meaning of a code in both languages, for the texts of the fault on a page. */
function meaningDetails(meaning: AtErrorText | null): Record<string, string> {
  return meaning === null ? {} : { 'meaning.en': meaning.en, 'meaning.zh-CN': meaning['zh-CN'] };
}

function requireBytes(what: 'name' | 'password', text: string, maxBytes: number): void {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes <= maxBytes) return;
  throw new Fault('bad-input', `the network’s ${what} has ${bytes} bytes; a module takes ${maxBytes}`, {
    hint: 'Change the network in the settings of the station.',
  });
}

/** The name of a command in its result. */
function nameOf(command: string): string {
  return command.slice('AT+'.length);
}

/** Firmware may not know a question. */
function noAnswer(error: unknown): string[] {
  ignoreRejection(error);
  return [];
}

function ignoreRejection(error: unknown): void {
  if (!(error instanceof Fault) || error.code !== 'device-rejected') throw error;
}
