/** The desktop's interface for pages: requests for ports to the station. See `shared/contract/host-bridge.ts`. */
import { contextBridge, ipcRenderer } from 'electron';
import {
  FILE_PORT_MESSAGE,
  HOST_BRIDGE,
  type HostBridge,
  PORT_MESSAGE,
} from '#shared/contract/host-bridge.ts';
import { PAGE_UPLOAD, PAGE_CONNECT, PAGE_FILE_PORT, PAGE_PORT } from '../ipc/channels.ts';

const bridge: HostBridge = {
  connect: () => ipcRenderer.send(PAGE_CONNECT),
  openUploadPort: () => ipcRenderer.send(PAGE_UPLOAD),
};
contextBridge.exposeInMainWorld(HOST_BRIDGE, bridge);

ipcRenderer.on(PAGE_PORT, (event) => {
  const [port] = event.ports;
  if (port !== undefined) window.postMessage(PORT_MESSAGE, '*', [port]);
});
ipcRenderer.on(PAGE_FILE_PORT, (event) => window.postMessage(FILE_PORT_MESSAGE, '*', [...event.ports]));
