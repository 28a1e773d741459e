import { AT_COMMANDS, AT_LIMITS, AT_TLS_MODE, CME_CODE } from '#shared/domain/at-module.ts';

import type { StoredIdentity } from '../../../flash/index.ts';
import type { MqttConnectionOptions } from '../mqtt-connection.ts';
import { newLogin, newPskLogin } from '../login.ts';
import type { Parameter } from '../parse-command.ts';
import { ParameterReader } from '../parameter-reader.ts';
import type { MqttParameters } from '../mqtt-parameters.ts';
import { responseDelay, type Command, type Session } from '../session.ts';

const CONNECT = 'TCMQTTCONN';
const STATE = 'TCMQTTSTATE';
const SERVER = 'TCMQTTSRV';
const CONNECT_FAILED = 101;
/** The module's local error for a host that cannot be resolved, because no network is joined. */
const NO_NETWORK = -602;

const connect: Command = async (session, invocation) => {
  await responseDelay(session);
  switch (invocation.form) {
    case 'test':
      return session.write.answer(
        session.write.field(
          CONNECT,
          '<TLSMODE_SELECTED>,<CMDTIMEOUT_VALUE>,<KEEPALIVE>(60-690s),<CLEAN_SESSION>(0/1),<RECONNECT>(0/1)',
        ),
      );
    case 'query': {
      const settings = session.memory.mqtt;
      if (settings === null) return session.write.cme(CME_CODE.wrongState);
      const fields = [
        AT_TLS_MODE.key,
        settings.timeoutMs,
        settings.keepAliveS,
        Number(settings.cleanSession),
        Number(settings.reconnect),
      ];
      return session.write.answer(session.write.field(CONNECT, fields.join(',')));
    }
    case 'set':
      return logIn(session, invocation.parameters);
    case 'execute':
      return session.write.unknown();
  }
};

function readMqttParameters(parameters: readonly Parameter[] | null): MqttParameters | null {
  const read = new ParameterReader(parameters);
  const mode = read.number(AT_TLS_MODE.key, AT_TLS_MODE.key);
  const timeoutMs = read.number(AT_LIMITS.commandTimeoutMinMs, AT_LIMITS.commandTimeoutMaxMs);
  const keepAliveS = read.number(AT_LIMITS.keepAliveMinS, AT_LIMITS.keepAliveMaxS);
  const clean = read.number(0, 1);
  const reconnect = read.number(0, 1);
  if (mode === null || timeoutMs === null || keepAliveS === null || clean === null || reconnect === null)
    return null;
  return read.finished
    ? { timeoutMs, keepAliveS, cleanSession: clean === 1, reconnect: reconnect === 1 }
    : null;
}

async function logIn(session: Session, parameters: readonly Parameter[] | null): Promise<void> {
  if (session.connection.isOpen) return session.write.cme(CME_CODE.wrongState);
  const settings = readMqttParameters(parameters);
  if (settings === null) return session.write.cme(CME_CODE.invalidParameter);
  session.write.accepted();
  const identity = session.context.flash.identity;
  if (identity === null) return session.write.failed(CONNECT, CME_CODE.flashError);
  if (!session.network.joined) return session.write.failed(CONNECT, NO_NETWORK);
  session.memory.mqtt = settings;
  if (await openConnection(session, identity, settings)) return session.write.done(CONNECT);
  session.signal.throwIfAborted();
  session.write.failed(CONNECT, CONNECT_FAILED);
}

/** Logs in to the broker. False when the broker refuses, does not reply or is not reachable. */
export async function openConnection(
  session: Session,
  identity: StoredIdentity,
  settings: MqttParameters,
): Promise<boolean> {
  const url = brokerUrl(session);
  if (url === null) return false;
  return session.connection.open(connectionOptions(session, identity, url, settings), session.signal);
}

function connectionOptions(
  session: Session,
  identity: StoredIdentity,
  url: string,
  settings: MqttParameters,
): MqttConnectionOptions {
  // The only TLS of this firmware is that with the DeviceSecret as key.
  const login = new URL(url).protocol === 'mqtts:' ? newPskLogin : newLogin;
  return { url, login: () => login(session.context, identity), ...settings };
}

/**
 * The broker URL. There is one simulated cloud, to which the default host of every product leads. A server set by
 * `AT+TCMQTTSRV` must be on this machine, so that the simulator does not connect to other machines.
 */
function brokerUrl(session: Session): string | null {
  const { mqttServer } = session.memory;
  if (mqttServer === null || session.context.mqttUrl === null) return session.context.mqttUrl;
  const match = /^(localhost|127\.\d+\.\d+\.\d+)(?::(\d{1,5}))?$/.exec(mqttServer);
  if (match === null) return null;
  const usual = new URL(session.context.mqttUrl);
  const isSecure = usual.protocol === 'mqtts:';
  const port = match[2] ?? (usual.port || (isSecure ? '8883' : '1883'));
  return `${isSecure ? 'mqtts' : 'mqtt'}://${match[1]}:${port}`;
}

const disconnect: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form === 'test') return session.write.answer();
  if (form !== 'execute') return session.write.unknown();
  if (!session.connection.isOpen) return session.write.cme(CME_CODE.wrongState);
  await session.connection.close(false);
  session.memory.subscriptions.clear();
  const report = session.dialect.disconnectReport;
  session.write.answer(...(report === null ? [] : [report]));
};

const state: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form === 'test') return session.write.answer();
  if (form !== 'query') return session.write.unknown();
  session.write.answer(session.write.field(STATE, session.connection.connected ? '1' : '0'));
};

const server: Command = async (session, invocation) => {
  await responseDelay(session);
  switch (invocation.form) {
    case 'test':
      return session.write.answer(session.write.field(SERVER, '"MQTT SERVER IP"'));
    case 'query':
      return session.write.answer(session.write.field(SERVER, session.memory.mqttServer ?? 'NULL'));
    case 'set': {
      if (session.connection.isOpen) return session.write.cme(CME_CODE.wrongState);
      const read = new ParameterReader(invocation.parameters);
      const host = read.text(AT_LIMITS.topicBytes);
      if (host === null || !read.finished) return session.write.cme(CME_CODE.invalidParameter);
      session.write.accepted();
      session.memory.mqttServer = host;
      return session.write.done(SERVER);
    }
    case 'execute':
      return session.write.unknown();
  }
};

export const MQTT_SESSION_COMMANDS: Readonly<Record<string, Command>> = {
  [AT_COMMANDS.mqttConnect]: connect,
  [AT_COMMANDS.mqttDisconnect]: disconnect,
  [AT_COMMANDS.mqttState]: state,
  [AT_COMMANDS.mqttServer]: server,
};
