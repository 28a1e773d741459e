import { createHash } from 'node:crypto';

const STYLE = `
body { margin: 12vh auto; max-width: 680px; padding: 0 24px; font: 17px/1.6 system-ui, 'Noto Sans CJK SC', sans-serif; }
h1 { font-size: 26px; line-height: 1.3; margin: 0 0 12px; }
hr { margin: 32px 0; border: 0; border-top: 1px solid; opacity: 0.25; }
kbd, code { padding: 1px 7px; border: 1px solid; border-radius: 6px; font: 15px/1.5 ui-monospace, monospace; }
code { display: block; margin-top: 8px; padding: 8px 12px; overflow-wrap: anywhere; }
`;

/** Allows only the page's own style, by its hash. */
export const REFUSAL_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
].join('; ');

/**
 * The page for a person who has opened an address that does not open the station: a used or incomplete link, a second browser,
 * a session from before the last start. It contains no secret.
 *
 * @param linkCommand the command that prints a new link
 */
export function refusalPage(linkCommand = 'gongwei kiosk link'): string {
  const command = `<code>${escapeHtml(linkCommand)}</code>`;
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>工位 Gongwei</title>
<style>${STYLE}</style>
</head>
<body>
<h1>用这个地址打不开工位</h1>
<p>每个链接只能在一个浏览器里打开一次。链接不完整、已经用过，或者工位重新启动过，都会看到本页。已记录的结果都在；关闭页面不会停止测试。</p>
<p>请获取新链接：在运行工位的终端按 <kbd>l</kbd>，或者用同一个系统用户执行：${command}</p>
<p><a href="/">重试</a>（已在本浏览器打开新链接时）</p>
<hr>
<div lang="en">
<h1>This address does not open the station</h1>
<p>A link works once, in one browser. You see this page when the link is incomplete or was used already, or when the station was started again. Recorded results are safe; closing a page stops no test.</p>
<p>Get a new link: press <kbd>l</kbd> at the terminal where the station runs, or run as the same user of this computer: ${command}</p>
<p><a href="/">Try again</a> (when this browser has opened a new link)</p>
</div>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
}
