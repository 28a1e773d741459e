/**
 * This module is for what a person may tell a host about its station, whichever host it is: defined once, read from a
 * command line by the terminal and from switches or the environment by the desktop.
 */
export { closeInspector } from './close-inspector.ts';
export { defaultDataDir } from './data-dir.ts';
export { quoteArgument } from './quote-argument.ts';
export {
  HOST_OPTIONS,
  hostEnvironment,
  type HostOptions,
  readHostOptions,
  SAMPLE_LINE_VARIABLE,
  slotsOf,
} from './host-options.ts';
