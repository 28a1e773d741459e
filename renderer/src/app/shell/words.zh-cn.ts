/** Words of the shell of the back office. */
export const shellZhCN = {
  'shell.skip': '跳到正文',
  'shell.search': '按序列号、MAC 或 DeviceName 查找产品的测试（按 / 键）',
  'shell.searchHint': '查找产品  /',
  'shell.toOperator': '回到生产页面',
  'shell.print': '打印本页',
  'shell.ownWindow': '在单独的窗口中打开本页',
  'shell.signOut': '退出登录',
  'shell.refused': '“{role}”角色不能使用此页面',
  'shell.refusedAction': '请用有权限的用户登录，或继续使用您自己的页面。',
  'shell.toPage': '前往：{page}',
  'shell.unsaved': '不保存就离开吗？',
  'shell.unsavedAction': '此页面上有未保存的内容，离开后将丢失。',
  'shell.discard': '离开并放弃',
} as const;
