/** The words of menu, tray and notifications. The page has its own. */
const WORDS = {
  'zh-CN': {
    file: '文件',
    line: '生产窗口',
    office: '办公窗口',
    print: '打印…',
    closeWindow: '关闭窗口',
    quit: '退出 Gongwei',
    edit: '编辑',
    undo: '撤销',
    redo: '重做',
    cut: '剪切',
    copy: '复制',
    paste: '粘贴',
    selectAll: '全选',
    view: '显示',
    zoomIn: '放大',
    zoomOut: '缩小',
    resetZoom: '实际大小',
    fullScreen: '全屏',
    window: '窗口',
    poolLowTitle: '三元组快用完了',
    poolLowBody: '型号 {productId} 还剩 {available} 个，请补充。',
    diskLowTitle: '磁盘空间不足',
    diskLowBody: '请清理空间，磁盘写满后产线会停止。',
    importDone: '固件已导入',
    importFailed: '固件没有导入',
    uploadDone: '固件已上传',
    uploadFailed: '固件没有上传',
  },
  en: {
    file: 'File',
    line: 'Line window',
    office: 'Office window',
    print: 'Print…',
    closeWindow: 'Close window',
    quit: 'Quit Gongwei',
    edit: 'Edit',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    selectAll: 'Select all',
    view: 'View',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    resetZoom: 'Actual size',
    fullScreen: 'Full screen',
    window: 'Window',
    poolLowTitle: 'Triples are running out',
    poolLowBody: 'Product {productId} has {available} left. Get more.',
    diskLowTitle: 'The disk is nearly full',
    diskLowBody: 'Free some space: the line stops when the disk is full.',
    importDone: 'The firmware was imported',
    importFailed: 'The firmware was not imported',
    uploadDone: 'The firmware was uploaded',
    uploadFailed: 'The firmware was not uploaded',
  },
} as const;

export type DesktopLanguage = keyof typeof WORDS;
export type DesktopWords = Readonly<Record<keyof (typeof WORDS)['en'], string>>;

export function desktopWords(language: DesktopLanguage): DesktopWords {
  return WORDS[language];
}

/** The language of an operating system's locale: Chinese or English. */
export function languageOfLocale(locale: string): DesktopLanguage {
  return locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}
