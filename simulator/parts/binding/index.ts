/** The report of a provisioning token by a unit that is online, and what its cloud says about its owner. */
export { Binding, type TokenReply } from './binding.ts';
