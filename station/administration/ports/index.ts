/** The ports of this computer and the slots that are assigned to them, for the page that sets them up. */
export { portHandlers } from './handlers.ts';
