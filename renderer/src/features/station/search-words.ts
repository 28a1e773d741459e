import type { IconName } from '#parts/index.ts';
import type { PlainMessageKey } from '#services/i18n/index.ts';

/**
 * Other words by which people look for a setting, in both languages, by section and setting. The texts of the pages are
 * found without being named here.
 */
export const SEARCH_WORDS: Readonly<Record<string, string>> = {
  'general/name': 'rename hostname 改名 名字 工位号',
  'general/program': 'about version node folder path 版本 关于 目录 路径',
  'registry/address': 'cloud server url host 云 服务器 网址',
  'registry/token': 'password key credential 密码 密钥 口令 凭证',
  'registry/fingerprint': 'tls ssl https sha256 certificate 证书 加密',
  'registry/test': 'ping reach connect 联网 连通 测试',
  'slots/slots': 'fixture position dut jig usb com serial tty 夹具 工装 串口 槽位 插拔',
  'slots/ports': 'usb com com3 serial tty uart rs232 ch340 ftdi cable hub 串口 数据线 集线器 驱动',
  'slots/ble': 'ble hci radio dongle bluetooth 蓝牙 适配器 无线',
  'slots/board': 'relay power lcus numato switch 继电器 供电 电源 通电 控制板',
  'slots/tools': 'run-tool esptool openocd stm32 programmer nrfutil flash program 烧录 下载 程序 工具',
  'printer/printer':
    'print label zebra tsc zpl tspl 9100 cups queue sticker barcode 打印 打印机 标签 条码 斑马',
  'printer/language-of-printer': 'zebra tsc zpl tspl epl 打印 斑马 佳博',
  'printer/label': 'paper size mm dpi gap 打印 纸 尺寸 毫米 标签',
  'printer/printer-state': 'test page paper ribbon 打印 测试页 缺纸 碳带',
  'instruments/instruments':
    'psu dmm scpi power supply multimeter meter visa lan 5025 idn keysight rigol 仪器 电源 万用表 电流 电压 程控',
  'networks/networks':
    'wifi wlan ssid password access point router provisioning hotspot 无线 路由器 热点 密码 配网 上网',
  'quotas/quotas':
    'ble bluetooth limit number units quota licence free extension year mini program 蓝牙 配额 数量 上限 授权 小程序 10 100',
  'line/start': 'scan arrival trigger begin auto 扫码 自动 触发 启动',
  'line/sound': 'beep volume mute speaker alarm 声音 蜂鸣 静音 音量 提示音',
  'line/language': 'chinese english i18n locale 中文 英文 语言',
  'line/theme': 'dark light night colour color appearance 深色 浅色 主题 夜间 外观',
  'storage/age': 'delete cleanup retention old days logs 删除 清理 保留 天数 日志',
  'storage/size': 'delete cleanup disk space full gb 删除 清理 磁盘 空间 已满',
  'storage/keep': 'retention delete 保留 删除',
  'storage/usage': 'disk space full free hdd ssd 磁盘 硬盘 空间 容量',
  'storage/clock': 'time date ntp timezone 时间 日期 时钟 校时',
  'reports/reports':
    'export schedule csv xlsx pdf shift end automatic folder share mes 报告 导出 自动 定时 班次 交班 文件夹 共享',
  'backup/backup': 'save copy export restore disaster 备份 恢复 还原 导出 副本',
  'backup/backup-hours': 'automatic schedule daily 自动 定时 每天',
  'backup/backup-kept': 'retention number delete 保留 份数 删除',
  'backup/backup-folder': 'usb nas share disk directory u盘 共享 目录 另一块磁盘',
  'updates/updates': 'upgrade version new download install 升级 更新 新版本 下载 安装',
  'updates/update-source': 'usb stick share server latest.yml u盘 共享 服务器',
  'doctor/doctor': 'diagnose health problem error check repair fix 诊断 故障 检查 修复 健康',
  'trail/trail': 'log history who when audit 日志 历史 追溯 谁 操作记录',
};

/** Settings that are not on the station page but are looked for here. */
export interface SettingElsewhere {
  readonly id: string;
  readonly title: PlainMessageKey;
  readonly icon: IconName;
  readonly route: string;
  readonly words: string;
}

export const ELSEWHERE: readonly SettingElsewhere[] = [
  {
    id: 'users',
    title: 'users.title',
    icon: 'user',
    route: 'users',
    words:
      'pin password badge card role operator support engineer account login sign in people 密码 工牌 角色 操作员 支持人员 工程师 账号 登录 人员',
  },
  {
    id: 'pool',
    title: 'triples.title',
    icon: 'triple',
    route: 'pool',
    words: 'lease identity secret csv import 三元组 领取 导入 身份 密钥',
  },
  {
    id: 'sync',
    title: 'sync.title',
    icon: 'cloudUp',
    route: 'sync',
    words: 'upload outbox message offline network 上传 发送 消息 离线 网络 同步',
  },
];
