/**
 * Options that all hosts of a station have in common. The terminal reads them from its command line, the desktop from
 * switches or the environment.
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
