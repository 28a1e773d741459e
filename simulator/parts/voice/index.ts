/**
 * Recognition, words, output pin and frames of a voice module. The user UART of such modules has no public format: each
 * product defines its own with the vendor's tool. This is the sample product's (docs/devices/voice-modules.md).
 */
export { FrameScanner } from './frame-scanner.ts';
export type { Scanned } from './frame-scanner.ts';
export { userFrame } from './user-frame.ts';
export { VoiceModule } from './voice-module.ts';
export type { VoiceModuleKind } from './voice-module.ts';
export { VoiceCore } from './voice-core.ts';
export type { VoiceOptions } from './voice-core.ts';
