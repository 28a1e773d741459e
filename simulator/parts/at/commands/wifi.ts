import { ParameterReader } from '../parameter-reader.ts';
import { responseDelay, type Command, type Session } from '../session.ts';

const SSID_BYTES = 32;
const PASSWORD_BYTES = 64;
const JOIN_MS = 1_100;
const ADDRESS_MS = 700;
const SCAN_MS = 1_500;
const LOST = -103;

/** Mode: station, access point or both. ESP-AT's replies have no blank after the colon. */
const mode: Command = async (session, invocation) => {
  await responseDelay(session);
  const { network, write } = session;
  if (invocation.form === 'test') return write.answer('+CWMODE:(0-3)');
  if (invocation.form === 'query') return write.answer(`+CWMODE:${network.mode}`);
  if (invocation.form !== 'set') return write.unknown();
  const read = new ParameterReader(invocation.parameters);
  const wanted = read.number(0, 3);
  if (wanted === null || !read.finished) return write.refused();
  network.mode = wanted;
  if (!network.isStation) await loseCloud(session);
  write.answer();
};

const join: Command = async (session, invocation) => {
  await responseDelay(session);
  const { network, write, context } = session;
  if (invocation.form === 'query') {
    const ap = network.accessPoint;
    if (ap === null) return write.answer('No AP');
    return write.answer(`+CWJAP:"${ap.ssid}","${ap.bssid}",${ap.channel},${ap.rssiDbm}`);
  }
  if (invocation.form !== 'set') return write.unknown();
  const read = new ParameterReader(invocation.parameters);
  const ssid = read.text(SSID_BYTES);
  const password = read.textOrEmpty(PASSWORD_BYTES);
  if (ssid === null || password === null || !network.isStation) return write.refused();
  if (network.joined) {
    network.leave();
    await loseCloud(session);
    write.lines('WIFI DISCONNECT');
  }
  await context.wait(JOIN_MS, session.signal);
  const refused = context.faults.take('join-refused');
  if (refused !== null) return write.lines(`+CWJAP:${refused.code}`, '', 'FAIL');
  write.lines('WIFI CONNECTED');
  await context.wait(ADDRESS_MS, session.signal);
  network.join(ssid);
  write.lines('WIFI GOT IP');
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
  const { ssid, bssid, channel, rssiDbm } = session.network.nearby;
  session.write.answer(`+CWLAP:(4,"${ssid}",${rssiDbm},"${bssid}",${channel})`);
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

/** ESP-AT has variants: `_CUR` until restart and `_DEF` from the next boot. Here all variants are permanent. */
const withVariants = (name: string, command: Command): Record<string, Command> => ({
  [name]: command,
  [`${name}_CUR`]: command,
  [`${name}_DEF`]: command,
});

export const WIFI_COMMANDS: Readonly<Record<string, Command>> = {
  ...withVariants('AT+CWMODE', mode),
  ...withVariants('AT+CWJAP', join),
  ...withVariants('AT+CIPSTA', addresses),
  'AT+CWQAP': leave,
  'AT+CWLAP': scan,
  'AT+CIFSR': interfaces,
  'AT+CIPSTATUS': status,
};
