/** All that a page gets from the desktop: a way to ask for a port to the station. See `shared/contract/host-bridge.ts`. */
import { contextBridge, ipcRenderer } from 'electron';
import { HOST_BRIDGE, type HostBridge, PORT_MESSAGE } from '#shared/contract/host-bridge.ts';
import { PAGE_CONNECT, PAGE_PORT } from '../link/channels.ts';

const bridge: HostBridge = {
  connect: () => ipcRenderer.send(PAGE_CONNECT),
};
contextBridge.exposeInMainWorld(HOST_BRIDGE, bridge);

ipcRenderer.on(PAGE_PORT, (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage(PORT_MESSAGE, '*', [port]);
});
