import type { FaultDictionary } from './fault-dictionary.ts';

export const faultsZhCN: FaultDictionary = {
  'bad-input': { what: '这个内容在这里无效。', todo: '请检查后再试一次。' },
  'not-found': { what: '找不到要的内容。', todo: '请再试一次；还是这样，请联系工程师。' },
  forbidden: { what: '操作员不能做这一步。', todo: '请让支持人员或工程师来做。' },
  'serial-blank': { what: '没有扫到序列号。', todo: '请对准产品上的条码，再扫一次。' },
  'serial-malformed': {
    what: '这不是本产品的序列号。',
    todo: '请扫产品标签上的序列号，不要扫包装或别的条码。',
    more: '正确的样子：{example}',
  },
  'serial-passed': { what: '这个产品已经测试合格。', todo: '不用再测。请放到合格区，取下一个。' },
  'serial-running': {
    what: '这个序列号正在测试。',
    todo: '请检查是不是扫错了产品。',
    more: '它在治具位 {slot}。',
  },
  'batch-missing': { what: '还没有选择批次。', todo: '请先选择批次，再扫一次。' },
  'batch-complete': { what: '本批次已经做完。', todo: '请按 F2 选择下一个批次。' },
  'recipe-invalid': { what: '这份工艺有错误，不能使用。', todo: '请联系工程师。' },
  'recipe-changed': { what: '工艺和锁定时不一样了。', todo: '什么都没有开始，请联系工程师。' },
  'csv-invalid': { what: '表格有错误，什么都没有导入。', todo: '请按技术信息里的行号改正后再导入。' },
  'firmware-invalid': {
    what: '这个固件包不能使用。',
    todo: '什么都没有导入。原因见技术信息，请重新取得固件包。',
  },
  'qr-too-long': { what: '内容太长，二维码放不下。', todo: '请联系工程师缩短内容。' },
  'label-impossible': {
    what: '这个产品的标签做不出来。',
    todo: '请把产品单独放好，联系工程师：序列号或产品名称里有标签打印不了的内容。',
  },
  'slot-unknown': { what: '没有这个治具位。', todo: '请扫本工位卡片上的治具位条码。' },
  'slot-busy': { what: '治具位正在使用。', todo: '请等测试结束，或换一个治具位。' },
  'slot-unacknowledged': { what: '上一个结果还没有确认。', todo: '请先看结果，按空格键确认，再扫一次。' },
  'pin-wrong': { what: 'PIN 码不对。', todo: '请再输入一次。' },
  'pin-short': { what: '这个 PIN 码太短了，不能再用。', todo: '请设置新的 PIN 码，至少六位。' },
  'approver-refused': {
    what: '这个人不能批准这次操作。',
    todo: '需要第二个人批准：本工位的支持人员或工程师，不能是您自己，并输入批准人自己的 PIN 码。',
  },
  'pin-locked': {
    what: 'PIN 码输错次数太多。',
    todo: '请稍等再试。如果忘了，请工程师重新设置。',
    more: '{seconds} 秒后可再试',
  },

  'device-silent': {
    what: '产品没有应答。',
    todo: '请检查产品是否放好、压紧、通电，再测一次。仍不应答，放到不良区。',
  },
  'device-rejected': {
    what: '产品拒绝了指令。',
    todo: '请放到不良区，交给维修。',
    more: '它说：“{said}”',
  },
  'device-unreadable': {
    what: '收到产品的数据，但无法识别。',
    todo: '请检查触点，再测一次。连续几个都这样，请工程师检查波特率、地线和极性。',
  },
  'device-garbled': {
    what: '产品的应答不完整。',
    todo: '请检查触点是否干净、压紧，再测一次。仍然这样，放到不良区。',
  },
  'echo-changed': {
    what: '发出的数据返回时有变化。',
    todo: '请再测一次。连续几个都这样，请工程师检查：总线上是否有两台设备同时发送，接线和波特率是否正确。',
  },
  'echo-missing': {
    what: '发出的数据没有返回。',
    todo: '请检查转换器和线缆。仍然这样，请联系工程师：工艺文件写明本线路会返回发出的数据（echo）。',
  },
  'read-back-mismatch': {
    what: '写进去的身份读出来不一样。',
    todo: '请不要放行。放到不良区，交给支持人员。',
  },
  'limit-exceeded': {
    what: '测量值超出限值。',
    todo: '请放到不良区。',
    more: '{measurement}：{value}（限值 {limits}）',
  },
  'not-online': {
    what: '产品没有连上云端。',
    todo: '请再测一次。如果连续几个都这样，请检查网络并联系工程师。',
  },
  'ble-unseen': {
    what: '收不到产品的蓝牙信号。',
    todo: '请检查产品是否放好、通电，再测一次。仍收不到，放到不良区。',
  },
  'ble-lost': { what: '与产品的蓝牙连接断开。', todo: '请再测一次。再次断开，放到不良区。' },

  'identity-conflict': {
    what: '产品里的身份和记录不一致。',
    todo: '请单独放好，贴上标记，交给支持人员。不要再测。',
  },
  'identity-in-doubt': { what: '这个产品的身份待确认。', todo: '请把它放回治具再测一次，工位会自己核对。' },
  'serial-conflict': {
    what: '序列号和产品对不上。',
    todo: '请检查标签是否贴错。确认没有扫错，就交给支持人员。',
  },
  'unit-on-two-slots': { what: '两个治具位读到同一个产品。', todo: '请检查治具的线有没有接错，再测一次。' },
  cancelled: { what: '测试被停止。', todo: '需要时，请重新扫描再测。' },
  timeout: { what: '超过规定时间，没有做完。', todo: '请再测一次。如果又超时，请联系工程师。' },
  disconnected: {
    what: '页面和工位的连接断了。',
    todo: '会自动重新连接。连上后先看屏幕上的状态，没做成的再做一次。',
  },
  interrupted: { what: '测试到一半，工位停过。', todo: '请把同一个产品放回治具，再测一次。' },
  'prompt-none': { what: '现在没有治具位在等这个回答。', todo: '请看蓝色治具位在问什么，再回答一次。' },
  'scan-repeated': {
    what: '同一个码读了两次，只算一次。',
    todo: '如果确实要再用一次，请先把扫码枪移开几秒。',
    more: '要移开 {seconds} 秒。[第一次用在治具位 {slot}。]',
  },
  'scan-unended': {
    what: '扫码枪末尾没有发回车，这次不算。',
    todo: '请联系工程师，把扫码枪的后缀设为回车（CR）。',
  },
  'answer-too-soon': {
    what: '还没来得及看到问题，这次不算。',
    todo: '请看清治具位在问什么，再回答。',
  },
  'prompt-unanswered': { what: '没有人及时回答提问。', todo: '有人在时，请重新开始这个产品。' },
  'script-failed': { what: '测试脚本有错误。', todo: '请把产品放到一边，联系工程师。' },

  'port-missing': {
    what: '找不到治具位的串口。',
    todo: '请检查 USB 线是否插好、治具是否通电。',
    more: '串口 {port}',
  },
  'port-busy': {
    what: '串口被别的程序占用。',
    todo: '请关闭其他串口工具；还是这样，请联系工程师。',
    more: '串口 {port}[：{holder}]',
  },
  'port-denied': { what: '没有权限使用串口。', todo: '请联系工程师。', more: '串口 {port}' },
  'port-lost': { what: '串口突然断开。', todo: '请检查 USB 线和插头，再测一次。', more: '串口 {port}' },
  'ble-missing': {
    what: '找不到蓝牙适配器。',
    todo: '请检查蓝牙适配器是否插好，再测一次。仍不行，请联系工程师。',
  },
  'ble-off': { what: '蓝牙没有打开。', todo: '请在电脑设置里打开蓝牙，再测一次。' },
  'ble-denied': { what: '没有权限使用蓝牙。', todo: '请联系工程师。' },
  'pool-empty': {
    what: '三元组用完了。',
    todo: '请联系工程师领取三元组。',
    more: '池里的 {bound} 个已指定给别的产品',
  },
  'registry-unreachable': {
    what: '连不上设备注册中心。',
    todo: '可以继续生产，数据会自动补传。长时间不恢复，请通知工程师。',
  },
  'registry-untrusted': {
    what: '连接到的不是本工位认可的设备注册中心。',
    todo: '没有向对方发送任何内容，数据没有丢失。请联系工程师。',
    more: '{place}',
  },
  'registry-refused': { what: '设备注册中心没有接受。', todo: '数据没有丢。请联系支持人员。' },
  'not-configured': { what: '工位还没有配置好。', todo: '请联系工程师。' },
  'data-busy': { what: '数据正被另一个 Gongwei 使用。', todo: '请关闭另一个 Gongwei 窗口，再试一次。' },
  'disk-full': { what: '磁盘满了，不能再记录。', todo: '请停止生产，联系工程师。' },
  'disk-read-only': {
    what: '磁盘是只读的，无法写入。',
    todo: '请停止生产，联系工程师；不要恢复备份，数据没有损坏。',
  },
  'disk-failing': { what: '磁盘读写出错。', todo: '请停止生产，联系工程师检查磁盘；先不要恢复备份。' },
  'file-missing': { what: '找不到文件。', todo: '请联系工程师。', more: '{path}' },
  'file-denied': { what: '没有权限使用文件。', todo: '请联系工程师。', more: '{path}' },
  'tool-missing': { what: '缺少需要的程序。', todo: '请联系工程师。' },

  'database-corrupt': { what: '数据文件损坏。', todo: '请停止生产，不要关机，联系支持人员。' },
  'database-future': { what: '数据来自更新版本的 Gongwei。', todo: '请联系工程师升级本工位。' },
  'ledger-violation': { what: '身份记录自相矛盾。', todo: '请停止生产，联系支持人员。' },
  'secret-unreadable': { what: '三元组的密钥读不出来。', todo: '请联系工程师。' },

  internal: {
    what: 'Gongwei 出了问题。',
    todo: '请再试一次；还是这样，请联系支持人员。',
    more: '编号 {correlationId}',
  },
};
