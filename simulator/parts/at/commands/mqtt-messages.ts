import { AT_COMMANDS, AT_LIMITS, CME_CODE } from '#shared/domain/at-module.ts';

import { ParameterReader } from '../parameter-reader.ts';
import { responseDelay, type Command, type Session } from '../session.ts';

const PUBLISH = 'TCMQTTPUB';
const SUBSCRIBE = 'TCMQTTSUB';
const UNSUBSCRIBE = 'TCMQTTUNSUB';
/** Codes seen in certification: a missing PUBACK is a timeout, a refused SUBACK is this local error. */
const NOT_CONFIRMED = 202;
const SUBSCRIBE_REFUSED = -108;
const TOO_MANY = 206;

function timeoutOf(session: Session): number {
  return session.memory.mqtt?.timeoutMs ?? AT_LIMITS.commandTimeoutMinMs;
}

function readQos(read: ParameterReader): 0 | 1 | null {
  const qos = read.number(0, 1);
  return qos === 0 ? 0 : qos === 1 ? 1 : null;
}

const publish: Command = async (session, invocation) => {
  await responseDelay(session);
  if (invocation.form === 'test') {
    return session.write.answer(
      session.write.field(PUBLISH, `"TOPIC_NAME(maxlen ${AT_LIMITS.topicBytes})","QOS(0/1)","PAYLOAD"`),
    );
  }
  if (invocation.form !== 'set') return session.write.unknown();
  if (!session.connection.connected) return session.write.cme(CME_CODE.wrongState);
  const read = new ParameterReader(invocation.parameters);
  const topic = read.text(AT_LIMITS.topicBytes);
  const qos = readQos(read);
  const payload = read.text(AT_LIMITS.lineBytes);
  if (topic === null || qos === null || payload === null || !read.finished)
    return session.write.cme(CME_CODE.invalidParameter);
  session.write.accepted();
  const sent = await session.connection.publish(
    topic,
    Buffer.from(payload, 'latin1'),
    qos,
    timeoutOf(session),
  );
  session.signal.throwIfAborted();
  if (sent) session.write.done(PUBLISH);
  else session.write.failed(PUBLISH, NOT_CONFIRMED);
};

const subscribe: Command = async (session, invocation) => {
  await responseDelay(session);
  const { subscriptions } = session.memory;
  switch (invocation.form) {
    case 'test':
      return session.write.answer(
        session.write.field(SUBSCRIBE, `"TOPIC_NAME(maxlen ${AT_LIMITS.topicBytes})","QOS(0/1)"`),
      );
    case 'query':
      return session.write.answer(
        ...[...subscriptions].map(([filter, qos]) => session.write.field(SUBSCRIBE, `"${filter}",${qos}`)),
      );
    case 'execute':
      return session.write.unknown();
    case 'set': {
      if (!session.connection.connected) return session.write.cme(CME_CODE.wrongState);
      const read = new ParameterReader(invocation.parameters);
      const filter = read.text(AT_LIMITS.topicBytes);
      const qos = readQos(read);
      if (filter === null || qos === null || !read.finished)
        return session.write.cme(CME_CODE.invalidParameter);
      session.write.accepted();
      if (subscriptions.size >= AT_LIMITS.subscriptions && !subscriptions.has(filter)) {
        return session.write.failed(SUBSCRIBE, TOO_MANY);
      }
      const granted = await session.connection.subscribe(filter, qos, timeoutOf(session));
      session.signal.throwIfAborted();
      if (!granted) return session.write.failed(SUBSCRIBE, SUBSCRIBE_REFUSED);
      subscriptions.set(filter, qos);
      return session.write.done(SUBSCRIBE);
    }
  }
};

const unsubscribe: Command = async (session, invocation) => {
  await responseDelay(session);
  switch (invocation.form) {
    case 'test':
      return session.write.answer(session.write.field(UNSUBSCRIBE, '"TOPIC_NAME"'));
    case 'query':
      return session.write.answer();
    case 'execute':
      return session.write.unknown();
    case 'set': {
      if (!session.connection.connected) return session.write.cme(CME_CODE.wrongState);
      const read = new ParameterReader(invocation.parameters);
      const filter = read.text(AT_LIMITS.topicBytes);
      if (filter === null || !read.finished) return session.write.cme(CME_CODE.invalidParameter);
      session.write.accepted();
      const unsubscribed = await session.connection.unsubscribe(filter, timeoutOf(session));
      session.signal.throwIfAborted();
      if (!unsubscribed) return session.write.failed(UNSUBSCRIBE, NOT_CONFIRMED);
      session.memory.subscriptions.delete(filter);
      return session.write.done(UNSUBSCRIBE);
    }
  }
};

export const MQTT_MESSAGE_COMMANDS: Readonly<Record<string, Command>> = {
  [AT_COMMANDS.mqttPublish]: publish,
  [AT_COMMANDS.mqttSubscribe]: subscribe,
  [AT_COMMANDS.mqttUnsubscribe]: unsubscribe,
};
