/**
 * A voice module's ears, words, pin and frames. There is no public format for the user UART of such modules: each product
 * gets its own with the vendor's tool. What is spoken here is the sample product's (docs/devices/voice-modules.md).
 */
export { FrameScanner } from './frame-scanner.ts';
export type { Scanned } from './frame-scanner.ts';
export { userFrame } from './user-frame.ts';
export { VoiceModule } from './voice-module.ts';
export type { VoiceModuleKind } from './voice-module.ts';
export { VoiceCore } from './voice-core.ts';
export type { VoiceOptions } from './voice-core.ts';
