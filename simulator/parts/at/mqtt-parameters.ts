/** The parameters of the last `AT+TCMQTTCONN`. */
export interface MqttParameters {
  readonly timeoutMs: number;
  readonly keepAliveS: number;
  readonly cleanSession: boolean;
  readonly reconnect: boolean;
}
