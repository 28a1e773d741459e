import type { FaultDictionary } from './fault-dictionary.ts';
import { documentFaultsZhCN } from './document-faults.zh-cn.ts';
import { firmwareFaultsZhCN } from './firmware-faults.zh-cn.ts';
import { labelFaultsZhCN } from './label-faults.zh-cn.ts';
import { otaFaultsZhCN } from './ota-faults.zh-cn.ts';
import { provisioningFaultsZhCN } from './provisioning-faults.zh-cn.ts';
import { instrumentFaultsZhCN } from './instrument-faults.zh-cn.ts';

export const faultsZhCN: FaultDictionary = {
  'bad-input': { message: '这个内容在这里无效。', action: '请检查后再试一次。' },
  'not-found': { message: '没有这条记录。', action: '它可能已被移除，或地址有误。请返回列表再选。' },
  forbidden: { message: '您的角色不能做这一步。', action: '请用有权限的用户登录，或请有权限的人来做。' },
  'serial-blank': { message: '没有扫到序列号。', action: '请对准产品上的条码，再扫一次。' },
  'serial-malformed': {
    message: '这不是本产品的序列号。',
    action: '请扫产品标签上的序列号，不要扫包装或别的条码。',
    more: '正确的样子：{example}',
  },
  'serial-passed': { message: '这个产品已经测试合格。', action: '不用再测。请放到合格区，取下一个。' },
  'serial-void': {
    message: '这个产品的身份已经作废。',
    action: '不要放到合格区，请送到返修台。',
    more: '作废的身份：{deviceName}',
  },
  'serial-running': {
    message: '这个序列号正在测试。',
    action: '请检查是不是扫错了产品。',
    more: '它在治具位 {slot}。',
  },
  'batch-missing': { message: '还没有选择批次。', action: '请先选择批次，再扫一次。' },
  'batch-complete': { message: '本批次已经做完。', action: '请按 F2 选择下一个批次。' },
  'recipe-invalid': {
    message: '这份工艺有错误，不能使用。',
    action: '请联系工程师。',
    more: '{file}[ 第 {line} 行]：{reason}',
  },
  'recipe-files-invalid': {
    message: '这不能作为工艺的文件。',
    action: '什么都没有改变。请按原因选择其他文件，或换一个名称。',
    more: '原因：{reason}。',
  },
  'recipe-state': {
    message: '这个工艺版本现在不能这样做。',
    action: '请在工艺列表里看它的状态，改用别的版本。',
  },
  'recipe-version-taken': {
    message: '这个版本号已经锁定了另一份内容。',
    action: '请把工艺的版本号改高，保存后再锁定。',
  },
  'dry-run-busy': {
    message: '已经有一次试跑在进行。',
    action: '请等它结束，或先取消它。',
  },
  'draft-changed': {
    message: '这份草稿刚刚被别人保存过。',
    action: '请对比两份内容，再选择保留哪一份。不会丢失任何内容。',
  },
  'recipe-changed': { message: '工艺和锁定时不一样了。', action: '什么都没有开始，请联系工程师。' },
  'csv-invalid': { message: '表格有错误，什么都没有导入。', action: '请按技术信息里的行号改正后再导入。' },
  'backup-invalid': {
    message: '这个文件不是工位的备份，或已损坏。',
    action: '本工位的数据不受影响。请选择别的备份。',
  },
  'file-empty': { message: '文件是空的。', action: '请选择别的文件，或重新获取这个文件。' },
  'qr-too-long': { message: '内容太长，二维码放不下。', action: '请联系工程师缩短内容。' },
  'label-impossible': {
    message: '这个产品的标签做不出来。',
    action: '请把产品单独放好，联系工程师：序列号或产品名称里有标签打印不了的内容。',
  },
  'attachment-refused': {
    message: '这个文件不能作为附件保存。',
    action: '请把产品放到一边，联系工程师：技术信息说明了文件有什么问题。',
    more: '{name}',
  },
  'slot-unknown': { message: '没有这个治具位。', action: '请扫本工位卡片上的治具位条码。' },
  'slot-busy': { message: '治具位正在使用。', action: '请等测试结束，或换一个治具位。' },
  'slot-unacknowledged': {
    message: '上一个结果还没有确认。',
    action: '请先看结果，按空格键确认，再扫一次。',
  },
  'pin-wrong': {
    message: 'PIN 码不对。',
    action: '请再输入一次。',
    more: '还可以试 {attemptsLeft} 次，之后需要等待。',
  },
  'pin-short': { message: '这个 PIN 码太短了，不能再用。', action: '请设置新的 PIN 码，至少六位。' },
  'approver-refused': {
    message: '这个用户不能批准这次操作。',
    action: '需要第二个人批准：本工位的支持人员或工程师，不能是您自己，并输入批准人自己的 PIN 码。',
  },
  'badge-unknown': {
    message: '这张工牌不属于本工位的任何用户。',
    action: '请用姓名和 PIN 码登录，或请工程师把工牌登记给您。',
  },
  'badge-taken': {
    message: '这张工牌已登记给另一位用户。',
    action: '请先从那位用户名下移除，或扫另一张工牌。',
  },
  'last-engineer': {
    message: '这是最后一位能登录的工程师。',
    action: '请先添加另一位工程师，否则没有人能管理本工位。',
  },
  'not-at-computer': {
    message: '只能在工位自己的电脑上做这一步。',
    action: '请在那台电脑上打开工位页面。',
  },
  'already-set-up': {
    message: '本工位已经有用户了。',
    action: '请登录；工程师可以添加其他用户。',
  },
  'reset-code-wrong': {
    message: '这不是文件里的代码，或者代码已经失效。',
    action: '请与文件核对。如果还不行，请重新获取代码。',
  },
  'reset-code-wait': {
    message: '写出的代码太多，都没有使用。',
    action: '请稍等，再要一个代码；或用命令 gongwei user pin 设置 PIN 码。',
    more: '{seconds} 秒后可重试',
  },
  'real-data': {
    message: '这条演示产线里有不属于演示的数据。',
    action: '请先保存需要的数据，并在这里移除；没有删除任何内容。',
  },
  'pin-locked': {
    message: 'PIN 码输错次数太多。',
    action: '请稍等再试。如果忘了，请工程师重新设置。',
    more: '{seconds} 秒后可再试',
  },

  'device-silent': {
    message: '产品没有应答。',
    action: '请检查产品是否放好、压紧、通电，再测一次。仍不应答，放到不良区。',
  },
  'device-rejected': {
    message: '产品拒绝了指令。',
    action: '请放到不良区，交给维修。',
    more: '它说：“{said}”',
  },
  'device-unreadable': {
    message: '收到产品的数据，但无法识别。',
    action: '请检查触点，再测一次。连续几个都这样，请工程师检查波特率、地线和极性。',
  },
  'device-garbled': {
    message: '产品的应答不完整。',
    action: '请检查触点是否干净、压紧，再测一次。仍然这样，放到不良区。',
  },
  'echo-changed': {
    message: '发出的数据返回时有变化。',
    action: '请再测一次。连续几个都这样，请工程师检查：总线上是否有两台设备同时发送，接线和波特率是否正确。',
  },
  'echo-missing': {
    message: '发出的数据没有返回。',
    action: '请检查转换器和线缆。仍然这样，请联系工程师：工艺文件写明本线路会返回发出的数据（echo）。',
  },
  'read-back-mismatch': {
    message: '写进去的身份读出来不一样。',
    action: '请不要放行。放到不良区，交给支持人员。',
  },
  'device-locked': {
    message: '产品的芯片已锁定，不能写入闪存。',
    action: '请交给支持人员：它以前已被锁定，或者是另一种产品。',
  },
  'flash-mismatch': {
    message: '闪存里的内容与写入的不一样。',
    action: '请再测一次。仍然这样，放到不良区。',
    more: '扇区 {sector} 重写后内容仍然不对：这块闪存是坏的。',
  },
  'flash-unreadable': {
    message: '产品的存储器不能用来存放身份。',
    action: '重新烧录固件。仍然这样，交给支持人员。',
  },
  'limit-exceeded': {
    message: '测量值超出限值。',
    action: '请放到不良区。',
    more: '{measurement}：{value}（限值 {limits}）',
  },
  'not-online': {
    message: '产品没有连上云端。',
    action: '请再测一次。如果连续几个都这样，请检查网络并联系工程师。',
  },
  'ble-unseen': {
    message: '收不到产品的蓝牙信号。',
    action: '请检查产品是否放好、通电，再测一次。仍收不到，放到不良区。',
  },
  'ble-lost': { message: '与产品的蓝牙连接断开。', action: '请再测一次。再次断开，放到不良区。' },

  'identity-conflict': {
    message: '产品里的身份和记录不一致。',
    action: '请单独放好，贴上标记，交给支持人员。不要再测。',
  },
  'identity-in-doubt': {
    message: '这个产品的身份待确认。',
    action: '请把它放回治具再测一次，工位会自己核对。',
  },
  'serial-conflict': {
    message: '序列号和产品对不上。',
    action: '请检查标签是否贴错。确认没有扫错，就交给支持人员。',
    more: '记录里这个产品是 {known}。',
  },
  'unit-on-two-slots': {
    message: '两个治具位读到同一个产品。',
    action: '请检查治具的线有没有接错，再测一次。',
  },
  cancelled: { message: '测试被停止。', action: '需要时，请重新扫描再测。' },
  timeout: { message: '超过规定时间，没有做完。', action: '请再测一次。如果又超时，请联系工程师。' },
  disconnected: {
    message: '页面和工位的连接断了。',
    action:
      '本页会自动尝试重新连接；如果 Gongwei 重新启动过，请打开新链接。连上后先看屏幕上的状态，没做成的再做一次。',
  },
  interrupted: { message: '测试到一半，工位停过。', action: '请把同一个产品放回治具，再测一次。' },
  'prompt-none': { message: '现在没有治具位在等这个回答。', action: '请看蓝色治具位在问什么，再回答一次。' },
  'scan-repeated': {
    message: '同一个码读了两次，只算一次。',
    action: '如果确实要再用一次，请先把扫码枪移开几秒。',
    more: '要移开 {seconds} 秒。[第一次用在治具位 {slot}。]',
  },
  'scan-unended': {
    message: '扫码枪末尾没有发回车，这次不算。',
    action: '请联系工程师，把扫码枪的后缀设为回车（CR）。',
  },
  'answer-too-soon': {
    message: '还没来得及看到问题，这次不算。',
    action: '请看清治具位在问什么，再回答。',
  },
  'prompt-unanswered': { message: '操作员未及时确认。', action: '有人在时，请重新开始这个产品。' },
  'script-failed': { message: '测试脚本有错误。', action: '请把产品放到一边，联系工程师。' },

  'port-missing': {
    message: '找不到治具位的串口。',
    action: '请检查 USB 线是否插好、治具是否通电。',
    more: '串口 {port}',
  },
  'port-busy': {
    message: '串口被别的程序占用。',
    action: '请关闭其他串口工具；还是这样，请联系工程师。',
    more: '串口 {port}[：{holder}]',
  },
  'port-denied': { message: '没有权限使用串口。', action: '请联系工程师。', more: '串口 {port}' },
  'port-lost': { message: '串口突然断开。', action: '请检查 USB 线和插头，再测一次。', more: '串口 {port}' },
  'ble-ambiguous': {
    message: '有两个产品的蓝牙都像是这一个。',
    action: '请把其他产品拿离工装，再测一次。仍是这样，请联系工程师。',
  },
  'ble-missing': {
    message: '找不到蓝牙适配器。',
    action: '请检查蓝牙适配器是否插好，再测一次。仍不行，请联系工程师。',
  },
  'ble-off': { message: '蓝牙没有打开。', action: '请在电脑设置里打开蓝牙，再测一次。' },
  'ble-denied': { message: '没有权限使用蓝牙。', action: '请联系工程师。' },
  ...documentFaultsZhCN,
  ...firmwareFaultsZhCN,
  ...instrumentFaultsZhCN,
  ...provisioningFaultsZhCN,
  ...otaFaultsZhCN,
  ...labelFaultsZhCN,
  'pool-empty': {
    message: '三元组用完了。',
    action: '请联系工程师领取三元组。',
    more: '池里的 {bound} 个已指定给别的产品',
  },
  'update-unreachable': {
    message: '读不到更新来源。',
    action: '请检查地址或文件夹，以及网络。',
    more: '{place}',
  },
  'update-invalid': {
    message: '更新文件不对，不会安装。',
    action: '请重新下载。仍是这样，请联系发布更新的人。',
    more: '{file}',
  },
  'update-older': {
    message: '这个版本不比正在运行的新。',
    action: '旧程序读不了新程序的数据。请选择更新的版本。',
    more: '来源 {version}，正在运行 {running}',
  },
  'registry-unreachable': {
    message: '连不上设备注册中心。',
    action: '数据会自动补传。需要注册中心的测试，请等它恢复后再测。长时间不恢复，请通知工程师。',
  },
  'registry-untrusted': {
    message: '连接到的不是本工位认可的设备注册中心。',
    action: '没有向对方发送任何内容，数据没有丢失。请联系工程师。',
    more: '{place}',
  },
  'registry-refused': { message: '设备注册中心没有接受。', action: '数据没有丢。请联系支持人员。' },
  'not-configured': { message: '工位还没有配置好。', action: '请联系工程师。' },
  'data-busy': { message: '数据正被另一个 Gongwei 使用。', action: '请关闭另一个 Gongwei 窗口，再试一次。' },
  'station-closing': {
    message: '工位正在关闭并重新打开。',
    action: '什么都没有开始。请等工位重新打开后再操作。',
  },
  'disk-full': { message: '磁盘满了，不能再记录。', action: '请停止生产，联系工程师。' },
  'disk-read-only': {
    message: '磁盘是只读的，无法写入。',
    action: '请停止生产，联系工程师；不要恢复备份，数据没有损坏。',
  },
  'disk-failing': { message: '磁盘读写出错。', action: '请停止生产，联系工程师检查磁盘；先不要恢复备份。' },
  'file-missing': { message: '找不到文件。', action: '请联系工程师。', more: '{path}' },
  'file-denied': { message: '没有权限使用文件。', action: '请联系工程师。', more: '{path}' },

  'database-corrupt': { message: '数据文件损坏。', action: '请停止生产，不要关机，联系支持人员。' },
  'database-future': { message: '数据来自更新版本的 Gongwei。', action: '请联系工程师升级本工位。' },
  'ledger-violation': { message: '身份记录自相矛盾。', action: '请停止生产，联系支持人员。' },
  'secret-unreadable': { message: '三元组的密钥读不出来。', action: '请联系工程师。' },

  internal: {
    message: 'Gongwei 出了问题。',
    action: '请再试一次；还是这样，请联系支持人员。',
    more: '编号 {correlationId}',
  },
};
