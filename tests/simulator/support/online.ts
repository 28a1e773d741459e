import type { TestSimulator } from '../../kit/test-simulator.ts';
import { TestBroker, type Heard } from './broker.ts';
import type { Terminal } from '../../kit/terminal.ts';

export const TRIPLE = {
  productId: 'CS0SLTKSYA',
  deviceName: 'dev1',
  secret: 'IyXmUW5sU/q1vnb5yzTkeQ==',
} as const;
const DEVICE = `${TRIPLE.productId}/${TRIPLE.deviceName}`;

/** A broker that knows the one triple that tests burn. */
export function startCloud(): Promise<TestBroker> {
  return TestBroker.start(new Map([[TRIPLE.productId + TRIPLE.deviceName, TRIPLE.secret]]));
}

export async function burn(terminal: Terminal): Promise<void> {
  const { productId, deviceName, secret } = TRIPLE;
  await terminal.ask(
    `AT+TCDEVINFOSET=1,"${productId}","${deviceName}","${secret}"`,
    /TCDEVINFOSET:\s*OK\r\n/,
  );
}

/** Burned, logged in, and its first report heard. */
export async function goOnline(simulator: TestSimulator, broker: TestBroker): Promise<Terminal> {
  const terminal = await simulator.talkTo();
  await burn(terminal);
  await terminal.ask('AT+TCMQTTCONN=1,5000,240,1,0', /TCMQTTCONN:\s*OK\r\n/);
  await heardOf(broker, 'property', (message) => message['method'] === 'report');
  return terminal;
}

type Kind = 'property' | 'event' | 'action';
type Message = Readonly<Record<string, unknown>>;

/** The first message of the device on a topic, from the place `from` of the broker's record on, that fits. */
export async function heardOf(
  broker: TestBroker,
  kind: Kind,
  fits: (message: Message) => boolean = () => true,
  from = 0,
): Promise<Message> {
  const later = new Set<Heard>(broker.heard.slice(0, from));
  const topic = `$thing/up/${kind}/${DEVICE}`;
  const parse = (heard: Heard): Message => JSON.parse(heard.payload) as Message;
  return parse(
    await broker.hears((heard) => !later.has(heard) && heard.topic === topic && fits(parse(heard))),
  );
}

export function tell(broker: TestBroker, kind: Kind, message: object): Promise<void> {
  return broker.publish(`$thing/down/${kind}/${DEVICE}`, JSON.stringify(message));
}
