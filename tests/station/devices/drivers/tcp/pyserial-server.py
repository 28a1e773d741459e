"""A serial server of pyserial around a looped port: prints its address, then each change of a setting."""
import socket
import sys

import serial
import serial.rfc2217


class Connection:
    def __init__(self, connected):
        self.connected = connected

    def write(self, data):
        self.connected.sendall(data)


def state(port):
    return {
        "baud": port.baudrate,
        "bits": port.bytesize,
        "parity": port.parity,
        "stop": port.stopbits,
        "dtr": int(port.dtr),
        "rts": int(port.rts),
        "break": int(port.break_condition),
    }


listener = socket.create_server(("127.0.0.1", 0))
print("port", listener.getsockname()[1], flush=True)
connected, _ = listener.accept()
port = serial.serial_for_url("loop://", timeout=0)
before = state(port)
manager = serial.rfc2217.PortManager(port, Connection(connected))
while data := connected.recv(1024):
    for byte in manager.filter(data):
        port.write(byte)
    now = state(port)
    for name, value in now.items():
        if before[name] != value:
            print(name, value, flush=True)
    before = now
    looped = port.read(port.in_waiting)
    if looped:
        connected.sendall(b"".join(manager.escape(looped)))
sys.exit(0)
