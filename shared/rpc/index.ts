/** The contract over any wire: transports carry messages, `serve` answers, `connect` asks and resumes. */
export * from './contract.ts';
export { connect, type ConnectOptions, type CallOptions, type Client, type Watcher } from './connect.ts';
export { memoryPair } from './memory.ts';
export { messagePortTransport, type PortLike } from './message-port.ts';
export { serve, type CallContext, type Handlers, type ServeOptions, type Topics } from './serve.ts';
export { createSessionRef, type Session, type SessionRef } from './session.ts';
export { createTopic, type Topic } from './topic.ts';
export type { Transport } from './transport.ts';
export { webSocketTransport, type WebSocketLike } from './websocket.ts';
