import { createHash } from 'node:crypto';

const STYLE = `
body { margin: 12vh auto; max-width: 640px; padding: 0 24px; font: 17px/1.6 system-ui, 'Noto Sans CJK SC', sans-serif; }
h1 { font-size: 26px; line-height: 1.3; margin: 0 0 12px; }
hr { margin: 32px 0; border: 0; border-top: 1px solid; opacity: 0.25; }
kbd, code { padding: 1px 7px; border: 1px solid; border-radius: 6px; font: 15px ui-monospace, monospace; }
`;

/** The page has nothing but its own style, which is allowed by its hash. */
export const REFUSAL_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

/** What a person reads who has opened an address of the kiosk that lets nobody in: a used link, a session that is over. */
export const REFUSAL_PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>工位 Gongwei</title>
<style>${STYLE}</style>
</head>
<body>
<h1>此页面已不能再打开工位</h1>
<p>链接只能打开一次；工位重新启动后，原来的页面也会失效。关闭页面不会停止测试。</p>
<p>请重新获取链接：在运行工位的终端按 <kbd>l</kbd>，或者执行 <code>gongwei kiosk link</code>。</p>
<hr>
<div lang="en">
<h1>This page no longer opens the station</h1>
<p>A link works once, and a station that was started again knows no page from before. Closing a page stops no test.</p>
<p>Get a new link: press <kbd>l</kbd> at the terminal where the station runs, or run <code>gongwei kiosk link</code>.</p>
</div>
</body>
</html>
`;
