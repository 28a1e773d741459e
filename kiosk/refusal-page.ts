/** What a person reads who has opened an address of the kiosk that lets nobody in: a used link, a session that is over. */
export const REFUSAL_PAGE = `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>工位 Gongwei</title>
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
