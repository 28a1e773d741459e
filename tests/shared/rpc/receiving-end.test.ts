import { expect, test } from 'vitest';
import { createReceivingEnd } from '#shared/rpc/transport.ts';

/** An end with these messages that wait for a listener, and the events that its listeners reported. */
function endWith(...messages: unknown[]) {
  const end = createReceivingEnd();
  const events: unknown[] = [];
  for (const message of messages) end.deliver(message);
  return { end, events };
}

test('a message that arrives while waiting messages are handed over comes after them', () => {
  const { end, events } = endWith(1, 2);
  end.onMessage((message) => {
    events.push(message);
    if (message === 1) end.deliver(3);
  });
  end.deliver(4);
  expect(events).toEqual([1, 2, 3, 4]);
});

test('messages behind one whose listener threw wait for the next listener', () => {
  const { end, events } = endWith(1, 2, 3);
  expect(() =>
    end.onMessage(() => {
      throw new Error('defect');
    }),
  ).toThrow('defect');
  end.onMessage((message) => events.push(message));
  expect(events).toEqual([2, 3]);
});

test('a close of the peer is reported after the messages that wait, once', () => {
  const { end, events } = endWith('first', 'second');
  end.onClose(() => events.push('close'));
  end.reportClosed();
  end.deliver('late');
  expect(events).toEqual([]);
  end.onMessage((message) => events.push(message));
  end.reportClosed();
  expect(events).toEqual(['first', 'second', 'close']);
});

test('a close without a waiting message is reported without a message listener', () => {
  const { end, events } = endWith();
  end.onClose(() => events.push('close'));
  end.reportClosed();
  expect(events).toEqual(['close']);
});

test('an end that its own side closes while messages are handed over drops the others', () => {
  const { end, events } = endWith('malformed', 'next');
  end.onClose(() => events.push('close'));
  end.onMessage((message) => {
    events.push(message);
    end.close();
  });
  expect(events).toEqual(['malformed', 'close']);
});
