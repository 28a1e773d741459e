/** What the operating system of this process can do. */
export {
  describeSystem,
  type HostSystem,
  hostSystem,
  NO_PTYS_VARIABLE,
  type SystemKind,
} from './host-system.ts';
