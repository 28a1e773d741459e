/** RPC: `connect` makes a client of a contract and `serve` its server, over any `Transport`. */
export * from './contract.ts';
export { connect, type ConnectOptions, type CallOptions, type Client, type Watcher } from './client.ts';
export { createInMemoryTransports } from './in-memory-transport.ts';
export { messagePortTransport, type MessagePortLike } from './message-port-transport.ts';
export { serve, type CallContext, type Handlers, type ServeOptions, type Topics } from './server.ts';
export { type Actor, Session, type SessionPlace } from './session.ts';
export { createTopic, type Topic } from './topic.ts';
export { createReceivingEnd, type Transport } from './transport.ts';
export { webSocketTransport, type WebSocketLike } from './websocket-transport.ts';
