import { WIFI_LIMITS } from '#shared/domain/at-module.ts';

import { type JoinResult, WifiSide } from '../../wifi/index.ts';
import type { Dialect } from '../dialect.ts';
import { ParameterReader } from '../parameter-reader.ts';
import { responseDelay, type Command, type Session } from '../session.ts';
import { toText } from '../station-network.ts';

const JOIN_MS = 1_100;
const ADDRESS_MS = 700;
const SCAN_MS = 1_500;
const LOST = -103;
/** ESP-AT's: 1 timed out, 2 wrong password, 3 no such network, 4 refused. */
const CODE_OF_RESULT: Readonly<Record<JoinResult, number | null>> = {
  joined: null,
  'no-address': 1,
  'time-out': 1,
  'wrong-password': 2,
  'no-such-network': 3,
  refused: 4,
};

/** Mode: station, access point or both. ESP-AT's replies have no blank after the colon. */
const setMode =
  (stores: boolean): Command =>
  async (session, invocation) => {
    await responseDelay(session);
    const { network, write } = session;
    if (invocation.form === 'test') return write.answer('+CWMODE:(0-3)');
    if (invocation.form === 'query') return write.answer(`+CWMODE:${network.mode}`);
    if (invocation.form !== 'set') return write.unknown();
    const read = new ParameterReader(invocation.parameters);
    const wanted = read.number(0, 3);
    if (wanted === null || !read.finished) return write.refused();
    network.setMode(wanted, stores);
    if (!network.isStation) await loseCloud(session);
    write.answer();
  };

const join =
  (stores: boolean): Command =>
  async (session, invocation) => {
    await responseDelay(session);
    const { network, write } = session;
    if (invocation.form === 'query') {
      const ap = network.accessPoint;
      if (ap === null) return write.answer('No AP');
      return write.answer(`+CWJAP:"${ap.ssid}","${ap.bssid}",${ap.channel},${ap.rssiDbm}`);
    }
    if (invocation.form !== 'set') return write.unknown();
    const read = new ParameterReader(invocation.parameters);
    const ssid = read.text(WIFI_LIMITS.ssidBytes);
    const password = read.textOrEmpty(WIFI_LIMITS.passwordBytes);
    if (ssid === null || password === null || !network.isStation) return write.refused();
    if (network.joined) {
      network.leave();
      await loseCloud(session);
      write.lines('WIFI DISCONNECT');
    }
    const code = await associate(session, toText(ssid), toText(password));
    if (code !== null) return write.lines(`+CWJAP:${code}`, '', 'FAIL');
    network.join(ssid, password, stores);
    write.lines('WIFI GOT IP');
    write.answer();
  };

/** Joins with the times of a radio; ESP-AT's code of what went wrong, `null` for nothing. */
async function associate(session: Session, ssid: string, password: string): Promise<number | null> {
  const { context, write, signal } = session;
  if (context.wifi.isChosen) {
    const result = await new WifiSide(context).join(ssid, password, signal);
    if (result === 'joined' || result === 'no-address') write.lines('WIFI CONNECTED');
    return CODE_OF_RESULT[result];
  }
  await context.wait(JOIN_MS, signal);
  const refused = context.faults.take('join-refused');
  if (refused !== null) return refused.code;
  write.lines('WIFI CONNECTED');
  await context.wait(ADDRESS_MS, signal);
  return null;
}

/** `AT+SYSSTORE=0`: settings end with the next restart. */
const store: Command = async (session, invocation) => {
  await responseDelay(session);
  const { network, write } = session;
  if (invocation.form === 'query') return write.answer(`+SYSSTORE:${network.storesSettings ? 1 : 0}`);
  if (invocation.form !== 'set') return write.unknown();
  const read = new ParameterReader(invocation.parameters);
  const wanted = read.number(0, 1);
  if (wanted === null || !read.finished) return write.refused();
  network.storesSettings = wanted === 1;
  write.answer();
};

const leave: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form !== 'execute') return session.write.unknown();
  const wasJoined = session.network.joined;
  session.network.forget();
  await loseCloud(session);
  session.write.answer();
  if (wasJoined) session.write.lines('WIFI DISCONNECT');
};

const addresses: Command = async (session, invocation) => {
  await responseDelay(session);
  const { network, write } = session;
  if (invocation.form === 'query') {
    const { ip, gateway, netmask } = network.addresses;
    return write.answer(`+CIPSTA:ip:"${ip}"`, `+CIPSTA:gateway:"${gateway}"`, `+CIPSTA:netmask:"${netmask}"`);
  }
  if (invocation.form !== 'set') return write.unknown();
  const read = new ParameterReader(invocation.parameters);
  const ip = read.text(15);
  const gateway = read.optionalText(15, network.addresses.gateway);
  const netmask = read.optionalText(15, network.addresses.netmask);
  if (!isIpV4(ip) || !isIpV4(gateway) || !isIpV4(netmask) || !read.finished) return write.refused();
  network.setStaticAddresses({ ip, gateway, netmask });
  write.answer();
};

const interfaces: Command = async (session, { form }) => {
  await responseDelay(session);
  const { network, context, write } = session;
  if (form !== 'execute') return write.unknown();
  write.answer(`+CIFSR:STAIP,"${network.addresses.ip}"`, `+CIFSR:STAMAC,"${context.mac.toLowerCase()}"`);
};

/** 2: the module has an address; 5: no network is joined. */
const status: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form !== 'execute') return session.write.unknown();
  session.write.answer(`STATUS:${session.network.joined ? 2 : 5}`);
};

const scan: Command = async (session, { form }) => {
  await responseDelay(session);
  if (form !== 'execute') return session.write.unknown();
  if (!session.network.isStation) return session.write.refused();
  await session.context.wait(SCAN_MS, session.signal);
  const { bssid, ...usual } = session.network.nearby;
  const { wifi } = session.context;
  const seen = wifi.isChosen ? wifi.visible() : [usual];
  session.write.answer(
    ...seen.map(
      ({ ssid, rssiDbm, channel }) =>
        `+CWLAP:(4,"${Buffer.from(ssid).toString('latin1')}",${rssiDbm},"${bssid}",${channel})`,
    ),
  );
};

/** Closes the cloud connection when the network is left. The module reports it like a lost server. */
async function loseCloud({ connection, write, memory }: Session): Promise<void> {
  const wasUp = connection.connected;
  await connection.close(true);
  memory.subscriptions.clear();
  if (wasUp) write.lines(`+TCMQTTDISCON,${LOST}`);
}

function isIpV4(text: string | null): text is string {
  const parts = text?.split('.') ?? [];
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255);
}

/** The command, for firmware of one kind only. */
const having =
  (kind: Dialect['untilRestart'], command: Command): Command =>
  async (session, invocation) => {
    const { dialect, context } = session;
    if (dialect.untilRestart === kind && context.faults.get('stores-network') === null)
      return command(session, invocation);
    await responseDelay(session);
    session.write.unknown();
  };

/** ESP-AT has variants: `_CUR` until restart and `_DEF` from the next boot; here `_DEF` holds at once, too. */
const withVariants = (name: string, command: (stores: boolean) => Command): Record<string, Command> => ({
  [name]: command(true),
  [`${name}_CUR`]: having('ending', command(false)),
  [`${name}_DEF`]: having('ending', command(true)),
});

export const WIFI_COMMANDS: Readonly<Record<string, Command>> = {
  ...withVariants('AT+CWMODE', setMode),
  ...withVariants('AT+CWJAP', join),
  ...withVariants('AT+CIPSTA', () => addresses),
  'AT+SYSSTORE': having('setting', store),
  'AT+CWQAP': leave,
  'AT+CWLAP': scan,
  'AT+CIFSR': interfaces,
  'AT+CIPSTATUS': status,
};
