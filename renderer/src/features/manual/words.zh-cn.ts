export const manualZhCN = {
  'manual.title': '使用手册',
  'manual.help': '帮助',
  'manual.chapters': '章节',
  'manual.search': '在手册中查找',
  'manual.nothing': '没有找到。',
  'manual.loading': '正在打开手册…',
  'manual.failed': '手册没有打开。工位恢复连接后再试一次。',
  'manual.back': '返回',
  'manual.print': '打印',
  'manual.card': '指令卡和按键表',
  'manual.cardAbout':
    '用 A4 打印：先是扫码枪可以扫的指令码（二维码和一维码 Code 128），再是产线页面的按键。贴在工位旁边。',
  'manual.slot': '选择治具位 {slot}',
} as const;
