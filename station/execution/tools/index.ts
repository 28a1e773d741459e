/** Programs of other vendors that recipes run: the list of those that may run, and how one runs. */
export { toolHandlers } from './handlers.ts';
export { runTool, type ToolEnd, ToolFolder } from './run-tool.ts';
export { readTools, type Tool, Tools } from './tools.ts';
